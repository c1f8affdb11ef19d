//! The RustSec advisory database: a folder for each package, with a Markdown file for each advisory, which begins with
//! a block of TOML.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use semver::{Version, VersionReq};
use serde_json::Value;

/// Advisories that do not concern these programs, each with its reason.
const NOT_OURS: [(&str, &str); 0] = [];

/// What the database says about a `Cargo.lock`.
#[derive(Debug)]
pub struct Found {
    /// The number of advisories that were read.
    pub read: usize,
    /// The date of the newest one, which tells how old the copy is.
    pub newest: String,
    pub matches: Vec<Match>,
}

/// An advisory about a version in `Cargo.lock`.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    package: String,
    id: String,
    title: String,
    /// Why it is no vulnerability: `unmaintained`, `unsound`, `notice`.
    informational: Option<String>,
    patched: Vec<String>,
}

impl Match {
    /// Whether it is only to be known: what is unsound is a fault all the same.
    pub fn is_note(&self) -> bool {
        self.informational.as_deref().is_some_and(|kind| kind != "unsound")
    }
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { package, id, title, informational, patched } = self;
        let kind = informational.as_ref().map(|kind| format!(" ({kind})")).unwrap_or_default();
        let help = if patched.is_empty() { "no version mends it".to_owned() } else { patched.join(" or ") };
        write!(f, "{package}: {id}{kind}: {title}; mended: {help}")
    }
}

/// What the database in `folder` says about the packages of a `Cargo.lock`.
///
/// # Errors
/// When the lock file, the folder or an advisory cannot be read.
pub fn about(lock: &str, folder: &Path) -> Result<Found> {
    let crates = folder.join("crates");
    let locked = locked(lock)?;
    let mut found = Found { read: 0, newest: String::new(), matches: Vec::new() };
    for package in entries(&crates)? {
        for file in entries(&package)?.into_iter().filter(|file| file.extension().is_some_and(|e| e == "md"))
        {
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let advisory = front(&text).with_context(|| file.display().to_string())?;
            found.read += 1;
            let date = advisory["advisory"]["date"].as_str().unwrap_or_default();
            found.newest = found.newest.max(date.to_owned());
            found.matches.extend(matches(&advisory, &locked).with_context(|| file.display().to_string())?);
        }
    }
    if found.read == 0 {
        bail!("{} holds no advisory; is it a copy of the advisory database?", crates.display());
    }
    found.matches.sort_by(|a, b| (&a.package, &a.id).cmp(&(&b.package, &b.id)));
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    if folder.is_file() {
        return Ok(Vec::new());
    }
    let read = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    read.map(|entry| Ok(entry?.path())).collect()
}

/// The packages from the registry in a `Cargo.lock`.
fn locked(lock: &str) -> Result<Vec<(String, Version)>> {
    let lock: Value = toml::from_str(lock).context("Cargo.lock")?;
    let packages = lock["package"].as_array().context("Cargo.lock lists no packages")?;
    let from_registry = packages.iter().filter(|package| package["source"].is_string());
    let parsed = from_registry.map(|package| {
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        Ok((text("name"), Version::parse(&text("version"))?))
    });
    parsed.collect()
}

/// The TOML at the beginning of an advisory.
fn front(text: &str) -> Result<Value> {
    let block = text.split_once("```toml").and_then(|(_, rest)| rest.split_once("```"));
    let (block, rest) = block.context("it does not begin with a block of TOML")?;
    let mut advisory: Value = toml::from_str(block)?;
    let title = rest.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
    advisory["title"] = title.into();
    Ok(advisory)
}

fn matches(advisory: &Value, locked: &[(String, Version)]) -> Result<Vec<Match>> {
    let text = |key: &str| advisory["advisory"][key].as_str().map(str::to_owned);
    let id = text("id").context("it has no id")?;
    if text("withdrawn").is_some() || NOT_OURS.iter().any(|(known, _)| *known == id) {
        return Ok(Vec::new());
    }
    let list = |key: &str| -> Vec<String> {
        let all = advisory["versions"][key].as_array().into_iter().flatten();
        all.filter_map(|version| version.as_str().map(str::to_owned)).collect()
    };
    let (package, patched) = (text("package").unwrap_or_default(), list("patched"));
    let harmless: Vec<VersionReq> = patched
        .iter()
        .chain(&list("unaffected"))
        .map(|text| VersionReq::parse(text))
        .collect::<Result<_, _>>()?;
    let hit = |(name, version): &&(String, Version)| {
        // A prerelease is compared with the release that it precedes, or no requirement would fit it.
        let release = Version::new(version.major, version.minor, version.patch);
        *name == package && !harmless.iter().any(|fine| fine.matches(version) || fine.matches(&release))
    };
    let made = |(name, version): &(String, Version)| Match {
        package: format!("{name} {version}"),
        id: id.clone(),
        title: advisory["title"].as_str().unwrap_or_default().to_owned(),
        informational: text("informational"),
        patched: patched.clone(),
    };
    Ok(locked.iter().filter(hit).map(made).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "
[[package]]
name = \"leaky\"
version = \"1.2.3\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"

[[package]]
name = \"asleep\"
version = \"0.1.0\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"

[[package]]
name = \"server\"
version = \"0.1.0\"
";

    fn database(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (package, front) in files {
            let place = folder.path().join("crates").join(package);
            std::fs::create_dir_all(&place).unwrap();
            let name = place.join(format!("RUSTSEC-{}.md", front.len()));
            std::fs::write(name, format!("```toml\n{front}\n```\n\n# It leaks\n\nMuch.\n")).unwrap();
        }
        folder
    }

    fn advisory(package: &str, more: &str) -> String {
        format!(
            "[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"{package}\"\ndate = \"2026-08-21\"\n{more}"
        )
    }

    #[test]
    fn a_version_without_the_patch_is_named() {
        for (versions, hits) in [
            ("[versions]\npatched = [\">= 1.2.4\"]", 1),
            ("[versions]\npatched = [\">= 1.2.3\"]", 0),
            ("[versions]\npatched = []\nunaffected = [\"< 1.3.0\"]", 0),
            ("[versions]\npatched = []", 1),
            ("withdrawn = \"2026-09-01\"\n[versions]\npatched = []", 0),
        ] {
            let folder = database(&[("leaky", &advisory("leaky", versions))]);
            let found = about(LOCK, folder.path()).unwrap();
            assert_eq!((found.read, found.newest.as_str()), (1, "2026-08-21"));
            assert_eq!(found.matches.len(), hits, "{versions}");
        }
        let folder = database(&[("leaky", &advisory("leaky", "[versions]\npatched = [\">= 1.2.4\"]"))]);
        let line = about(LOCK, folder.path()).unwrap().matches[0].to_string();
        assert_eq!(line, "leaky 1.2.3: RUSTSEC-2026-0001: It leaks; mended: >= 1.2.4");
    }

    #[test]
    fn what_is_unmaintained_is_only_a_note() {
        for (kind, is_note) in [("unmaintained", true), ("unsound", false)] {
            let more = format!("informational = \"{kind}\"\n[versions]\npatched = []");
            let folder = database(&[("asleep", &advisory("asleep", &more))]);
            assert_eq!(about(LOCK, folder.path()).unwrap().matches[0].is_note(), is_note, "{kind}");
        }
    }

    #[test]
    fn a_folder_without_advisories_is_no_database() {
        let folder = tempfile::tempdir().unwrap();
        assert!(about(LOCK, folder.path()).is_err());
        std::fs::create_dir(folder.path().join("crates")).unwrap();
        assert!(about(LOCK, folder.path()).unwrap_err().to_string().contains("no advisory"));
    }
}
