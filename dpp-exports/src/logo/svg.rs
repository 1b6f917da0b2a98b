//! SVGs that only draw.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Attribute, Document, Error, Node, NodeType};

use super::error::cut;
use super::{LogoError, Size, allowed, css, png};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const MOST_DEPTH: usize = 64;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const JPEG: &[u8] = b"\xff\xd8\xff";

/// Whether these bytes begin as XML does, in UTF-8 or in UTF-16.
pub(super) fn is_xml(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let utf_16 = [&b"\xff\xfe<"[..], b"\xfe\xff\0<", b"<\0"];
    text.trim_ascii_start().starts_with(b"<") || utf_16.iter().any(|mark| bytes.starts_with(mark))
}

pub(super) fn check(bytes: &[u8]) -> Result<Size, LogoError> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = str::from_utf8(bytes).map_err(|_| LogoError::NotUtf8)?;
    check_declaration(text)?;
    // The parser lets one pass that is empty.
    if text.contains("<!DOCTYPE") {
        return Err(LogoError::Doctype);
    }
    let document = Document::parse(text).map_err(not_well_formed)?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(LogoError::NotAnImage);
    }
    let is_too_deep = |node: Node<'_, '_>| node.ancestors().nth(MOST_DEPTH + 1).is_some();
    if document.descendants().any(is_too_deep) {
        return Err(LogoError::TooDeep);
    }
    let used = with_uses(&document);
    for node in document.descendants() {
        check_node(node, &used)?;
    }
    size(root)
}

/// The declaration's encoding is what some programs read the rest in.
fn check_declaration(text: &str) -> Result<(), LogoError> {
    let declaration = text.trim_start().strip_prefix("<?xml");
    let declaration = declaration.and_then(|rest| rest.split("?>").next());
    let encoding = declaration.and_then(|text| text.split_once("encoding"));
    let Some((_, encoding)) = encoding else {
        return Ok(());
    };
    let encoding = encoding.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
    match encoding.split(['"', '\'']).nth(1) {
        Some(name) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        _ => Err(LogoError::NotUtf8),
    }
}

fn not_well_formed(error: Error) -> LogoError {
    match error {
        Error::DtdDetected => LogoError::Doctype,
        error => LogoError::NotWellFormed {
            reason: cut(&error.to_string()),
        },
    }
}

/// The ids of the elements that have a `use` in them, or are one.
fn with_uses<'a>(document: &'a Document<'_>) -> HashSet<&'a str> {
    let uses = document
        .descendants()
        .filter(|node| node.has_tag_name((SVG, "use")));
    let around = uses.flat_map(|node| node.ancestors());
    around.filter_map(|node| node.attribute("id")).collect()
}

fn check_node(node: Node<'_, '_>, used: &HashSet<&str>) -> Result<(), LogoError> {
    match node.node_type() {
        NodeType::Element => check_element(node, used),
        NodeType::PI => Err(LogoError::ProcessingInstruction {
            name: cut(node.pi().map_or("", |instruction| instruction.target)),
        }),
        NodeType::Root | NodeType::Comment | NodeType::Text => Ok(()),
    }
}

fn check_element(node: Node<'_, '_>, used: &HashSet<&str>) -> Result<(), LogoError> {
    let (name, namespace) = (node.tag_name().name(), node.tag_name().namespace());
    if name == "script" {
        return Err(LogoError::Script);
    }
    if namespace != Some(SVG) || !allowed::ELEMENTS.contains(&name) {
        return Err(LogoError::Element { element: cut(name) });
    }
    if name == "style" {
        let text = node.children().filter(Node::is_text);
        let text = text.filter_map(|child| child.text());
        css::check(&text.collect::<String>())?;
    }
    for attribute in node.attributes() {
        check_attribute(name, &attribute, used)?;
    }
    Ok(())
}

fn check_attribute(
    element: &str,
    attribute: &Attribute<'_, '_>,
    used: &HashSet<&str>,
) -> Result<(), LogoError> {
    let (name, value) = (attribute.name(), attribute.value());
    if name
        .get(..2)
        .is_some_and(|start| start.eq_ignore_ascii_case("on"))
    {
        return Err(LogoError::EventHandler {
            attribute: cut(name),
        });
    }
    match (attribute.namespace(), name) {
        (None | Some(XLINK), "href" | "src") => check_reference(element, value.trim(), used),
        (None, name) if allowed::draws(name) => css::check(value),
        (None, name) if allowed::describes(name) => Ok(()),
        (Some(XML), "space" | "lang") | (Some(XLINK), "type" | "title") => Ok(()),
        _ => Err(LogoError::Attribute {
            attribute: cut(name),
        }),
    }
}

fn check_reference(element: &str, value: &str, used: &HashSet<&str>) -> Result<(), LogoError> {
    match value.strip_prefix('#') {
        Some(id) if element == "use" && used.contains(id) => {
            Err(LogoError::NestedUse { id: cut(id) })
        }
        Some(_) => Ok(()),
        None if element == "image" => check_data(value),
        None => Err(external(value)),
    }
}

/// A picture in the logo is a PNG that decodes, or begins as a JPEG does.
fn check_data(uri: &str) -> Result<(), LogoError> {
    let decode = |data: &str| {
        let data: String = data.split_ascii_whitespace().collect();
        STANDARD.decode(data).map_err(|_| external(uri))
    };
    if let Some(data) = uri.strip_prefix("data:image/png;base64,") {
        return png::check(&decode(data)?).map(drop);
    }
    let jpeg = uri
        .strip_prefix("data:image/jpeg;base64,")
        .map(decode)
        .transpose()?;
    match jpeg {
        Some(bytes) if bytes.starts_with(JPEG) => Ok(()),
        _ => Err(external(uri)),
    }
}

fn external(reference: &str) -> LogoError {
    LogoError::External {
        reference: cut(reference),
    }
}

fn size(root: Node<'_, '_>) -> Result<Size, LogoError> {
    let of_view_box = root.attribute("viewBox").and_then(|view_box| {
        let separators = |c: char| c == ',' || c.is_ascii_whitespace();
        let numbers = view_box
            .split(separators)
            .filter(|number| !number.is_empty());
        let numbers: Vec<f64> = numbers.map(str::parse).collect::<Result<_, _>>().ok()?;
        match numbers.as_slice() {
            &[_, _, width, height] => Some(Size { width, height }),
            _ => None,
        }
    });
    let of_sides = || {
        let side = |name| root.attribute(name).and_then(length);
        let (width, height) = (side("width")?, side("height")?);
        Some(Size { width, height })
    };
    let is_size = |side: f64| side.is_finite() && side > 0.0;
    of_view_box
        .or_else(of_sides)
        .filter(|size| is_size(size.width) && is_size(size.height))
        .ok_or(LogoError::NoSize)
}

/// A length in CSS pixels; none for one that depends on where it is shown.
fn length(text: &str) -> Option<f64> {
    let unit = text.find(|c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E') || c == '%');
    let (number, unit) = text.split_at(unit.unwrap_or(text.len()));
    let pixels = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    number
        .trim()
        .parse::<f64>()
        .ok()
        .map(|number| number * pixels)
}
