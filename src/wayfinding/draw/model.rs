//! The drawing model: paths and texts in pixels, in the order in which they are painted.
//!
//! The other modules of `draw` make [`Item`]s; `svg` writes them. The model contains no venue data and no
//! metres.

use std::fmt::Write;

use resvg::usvg::fontdb;

use crate::geometry::Point;

use super::Colour;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// A filled or stroked path.
    Path {
        /// In the notation of SVG.
        data: Path,
        paint: Paint,
    },
    /// One line of text, centred on a point.
    Text(Text),
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text {
    pub center: Point,
    pub text: String,
    /// The size of the font, in pixels.
    pub em: f64,
    pub weight: Weight,
    pub colour: Colour,
    /// A rim around the letters that makes them readable on any ground.
    pub halo: Option<Colour>,
    pub turn: f64,
}

/// The weight of a font. Noto has these two for every script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

impl Weight {
    /// The value for the font database.
    pub fn in_fonts(self) -> fontdb::Weight {
        match self {
            Self::Regular => fontdb::Weight::NORMAL,
            Self::Bold => fontdb::Weight::BOLD,
        }
    }
}

/// How a path is painted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Paint {
    pub fill: Option<Colour>,
    pub stroke: Option<Stroke>,
    /// 1 is opaque, 0 is transparent; `None` is 1.
    pub opacity: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    pub colour: Colour,
    pub width: f64,
    /// The lengths of a dash and a gap.
    pub dash: Option<(f64, f64)>,
}

impl Paint {
    pub fn fill(colour: Colour) -> Self {
        Self { fill: Some(colour), ..Self::default() }
    }

    pub fn stroke(colour: Colour, width: f64) -> Self {
        Self { stroke: Some(Stroke { colour, width, dash: None }), ..Self::default() }
    }

    pub fn outlined(self, colour: Colour, width: f64) -> Self {
        Self { stroke: Some(Stroke { colour, width, dash: None }), ..self }
    }

    pub fn dashed(self, dash: f64, gap: f64) -> Self {
        let stroke = self.stroke.map(|s| Stroke { dash: Some((dash, gap)), ..s });
        Self { stroke, ..self }
    }

    pub fn see_through(self, opacity: f64) -> Self {
        Self { opacity: Some(opacity), ..self }
    }
}

/// A path in the notation of SVG, built step by step. Coordinates are in pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Path(String);

impl Path {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn step(&mut self, letter: char, points: &[Point]) {
        self.0.push(letter);
        for (index, p) in points.iter().enumerate() {
            if index > 0 {
                self.0.push(' ');
            }
            // A hundredth of a pixel is invisible.
            write!(self.0, "{} {}", Short(p.x), Short(p.y)).expect("writing to a string cannot fail");
        }
    }

    pub fn move_to(&mut self, p: Point) {
        self.step('M', &[p]);
    }

    pub fn line_to(&mut self, p: Point) {
        self.step('L', &[p]);
    }

    pub fn curve_to(&mut self, control: Point, p: Point) {
        self.step('Q', &[control, p]);
    }

    pub fn close(&mut self) {
        self.0.push('Z');
    }

    /// An open line through points.
    pub fn line(points: &[Point]) -> Self {
        let mut path = Self::default();
        path.add_line(points);
        path
    }

    pub fn add_line(&mut self, points: &[Point]) {
        for (index, p) in points.iter().enumerate() {
            if index == 0 { self.move_to(*p) } else { self.line_to(*p) }
        }
    }

    /// A closed ring through points.
    pub fn ring(points: &[Point]) -> Self {
        let mut path = Self::line(points);
        path.close();
        path
    }

    pub fn add_ring(&mut self, points: &[Point]) {
        self.add_line(points);
        self.close();
    }

    /// A path in SVG notation, scaled and moved. It may use M, L, H, V, C, A and Z in either case.
    pub fn scaled(data: &str, scale: f64, origin: Point) -> Self {
        let mut out = Self::default();
        for (command, numbers) in commands(data) {
            let relative = command.is_ascii_lowercase();
            let (dx, dy) = if relative { (0.0, 0.0) } else { (origin.x, origin.y) };
            out.0.push(command);
            for (index, number) in numbers.iter().enumerate() {
                let value = match (command.to_ascii_uppercase(), index % 7) {
                    ('A', 0 | 1) => number * scale,
                    ('A', 2..=4) => *number,
                    ('A', 5) | ('H', _) => number * scale + dx,
                    ('A', _) | ('V', _) => number * scale + dy,
                    _ if index % 2 == 0 => number * scale + dx,
                    _ => number * scale + dy,
                };
                if index > 0 {
                    out.0.push(' ');
                }
                // Small pictograms need the third decimal.
                write!(out.0, "{}", (value * 1000.0).round() / 1000.0)
                    .expect("writing to a string cannot fail");
            }
        }
        out
    }

    pub fn circle(center: Point, radius: f64) -> Self {
        let (x, y, r) = (Short(center.x), Short(center.y), Short(radius));
        let (left, right) = (Short(center.x - radius), Short(center.x + radius));
        let _ = x;
        Self(format!("M{left} {y}A{r} {r} 0 1 1 {right} {y}A{r} {r} 0 1 1 {left} {y}Z"))
    }

    pub fn rounded(left: f64, top: f64, width: f64, height: f64, radius: f64) -> Self {
        let (right, bottom) = (left + width, top + height);
        let p = Point::new;
        let mut path = Self::default();
        path.move_to(p(left + radius, top));
        path.line_to(p(right - radius, top));
        path.curve_to(p(right, top), p(right, top + radius));
        path.line_to(p(right, bottom - radius));
        path.curve_to(p(right, bottom), p(right - radius, bottom));
        path.line_to(p(left + radius, bottom));
        path.curve_to(p(left, bottom), p(left, bottom - radius));
        path.line_to(p(left, top + radius));
        path.curve_to(p(left, top), p(left + radius, top));
        path.close();
        path
    }

    /// A sector of a circle from one bearing to another, in degrees clockwise from the top.
    pub fn sector(center: Point, radius: f64, from: f64, to: f64) -> Self {
        let at = |bearing: f64| {
            let (sin, cos) = bearing.to_radians().sin_cos();
            center.moved(radius * sin, -radius * cos)
        };
        let steps = 12;
        let arc = (0..=steps).map(|i| at(from + (to - from) * f64::from(i) / f64::from(steps)));
        let points: Vec<Point> = std::iter::once(center).chain(arc).collect();
        Self::ring(&points)
    }
}

/// The commands of a path with their numbers.
fn commands(data: &str) -> Vec<(char, Vec<f64>)> {
    let mut commands: Vec<(char, Vec<f64>)> = Vec::new();
    let mut number = String::new();
    let finish = |number: &mut String, commands: &mut Vec<(char, Vec<f64>)>| {
        if let (Ok(value), Some((_, numbers))) = (number.parse(), commands.last_mut()) {
            numbers.push(value);
        }
        number.clear();
    };
    for c in data.chars() {
        match c {
            '0'..='9' => number.push(c),
            '.' if !number.contains('.') => number.push(c),
            '.' | '-' => {
                finish(&mut number, &mut commands);
                number.push(c);
            }
            c if c.is_ascii_alphabetic() => {
                finish(&mut number, &mut commands);
                commands.push((c, Vec::new()));
            }
            _ => finish(&mut number, &mut commands),
        }
    }
    finish(&mut number, &mut commands);
    commands
}

/// A number with at most two decimals, in as few characters as possible.
pub(crate) struct Short(pub f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:.2}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let text = [1.0, -0.001, 12.345, 100.5].map(|n| Short(n).to_string());
        assert_eq!(text, ["1", "0", "12.35", "100.5"]);
    }

    /// A scaled path is moved only in its absolute coordinates.
    #[test]
    fn only_absolute_coordinates_are_moved() {
        let path = Path::scaled("M2 4h6v-1.5a1 1 0 0 1 2-.5z", 2.0, Point::new(100.0, 10.0));
        assert_eq!(path.as_str(), "M104 18h12v-3a2 2 0 0 1 4 -1z");
    }

    #[test]
    fn a_ring_is_closed() {
        let ring = Path::ring(&[Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(0.0, 5.25)]);
        assert_eq!(ring.as_str(), "M0 0L10 0L0 5.25Z");
    }
}
