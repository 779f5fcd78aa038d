//! XML from strangers, as a stream.
//!
//! Owns the three bounds that keep it flat: how deep elements lie, how long one piece may be, how many
//! attributes it may have; and the refusal of every DOCTYPE. What a newcomer gets wrong: resolving an
//! entity. The five that XML knows and numbers are resolved, nothing else.

use std::io::{BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::no::No;

/// How deep elements lie in a workbook, generously.
const DEEPEST: usize = 64;

/// The longest piece (a tag, a stretch of text): Excel's longest text, 32,767 letters, is below it.
const LONGEST_PIECE: usize = 256 << 10;

/// The most attributes of an element that are looked at.
const MOST_ATTRIBUTES: usize = 64;

/// A part of a workbook, event by event.
pub(crate) struct Xml<'r> {
    reader: Reader<Metered<'r>>,
    buffer: Vec<u8>,
    depth: usize,
    part: String,
}

impl<'r> Xml<'r> {
    pub(crate) fn new(part: &str, input: &'r mut dyn Read) -> Self {
        let mut reader = Reader::from_reader(Metered { input: BufReader::new(input), piece: 0 });
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, part: part.to_owned() }
    }

    /// The next event. An empty element comes as its start and its end.
    pub(crate) fn next(&mut self) -> Result<Event<'_>, No> {
        self.buffer.clear();
        self.reader.get_mut().piece = 0;
        let broken = |why| No::Broken { part: self.part.clone(), why };
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|error| match error {
            quick_xml::Error::Io(_) => broken("너무 긴 조각이거나 압축이 손상됨"),
            _ => broken("XML이 아님"),
        })?;
        match &event {
            Event::DocType(_) => return Err(broken("DOCTYPE이 있음")),
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(broken("너무 깊이 겹침"));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(broken("중간에서 잘림")),
            _ => {}
        }
        Ok(event)
    }

    /// A refusal of this part.
    pub(crate) fn broken(&self, why: &'static str) -> No {
        No::Broken { part: self.part.clone(), why }
    }
}

/// Counts what one event has read, and stops where it is too much.
struct Metered<'r> {
    input: BufReader<&'r mut dyn Read>,
    piece: usize,
}

impl Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.input.read(buffer)
    }
}

impl BufRead for Metered<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.piece > LONGEST_PIECE {
            return Err(std::io::Error::other("a piece is too long"));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.piece = self.piece.saturating_add(amount);
        self.input.consume(amount);
    }
}

/// The value of an attribute by its full name, or by what follows a colon where the name begins with one.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, ()> {
    for attribute in element.attributes().with_checks(false).take(MOST_ATTRIBUTES) {
        let attribute = attribute.map_err(|_| ())?;
        let key: &str = attribute.key.as_ref();
        let fits = key == name || (name.starts_with(':') && key.ends_with(name));
        if fits {
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| ())?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// The letters of an event that is text; `None` for another event, an error for an entity nobody knows.
pub(crate) fn plain_text(event: &Event<'_>) -> Result<Option<String>, ()> {
    Ok(Some(match event {
        Event::Text(text) => text.xml10_content().into_owned(),
        Event::CData(text) => text.xml10_content().into_owned(),
        Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| ())? {
            Some(letter) => letter.to_string(),
            None => {
                let name: &str = reference;
                quick_xml::escape::resolve_xml_entity(name).ok_or(())?.to_owned()
            }
        },
        _ => return Ok(None),
    }))
}
