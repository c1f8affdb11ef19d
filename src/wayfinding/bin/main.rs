//! `galleria-venue`: checks a map, finds ways on it and draws it.
fn main() {
    let t = std::time::Instant::now();
    let l = wayfinding::venue::load(std::path::Path::new(&std::env::args().nth(1).unwrap())).unwrap();
    println!("load {:?} findings {}", t.elapsed(), l.findings.len());
    for f in l.findings.iter().take(40) {
        println!("{f}");
    }
    let t = std::time::Instant::now();
    let r = wayfinding::route::Router::new(std::sync::Arc::new(l.venue));
    r.prepare();
    println!("networks {:?}", t.elapsed());
    let v = r.venue().clone();
    for k in v.kiosks() {
        for p in wayfinding::route::Profile::ALL {
            let now = chrono::Utc::now().with_timezone(&v.time_zone());
            let t = std::time::Instant::now();
            let tree = r.tree(k, p, now);
            let e = t.elapsed();
            let t = std::time::Instant::now();
            let n = v.places().iter().filter(|p| tree.route_to(&p.id).is_ok()).count();
            println!("{} {p:?} tree {e:?}, {n} of {} routes in {:?}", k.code, v.places().len(), t.elapsed());
        }
    }
}
