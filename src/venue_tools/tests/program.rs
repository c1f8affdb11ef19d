//! Tests of the program on the demo mall: its output and its exit status.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn demo_mall() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")
}

/// The result of a run: exit status, standard output, standard error.
struct Reply {
    status: i32,
    out: String,
    err: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {}\n{}", self.out, self.err))
    }
}

fn galleria_venue(map: &Path, command: &str, arguments: &[&str]) -> Reply {
    let run = Command::new(env!("CARGO_BIN_EXE_galleria-venue"))
        .arg(command)
        .arg(map)
        .args(arguments)
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    Reply { status: run.status.code().unwrap_or(-1), out: text(run.stdout), err: text(run.stderr) }
}

fn at_noon(command: &str, arguments: &[&str]) -> Reply {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--at", "2026-11-18T12:00"]).collect();
    galleria_venue(&demo_mall(), command, &arguments)
}

/// A copy of the demo mall with additional lines in its `venue.toml`.
fn demo_mall_with(lines: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(demo_mall()).unwrap().map(|f| f.unwrap().path()) {
        if file.is_file() {
            std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
        }
    }
    let overlay = folder.path().join("venue.toml");
    let text = std::fs::read_to_string(&overlay).unwrap();
    std::fs::write(&overlay, format!("{text}\n{lines}\n")).unwrap();
    folder
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// The JSON of a route has exactly the documented format.
#[test]
fn route_json_has_the_promised_form() {
    let reply = at_noon("route", &["--from", "K1", "--to", "L2-07", "--lang", "en", "--json"]);
    assert_eq!(reply.status, 0, "{}", reply.err);
    let route = reply.json();
    assert_eq!(keys(&route), ["legs", "length_m", "profile", "steps", "time_s", "warnings"]);
    assert_eq!(route["profile"], "walking");
    assert!(route["length_m"].as_f64().unwrap() > 10.0 && route["time_s"].as_f64().unwrap() > 10.0);
    for leg in route["legs"].as_array().unwrap() {
        assert_eq!(keys(leg), ["mode", "ordinal", "points"]);
        for point in leg["points"].as_array().unwrap() {
            let (longitude, latitude) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
            assert!((longitude - 121.463).abs() < 0.01 && (latitude - 31.2315).abs() < 0.01);
        }
    }
    for step in route["steps"].as_array().unwrap() {
        assert_eq!(keys(step), ["distance_m", "kind", "ordinal", "text"]);
    }
    let modes: Vec<&Value> = route["legs"].as_array().unwrap().iter().map(|l| &l["mode"]).collect();
    assert!(modes.len() > 1 && modes[0] == "walk", "{modes:?}");
}

/// A spot may be a kiosk, an id, a number, a name or a position.
#[test]
fn every_form_of_spot_is_understood() {
    let found = at_noon("nearest", &["clothing", "--from", "K1", "--count", "1", "--json"]);
    let shop = found.json()[0].clone();
    let (id, name) = (shop["id"].as_str().unwrap(), shop["name"].as_str().unwrap());
    let length = |to: &str| {
        let reply = at_noon("route", &["--from", "121.46324202,31.23155296,0", "--to", to, "--json"]);
        assert_eq!(reply.status, 0, "{to}: {}", reply.err);
        reply.json()["length_m"].as_f64().unwrap()
    };
    assert_eq!(length(id), length(name));
    let there = at_noon("route", &["--from", "K1", "--to", id, "--json"]).json();
    assert!((there["length_m"].as_f64().unwrap() - length(id)).abs() < 0.01);
}

/// Bad input exits with 1, and the message says what to do.
#[test]
fn bad_input_exits_with_one() {
    let cases: [(&str, &[&str], &str); 7] = [
        ("route", &["--from", "K1", "--to", "Nowhere at all"], "nothing on the map is called"),
        ("route", &["--from", "K1", "--to", "restroom"], "name one by its id"),
        ("route", &["--from", "1,2,99", "--to", "K1"], "ordinals"),
        ("route", &["--from", "K1"], "--to"),
        ("nearest", &["unicorn", "--from", "K1"], "it knows: restroom"),
        ("route", &["--from", "K1", "--to", "K2", "--profile", "flying"], "choose walking"),
        ("evacuate", &["--from", "Nowhere at all"], "nothing on the map is called"),
    ];
    for (command, arguments, hint) in cases {
        let reply = at_noon(command, arguments);
        assert_eq!(reply.status, 1, "{command} {arguments:?}");
        assert!(reply.err.contains(hint) && reply.out.is_empty(), "{command} {arguments:?}: {}", reply.err);
    }
    let reply = galleria_venue(Path::new("/no/such/mall"), "reach", &[]);
    assert!(reply.status == 1 && reply.err.contains("/no/such/mall"), "{}", reply.err);
}

/// Without a route the exit status is 2; the reason, the missing lifts and the nearest point are on
/// standard output.
#[test]
fn missing_routes_exit_with_two_and_a_reason() {
    let overlay = std::fs::read_to_string(demo_mall().join("venue.toml")).unwrap();
    let first_unit = |line: &str| line.split('"').nth(1).map(str::to_owned);
    let lifts: Vec<String> =
        overlay.lines().filter(|l| l.starts_with("units = ")).filter_map(first_unit).collect();
    assert!(lifts.len() > 3);
    let closures: Vec<String> = lifts.iter().map(|id| format!("[[closure]]\nfeature = \"{id}\"")).collect();
    let mall = demo_mall_with(&closures.join("\n"));
    let arguments = ["--from", "K1", "--to", "L2-07", "--profile", "step-free", "--lang", "en", "--json"];
    let reply = galleria_venue(mall.path(), "route", &arguments);
    assert_eq!(reply.status, 2, "{}", reply.err);
    let answer = reply.json();
    assert_eq!((&answer["error"], &answer["reason"]), (&Value::from("no-route"), &Value::from("closed")));
    let missing = answer["features"].as_array().unwrap();
    assert!(missing.iter().all(|f| f["kind"] == "lift" && f["name"].is_string()), "{missing:?}");
    assert!(missing.iter().all(|f| lifts.iter().any(|l| *l == f["id"])), "{missing:?}");
    assert_eq!(answer["nearest"]["route"]["legs"][0]["mode"], "walk");
    assert!(answer["nearest"]["remaining_m"].as_f64().unwrap() > 0.0);
    let reply = galleria_venue(mall.path(), "route", &arguments[..8]);
    assert_eq!(reply.status, 2);
    assert!(reply.out.contains("missing: lift") && reply.out.contains("nearest: 121.46"), "{}", reply.out);
    let reach = galleria_venue(mall.path(), "reach", &["--profile", "stroller", "--json"]);
    assert_eq!(reach.status, 2);
    let missing = reach.json()["missing"].as_array().unwrap().len();
    assert!(missing > 50, "{missing}");
}

/// Several stops make one route, and the best order is no longer than the given one.
#[test]
fn the_best_order_is_never_longer() {
    let stops =
        ["--from", "K1", "--via", "L2-07", "--via", "B1-02", "--via", "L1-03", "--to", "K2", "--json"];
    let (given, best) =
        (at_noon("route", &stops), at_noon("route", &[&stops[..], &["--best-order"]].concat()));
    assert_eq!((given.status, best.status), (0, 0), "{}{}", given.err, best.err);
    let (given, best) = (given.json(), best.json());
    assert_eq!(keys(&given), keys(&best));
    let arrivals =
        |route: &Value| route["steps"].as_array().unwrap().iter().filter(|s| s["kind"] == "arrive").count();
    assert_eq!((arrivals(&given), arrivals(&best)), (4, 4));
    assert!(best["time_s"].as_f64().unwrap() <= given["time_s"].as_f64().unwrap());
}

/// The nearest places have their time and level, and wheels get accessible ones.
#[test]
fn nearest_places_have_time_and_level() {
    for profile in ["walking", "step-free", "stroller"] {
        let reply = at_noon("nearest", &["restroom", "--from", "K3", "--profile", profile, "--json"]);
        assert_eq!(reply.status, 0, "{}", reply.err);
        let found = reply.json();
        assert_eq!(found.as_array().unwrap().len(), 3);
        assert_eq!(keys(&found[0]), ["category", "closed", "id", "name", "ordinal", "time_s"]);
        assert_eq!(found[0]["ordinal"], 3, "there is one on this level");
    }
    let none = at_noon("nearest", &["prayer", "--from", "K3", "--json"]);
    assert_eq!((none.status, &none.json()["reason"]), (2, &Value::from("none-on-the-map")));
}

/// An evacuation route uses no lift; wheels upstairs learn where to wait.
#[test]
fn wheels_upstairs_are_told_where_to_wait() {
    let reply = at_noon("evacuate", &["--from", "K3", "--json"]);
    assert_eq!(reply.status, 0, "{}", reply.err);
    let out = reply.json();
    assert_eq!(out["safety"]["kind"], "exit");
    let modes = |route: &Value| {
        let legs = route["legs"].as_array().unwrap();
        legs.iter().map(|l| l["mode"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(modes(&out).iter().all(|m| m == "walk" || m == "stairs"), "{:?}", modes(&out));
    let wheels = at_noon("evacuate", &["--from", "K3", "--profile", "step-free", "--json"]).json();
    assert!(modes(&wheels).iter().all(|m| m == "walk"));
    assert_eq!(wheels["safety"]["kind"], "staircase", "the only exits up there have steps behind them");
}

#[test]
fn every_shop_of_the_demo_mall_is_reached() {
    let reply = at_noon("reach", &["--json"]);
    let answer = reply.json();
    assert_eq!((reply.status, answer["missing"].as_array().unwrap().len()), (0, 0), "{answer}");
    assert_eq!(answer["sums"].as_array().unwrap().len(), 9, "three kiosks, three ways of moving");
}

/// A cache changes no answer, and a damaged one is rewritten.
#[test]
fn caches_change_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().to_str().unwrap();
    let ask = |with: &[&str]| {
        at_noon(
            "route",
            &[&["--from", "K1", "--to", "L2-07", "--profile", "step-free", "--json"], with].concat(),
        )
    };
    let (without, first) = (ask(&[]), ask(&["--cache", cache]));
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let (damaged, second) = (ask(&["--cache", cache]), ask(&["--cache", cache]));
    assert_eq!(std::fs::read(&file).unwrap(), whole);
    for reply in [first, damaged, second] {
        assert_eq!((reply.status, &reply.out), (0, &without.out), "{}", reply.err);
    }
}

#[test]
fn help_has_examples_for_every_command() {
    for command in ["route", "nearest", "evacuate", "reach"] {
        let run =
            Command::new(env!("CARGO_BIN_EXE_galleria-venue")).args([command, "--help"]).output().unwrap();
        let text = String::from_utf8(run.stdout).unwrap();
        assert!(run.status.success() && text.contains("Example"), "{command}");
    }
}

/// A reader that closes the pipe early causes no error and changes no exit status.
#[test]
fn closed_pipes_change_no_exit_status() {
    for (arguments, status) in [(&["--json"][..], 0), (&["--from", "K1"][..], 0)] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_galleria-venue"))
            .arg("reach")
            .arg(demo_mall())
            .args(arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // Like `head`, but before the first line.
        drop(run.stdout.take());
        let done = run.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(status));
        assert!(done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}

/// `check` tells programs whether a map may be published.
#[test]
fn check_tells_whether_a_map_is_publishable() {
    let whole = at_noon("check", &["--json"]);
    assert_eq!((whole.status, &whole.json()["publishable"]), (0, &Value::from(true)), "{}", whole.err);
    let broken = demo_mall_with("[[moving_walkway]]\nunit = \"00000000-0000-4000-8000-000000000000\"");
    let reply = galleria_venue(broken.path(), "check", &["--json"]);
    assert_eq!((reply.status, &reply.json()["publishable"]), (1, &Value::from(false)), "{}", reply.err);
    assert_eq!(reply.json()["findings"][0]["rule"], "OverlayFeatureMustExist");
}
