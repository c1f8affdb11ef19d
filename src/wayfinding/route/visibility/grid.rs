//! A grid of edges: which edges a segment may meet.
//!
//! The answer is conservative: it has every edge that the segment meets, and some that it does not.

use crate::geometry::Point;

/// Edges, sorted into the cells that they cross.
pub(super) struct Grid {
    left: f64,
    bottom: f64,
    cell: f64,
    columns: usize,
    rows: usize,
    starts: Vec<u32>,
    edges: Vec<u32>,
}

impl Grid {
    /// A grid over edges, each given by its two ends.
    pub fn new(edges: &[(Point, Point)]) -> Self {
        let (mut left, mut bottom) = (f64::INFINITY, f64::INFINITY);
        let (mut right, mut top) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for (point, _) in edges {
            (left, right) = (left.min(point.x), right.max(point.x));
            (bottom, top) = (bottom.min(point.y), top.max(point.y));
        }
        if edges.is_empty() {
            (left, right, bottom, top) = (0.0, 1.0, 0.0, 1.0);
        }
        let (width, height) = ((right - left).max(1.0), (top - bottom).max(1.0));
        // About one edge a cell, and never more cells than fit into the cache.
        // A plain cast: an estimate.
        let cell = (width * height / edges.len().clamp(16, 40_000) as f64).sqrt().max(0.5);
        let mut grid =
            Self { left, bottom, cell, columns: 0, rows: 0, starts: Vec::new(), edges: Vec::new() };
        (grid.columns, grid.rows) = (grid.column(right) + 1, grid.line(top) + 1);
        let mut cells: Vec<Vec<u32>> = vec![Vec::new(); grid.columns * grid.rows];
        for (index, (from, to)) in edges.iter().enumerate() {
            let index = u32::try_from(index).expect("a level has fewer than 2^32 corners");
            grid.visit(*from, *to, |cell| {
                cells[cell].push(index);
                true
            });
        }
        grid.starts.push(0);
        for cell in &cells {
            grid.edges.extend(cell);
            grid.starts.push(u32::try_from(grid.edges.len()).expect("few edges a cell"));
        }
        grid
    }

    // A plain cast: clamped to the grid.
    fn index(offset: f64, cell: f64, count: usize) -> usize {
        let raw = (offset / cell).floor().max(0.0);
        if count == 0 { raw as usize } else { (raw as usize).min(count - 1) }
    }

    fn column(&self, x: f64) -> usize {
        Self::index(x - self.left, self.cell, self.columns)
    }

    fn line(&self, y: f64) -> usize {
        Self::index(y - self.bottom, self.cell, self.rows)
    }

    /// Visits every cell under a segment, and some beside it, until `each` returns false.
    fn visit(&self, p: Point, q: Point, mut each: impl FnMut(usize) -> bool) -> bool {
        let (low, high) = if p.y <= q.y { (p, q) } else { (q, p) };
        let margin = self.cell * 1e-3;
        // A plain cast: rows are few.
        for row in self.line(low.y - margin)..=self.line(high.y + margin) {
            // The part of the segment within this row, slightly widened against rounding errors.
            let floor = self.bottom + row as f64 * self.cell - margin;
            let ceiling = floor + self.cell + 2.0 * margin;
            let rise = high.y - low.y;
            let at = |y: f64| {
                if rise <= margin {
                    None
                } else {
                    Some(low.x + (high.x - low.x) * ((y - low.y) / rise).clamp(0.0, 1.0))
                }
            };
            let (from, to) = match (at(floor), at(ceiling)) {
                (Some(a), Some(b)) => (a.min(b), a.max(b)),
                _ => (low.x.min(high.x), low.x.max(high.x)),
            };
            for column in self.column(from - margin)..=self.column(to + margin) {
                if !each(row * self.columns + column) {
                    return false;
                }
            }
        }
        true
    }

    fn cell(&self, index: usize) -> &[u32] {
        &self.edges[self.starts[index] as usize..self.starts[index + 1] as usize]
    }

    /// Whether all edges near a segment pass a test. Stops at the first that fails.
    pub fn along(&self, p: Point, q: Point, mut test: impl FnMut(u32) -> bool) -> bool {
        self.visit(p, q, |cell| self.cell(cell).iter().all(|edge| test(*edge)))
    }

    /// The edges that a ray from `p` to the right may cross, each once.
    pub fn row(&self, p: Point) -> impl Iterator<Item = u32> {
        let mut found = Vec::new();
        let end = Point::new(self.left + self.cell * 1e9, p.y);
        if p.y >= self.bottom - self.cell {
            self.visit(p, end, |cell| {
                found.extend_from_slice(self.cell(cell));
                true
            });
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter()
    }
}
