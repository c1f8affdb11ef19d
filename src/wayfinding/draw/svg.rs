//! Output of the drawing model: as SVG text, and that text rendered as a raster.
//!
//! Both outputs come from the same text, therefore a screen and a file show the same picture. Labels are
//! real text in the SVG.

use std::fmt::Write;

use resvg::{tiny_skia, usvg};

use super::model::{Item, Paint, Short, Text, Weight};
use crate::load::Fonts;

/// A raster: red, green, blue and premultiplied alpha, row by row from the top left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    /// Four bytes per pixel.
    pub rgba: Vec<u8>,
}

/// Writes a picture as SVG. The output is deterministic.
pub(crate) fn write(items: &[Item], width: u32, height: u32, font_family: &str) -> String {
    let mut svg = String::with_capacity(items.len() * 160);
    svg.push_str("<svg xmlns=\"http://www.w3.org/2000/svg\"");
    attribute(&mut svg, "width", width);
    attribute(&mut svg, "height", height);
    attribute(&mut svg, "viewBox", format_args!("0 0 {width} {height}"));
    attribute(&mut svg, "font-family", format_args!("{}, Noto Sans, sans-serif", Escaped(font_family)));
    svg.push_str(" text-anchor=\"middle\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n");
    for item in items {
        match item {
            Item::Path { data, paint } if !data.is_empty() => {
                svg.push_str("<path");
                attribute(&mut svg, "d", data.as_str());
                paint_attributes(&mut svg, paint);
                svg.push_str("/>\n");
            }
            Item::Path { .. } => {}
            Item::Text(text) => text_element(&mut svg, text),
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn attribute(svg: &mut String, name: &str, value: impl std::fmt::Display) {
    write!(svg, " {name}=\"{value}\"").expect("writing to a string cannot fail");
}

fn paint_attributes(svg: &mut String, paint: &Paint) {
    match paint.fill {
        Some(colour) => {
            attribute(svg, "fill", colour);
            attribute(svg, "fill-rule", "evenodd");
        }
        None => attribute(svg, "fill", "none"),
    }
    if let Some(stroke) = paint.stroke {
        attribute(svg, "stroke", stroke.colour);
        attribute(svg, "stroke-width", Short(stroke.width));
        if let Some((dash, gap)) = stroke.dash {
            attribute(svg, "stroke-dasharray", format_args!("{} {}", Short(dash), Short(gap)));
            attribute(svg, "stroke-linecap", "butt");
        }
    }
    if let Some(opacity) = paint.opacity {
        attribute(svg, "opacity", Short(opacity));
    }
}

fn text_element(svg: &mut String, text: &Text) {
    svg.push_str("<text");
    attribute(svg, "x", Short(text.center.x));
    // Both capitals and Han characters look centred if the baseline is this far below the centre.
    attribute(svg, "y", Short(text.center.y + text.em * 0.365));
    attribute(svg, "font-size", Short(text.em));
    if text.weight == Weight::Bold {
        attribute(svg, "font-weight", text.weight.in_fonts().0);
    }
    attribute(svg, "fill", text.colour);
    if let Some(halo) = text.halo {
        attribute(svg, "stroke", halo);
        attribute(svg, "stroke-width", Short(text.em * 0.22));
        attribute(svg, "paint-order", "stroke");
    }
    if text.turn != 0.0 {
        let (x, y) = (Short(text.center.x), Short(text.center.y));
        attribute(svg, "transform", format_args!("rotate({} {x} {y})", Short(text.turn)));
    }
    writeln!(svg, ">{}</text>", Escaped(&text.text)).expect("writing to a string cannot fail");
}

/// Text with XML's special characters as entities and without control characters.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Lays out SVG text with these fonts.
pub(crate) fn parse(svg: &str, fonts: &Fonts) -> Option<usvg::Tree> {
    let options = usvg::Options { fontdb: fonts.database(), ..usvg::Options::default() };
    usvg::Tree::from_str(svg, &options).ok()
}

/// Rasterises SVG text. Characters without a glyph in any font stay blank.
pub(crate) fn paint(svg: &str, width: u32, height: u32, fonts: &Fonts) -> Raster {
    let empty = || Raster { width, height, rgba: vec![0; width as usize * height as usize * 4] };
    // This crate writes the text: it parses, and the picture is at least one pixel wide and high.
    let Some(tree) = parse(svg, fonts) else { return empty() };
    let Some(mut pixels) = tiny_skia::Pixmap::new(width, height) else { return empty() };
    resvg::render(&tree, tiny_skia::Transform::identity(), &mut pixels.as_mut());
    Raster { width, height, rgba: pixels.take() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Colour;
    use crate::draw::model::Path;
    use crate::geometry::Point;

    fn label(text: &str) -> Item {
        Item::Text(Text {
            center: Point::new(20.0, 10.0),
            text: text.to_owned(),
            em: 10.0,
            weight: Weight::Regular,
            colour: Colour(0, 0, 0),
            halo: None,
            turn: 0.0,
        })
    }

    #[test]
    fn a_shop_name_with_angle_brackets_stays_text() {
        let svg = write(&[label("<b>\"A & B\"\u{0}")], 40, 20, "Noto Sans");
        assert!(svg.contains("&lt;b&gt;&quot;A &amp; B&quot; </text>"), "{svg}");
        assert!(usvg::Tree::from_str(&svg, &usvg::Options::default()).is_ok());
    }

    #[test]
    fn a_red_square_is_painted_red() {
        let square = Item::Path {
            data: Path::rounded(0.0, 0.0, 10.0, 10.0, 0.0),
            paint: Paint::fill(Colour(255, 0, 0)),
        };
        let raster = paint(&write(&[square], 10, 10, "Noto Sans"), 10, 10, &Fonts::none());
        assert_eq!(raster.rgba[(5 * 10 + 5) * 4..][..4], [255, 0, 0, 255]);
    }
}
