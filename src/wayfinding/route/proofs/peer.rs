//! The peer: polyanya on the same area, in its own thread, because its search may never end.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use geo::Polygon;
use polyanya::{Coords, Mesh, Triangulation};
use rustix::time::{ClockId, clock_gettime};

/// The longest wait for one answer. The peer normally needs milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Two points as x and y, in metres.
pub type Pair = [(f64, f64); 2];

/// The answer of the peer for a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// The length of its path in metres, and the processor time it took.
    Way(f64, Duration),
    /// It finds no path.
    None,
    /// It did not answer, or panicked.
    Lost,
}

/// One polygon of floor as a navigation mesh.
pub struct Peer {
    mesh: Arc<Mesh>,
    centre: (f64, f64),
}

impl Peer {
    /// The mesh of a polygon: triangles, merged as far as possible. `None` if it cannot be built.
    pub fn new(polygon: &Polygon<f64>) -> Option<Self> {
        let first = polygon.exterior().0.first()?;
        // Near zero, 32-bit numbers are more precise.
        let centre = (first.x, first.y);
        let polygon = polygon.clone();
        let build = move || {
            let shifted = geo::MapCoords::map_coords(&polygon, |c| {
                let (x, y) = narrow((c.x, c.y), centre);
                geo::Coord { x, y }
            });
            let mut mesh = Triangulation::from_geo_polygon(shifted).as_navmesh();
            while mesh.merge_polygons() {}
            mesh.bake();
            mesh
        };
        let mesh = Arc::new(std::thread::spawn(build).join().ok()?);
        Some(Self { mesh, centre })
    }

    /// Its answers, in the order of the pairs.
    pub fn ask(&self, pairs: &[Pair]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(pairs.len());
        while answers.len() < pairs.len() {
            let rest = pairs[answers.len()..].to_vec();
            let (send, receive) = channel();
            let (mesh, centre) = (self.mesh.clone(), self.centre);
            // If the search hangs or panics, its thread is abandoned and another one continues.
            std::thread::spawn(move || search(&mesh, centre, &rest, &send));
            collect(&receive, pairs.len(), &mut answers);
        }
        answers
    }
}

fn narrow(point: (f64, f64), centre: (f64, f64)) -> (f32, f32) {
    // A plain cast: the peer computes in 32 bits.
    let narrow = |v: f64| v as f32;
    (narrow(point.0 - centre.0), narrow(point.1 - centre.1))
}

fn search(mesh: &Mesh, centre: (f64, f64), pairs: &[Pair], send: &Sender<Answer>) {
    for pair in pairs {
        let [from, to] = pair.map(|p| narrow(p, centre));
        let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
        let before = now();
        let found = mesh.path(Coords::on_mesh(from.into()), Coords::on_mesh(to.into()));
        let took = now() - before;
        let answer = found.map_or(Answer::None, |found| {
            let mut here = from;
            let mut length = 0.0;
            for point in found.path {
                length += f64::from(point.x - here.0).hypot(f64::from(point.y - here.1));
                here = (point.x, point.y);
            }
            Answer::Way(length, took)
        });
        if send.send(answer).is_err() {
            return;
        }
    }
}

fn collect(receive: &Receiver<Answer>, wanted: usize, answers: &mut Vec<Answer>) {
    while answers.len() < wanted {
        let Ok(answer) = receive.recv_timeout(PATIENCE) else {
            answers.push(Answer::Lost);
            return;
        };
        answers.push(answer);
    }
}
