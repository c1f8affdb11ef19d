//! OpenStreetMap XML: reads nodes, ways and multipolygon relations into elements with geometry.
//!
//! The file is read in one pass: a reference to a later object counts as missing. Relations of other types
//! are ignored.

use std::collections::{BTreeMap, HashMap};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::conversion::OsmError;
use super::element::{Degrees, Element, Shape};

/// The greatest number of corners of an outline; no building has more.
const MOST_CORNERS: usize = 100_000;

/// An object while it is read.
#[derive(Default)]
struct OpenElement {
    id: i64,
    position: Option<Degrees>,
    nodes: Vec<i64>,
    /// The ways of a relation, each with whether it is an outline.
    members: Vec<(i64, bool)>,
    tags: BTreeMap<String, String>,
}

/// Reads an `.osm` file. Objects that refer to missing objects are left out.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Element>, OsmError> {
    let text = std::str::from_utf8(bytes).map_err(|cause| OsmError::Unreadable(cause.to_string()))?;
    let mut reader = Reader::from_str(text);
    let mut nodes: HashMap<i64, Degrees> = HashMap::new();
    let mut ways: HashMap<i64, Vec<Degrees>> = HashMap::new();
    let mut elements = Vec::new();
    let mut open: Option<OpenElement> = None;
    let mut seen = false;
    loop {
        let event = reader.read_event().map_err(|cause| OsmError::Unreadable(cause.to_string()))?;
        let (start, empty) = match &event {
            Event::Start(start) => (Some(start), false),
            Event::Empty(start) => (Some(start), true),
            _ => (None, false),
        };
        if let Some(start) = start {
            match start.name().as_ref() {
                b"osm" => seen = true,
                b"node" | b"way" | b"relation" => open = Some(begin(start)),
                b"nd" => {
                    if let (Some(open), Some(node)) = (&mut open, number(start, "ref")) {
                        open.nodes.push(node);
                    }
                }
                b"member" => {
                    if let (Some(open), Some(way)) = (&mut open, number(start, "ref"))
                        && attribute(start, "type").as_deref() == Some("way")
                    {
                        open.members.push((way, attribute(start, "role").as_deref() != Some("inner")));
                    }
                }
                b"tag" => {
                    if let (Some(open), Some(key), Some(value)) =
                        (&mut open, attribute(start, "k"), attribute(start, "v"))
                    {
                        open.tags.insert(key, value);
                    }
                }
                _ => {}
            }
        }
        let ended = match &event {
            Event::End(end) => Some(end.name().as_ref().to_vec()),
            Event::Empty(start) if empty => Some(start.name().as_ref().to_vec()),
            Event::Eof => break,
            _ => None,
        };
        match ended.as_deref() {
            Some(b"node") => close(
                open.take(),
                |done| {
                    nodes.insert(done.id, done.position?);
                    finish("node", done, |d| d.position.map(Shape::Dot))
                },
                &mut elements,
            ),
            Some(b"way") => close(
                open.take(),
                |done| {
                    let line: Vec<Degrees> =
                        done.nodes.iter().filter_map(|n| nodes.get(n).copied()).collect();
                    ways.insert(done.id, line.clone());
                    finish("way", done, |_| (line.len() >= 2).then_some(Shape::Line(line)))
                },
                &mut elements,
            ),
            Some(b"relation") => close(
                open.take(),
                |done| {
                    let area = multipolygon(&done, &ways);
                    finish("relation", done, |_| area)
                },
                &mut elements,
            ),
            _ => {}
        }
    }
    if seen { Ok(elements) } else { Err(OsmError::Unreadable("it has no element named \"osm\"".to_owned())) }
}

fn close(
    open: Option<OpenElement>,
    make: impl FnOnce(OpenElement) -> Option<Element>,
    elements: &mut Vec<Element>,
) {
    elements.extend(open.and_then(make));
}

fn finish(
    kind: &str,
    done: OpenElement,
    shape: impl FnOnce(&OpenElement) -> Option<Shape>,
) -> Option<Element> {
    // A node without tags is only a corner of ways.
    if done.tags.is_empty() {
        return None;
    }
    let shape = shape(&done)?;
    Some(Element::new(format!("{kind}/{}", done.id), done.tags, shape))
}

fn begin(start: &BytesStart) -> OpenElement {
    let degrees = |key| attribute(start, key)?.parse::<f64>().ok();
    let on_earth = |(lon, lat): &Degrees| lon.abs() <= 180.0 && lat.abs() <= 85.0;
    let position = degrees("lon").zip(degrees("lat")).filter(on_earth);
    OpenElement { id: number(start, "id").unwrap_or_default(), position, ..OpenElement::default() }
}

fn attribute(start: &BytesStart, key: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|a| a.key.as_ref() == key.as_bytes())?;
    let raw = std::str::from_utf8(&found.value).ok()?;
    Some(quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), |text| text.into_owned()))
}

fn number(start: &BytesStart, key: &str) -> Option<i64> {
    attribute(start, key)?.parse().ok()
}

/// The outlines of a multipolygon, each with the holes whose first corner lies in it.
fn multipolygon(relation: &OpenElement, ways: &HashMap<i64, Vec<Degrees>>) -> Option<Shape> {
    if relation.tags.get("type").map(String::as_str) != Some("multipolygon") {
        return None;
    }
    // A relation may name the same long way many times.
    let corners = relation.members.iter().filter_map(|(way, _)| ways.get(way)).map(Vec::len).sum::<usize>();
    if corners > MOST_CORNERS {
        return None;
    }
    let lines = |outer: bool| -> Vec<Vec<Degrees>> {
        let members = relation.members.iter().filter(|(_, o)| *o == outer);
        rings(members.filter_map(|(way, _)| ways.get(way).cloned()).collect())
    };
    let mut polygons: Vec<Vec<Vec<Degrees>>> = lines(true).into_iter().map(|r| vec![r]).collect();
    for hole in lines(false) {
        let first = geo::Point::from(hole[0]);
        let around = |p: &&mut Vec<Vec<Degrees>>| {
            let ring: geo::LineString<f64> = p[0].clone().into();
            geo::Intersects::intersects(&geo::Polygon::new(ring, Vec::new()), &first)
        };
        if let Some(polygon) = polygons.iter_mut().find(around) {
            polygon.push(hole);
        }
    }
    (!polygons.is_empty()).then_some(Shape::Area(polygons))
}

/// Joins lines end to end until they close. Lines that never close are left out.
fn rings(mut lines: Vec<Vec<Degrees>>) -> Vec<Vec<Degrees>> {
    lines.retain(|l| l.len() >= 2);
    let mut rings = Vec::new();
    while let Some(mut ring) = lines.pop() {
        while ring.first() != ring.last() {
            let end = ring[ring.len() - 1];
            let Some(next) = lines.iter().position(|l| l[0] == end || l[l.len() - 1] == end) else { break };
            let mut line = lines.swap_remove(next);
            if line[0] != end {
                line.reverse();
            }
            ring.extend(line.into_iter().skip(1));
        }
        if ring.len() >= 4 && ring.first() == ring.last() {
            rings.push(ring);
        }
    }
    rings
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = r#"<?xml version="1.0"?><osm version="0.6">
        <node id="1" lon="5.0" lat="45.0"/><node id="2" lon="5.1" lat="45.0"/>
        <node id="3" lon="5.1" lat="45.1"><tag k="shop" v="Tea &amp; more"/></node>
        <way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
        <way id="8"><nd ref="3"/><nd ref="1"/></way>
        <way id="9"><nd ref="1"/><nd ref="2"/><nd ref="404"/><tag k="highway" v="footway"/></way>
        <relation id="5"><member type="way" ref="7" role="outer"/><member type="way" ref="8" role="outer"/>
          <tag k="type" v="multipolygon"/><tag k="indoor" v="room"/></relation></osm>"#;

    /// Nodes become dots, ways become lines, and relations become areas.
    #[test]
    fn nodes_ways_and_relations_become_shapes() {
        let elements = read(MAP.as_bytes()).unwrap();
        let ids: Vec<_> = elements.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids, ["node/3", "way/9", "relation/5"]);
        assert_eq!(elements[0].get("shop"), Some("Tea & more"));
        assert!(matches!(&elements[1].shape, Shape::Line(line) if line.len() == 2));
        assert!(matches!(&elements[2].shape, Shape::Area(p) if p[0][0].len() == 4));
    }

    /// XML that is cut off or of another kind is refused, or read as far as possible.
    #[test]
    fn cut_xml_is_refused_or_partly_read() {
        assert!(read(b"<html></html>").is_err());
        assert!(read(b"<osm><node").is_err());
        for end in 0..MAP.len() {
            let _ = read(&MAP.as_bytes()[..end]);
        }
    }
}
