//! Number formats: what turns 0.653 into 65.3 % and 46112 into a day.
//!
//! Owns telling percentages, days and grouped figures by their format. What a newcomer gets wrong: the letter
//! m is a month beside d and a minute beside h, and neither inside quotes or brackets.

use quick_xml::events::Event;

use super::xml::{Xml, attribute};
use crate::container::Container;
use crate::no::No;

/// How a cell shows its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Shows {
    /// As it is.
    #[default]
    Plain,
    /// With commas between thousands, or as money.
    Grouped,
    /// A hundred times it, with a sign.
    Percent,
    /// A day with its year.
    Day,
    /// A day without its year, as Excel makes of `3-5`.
    DayWithoutYear,
    /// A time of day or a length of time.
    Time,
}

/// How each style of a workbook shows numbers, and whether it does.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_cell: Vec<Shows>,
}

/// More styles than any program writes.
const MOST_STYLES: usize = 65_536;

impl Styles {
    pub(super) fn of(&self, style: usize) -> Shows {
        self.by_cell.get(style).copied().unwrap_or_default()
    }
}

pub(super) fn read(container: &Container<'_>, index: usize) -> Result<Styles, No> {
    container.with_part(index, |input| {
        let mut xml = Xml::new("xl/styles.xml", input);
        let mut formats: Vec<(u32, Shows)> = Vec::new();
        let (mut styles, mut inside) = (Styles::default(), false);
        loop {
            let broken = xml.broken("서식을 읽을 수 없음");
            match xml.next()? {
                Event::Eof => return Ok(styles),
                Event::Start(element) => {
                    let value = |name: &str| attribute(&element, name).map_err(|()| broken.clone());
                    match element.local_name().as_ref() {
                        "numFmt" => {
                            let id = value("numFmtId")?.and_then(|id| id.parse().ok());
                            if let (Some(id), Some(code)) = (id, value("formatCode")?) {
                                formats.push((id, shows(&code)));
                            }
                        }
                        "cellXfs" => inside = true,
                        "xf" if inside => {
                            let id: u32 = value("numFmtId")?.and_then(|id| id.parse().ok()).unwrap_or(0);
                            let own = formats.iter().find(|(known, _)| *known == id);
                            styles.by_cell.push(own.map_or_else(|| built_in(id), |(_, shows)| *shows));
                        }
                        _ => {}
                    }
                    if styles.by_cell.len() > MOST_STYLES || formats.len() > MOST_STYLES {
                        return Err(broken);
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "cellXfs" => inside = false,
                _ => {}
            }
        }
    })
}

/// The formats that every program knows by number; 27 to 36 and 50 to 58 as Korean Excel has them.
fn built_in(id: u32) -> Shows {
    match id {
        3..=8 | 37..=44 => Shows::Grouped,
        9 | 10 => Shows::Percent,
        14 | 15 | 22 | 27 | 30 | 31 | 34..=36 | 50 | 53 | 54 | 57 => Shows::Day,
        16 | 17 | 28 | 29 | 51 | 52 | 58 => Shows::DayWithoutYear,
        18..=21 | 32 | 33 | 45..=47 | 55 | 56 => Shows::Time,
        _ => Shows::Plain,
    }
}

/// What a format code shows.
fn shows(code: &str) -> Shows {
    let mut letters = String::new();
    let mut rest = code.split(';').next().unwrap_or_default().chars();
    while let Some(letter) = rest.next() {
        match letter {
            '"' => while rest.next().is_some_and(|inner| inner != '"') {},
            '\\' | '_' | '*' => {
                rest.next();
            }
            '[' => {
                let inner: String = rest.by_ref().take_while(|inner| *inner != ']').collect();
                // [h], [mm], [ss] count hours and more; [Red] and [$-412] show nothing.
                if !inner.is_empty() && inner.chars().all(|inner| matches!(inner.to_ascii_lowercase(), 'h' | 'm' | 's'))
                {
                    return Shows::Time;
                }
            }
            other => letters.extend(other.to_lowercase()),
        }
    }
    let letters = letters.replace("general", "").replace("am/pm", "").replace("a/p", "");
    let has = |letter: char| letters.contains(letter);
    if has('%') {
        Shows::Percent
    } else if has('y') {
        Shows::Day
    } else if has('d') {
        Shows::DayWithoutYear
    } else if has('h') || has('s') {
        Shows::Time
    } else if has('m') {
        Shows::DayWithoutYear
    } else if letters.contains(",#") || letters.contains("#,") || letters.contains(",0") {
        Shows::Grouped
    } else {
        Shows::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_what_it_shows() {
        for (code, expected) in [
            ("General", Shows::Plain),
            ("0.00E+00", Shows::Plain),
            ("@", Shows::Plain),
            ("0\"명\"", Shows::Plain),
            ("\"day\" 0", Shows::Plain),
            ("[Red]0;[Blue]-0", Shows::Plain),
            ("#,##0", Shows::Grouped),
            ("_-* #,##0_-;\\-* #,##0_-", Shows::Grouped),
            ("[$₩-412]#,##0", Shows::Grouped),
            ("0%", Shows::Percent),
            ("0.0\\ %", Shows::Percent),
            ("yyyy-mm-dd", Shows::Day),
            ("yyyy\"년\" m\"월\" d\"일\"", Shows::Day),
            ("[$-412]yyyy/mm/dd hh:mm AM/PM", Shows::Day),
            ("mm\"월\" dd\"일\"", Shows::DayWithoutYear),
            ("d-mmm", Shows::DayWithoutYear),
            ("mmm", Shows::DayWithoutYear),
            ("h:mm AM/PM", Shows::Time),
            ("[h]:mm", Shows::Time),
            ("mm:ss.0", Shows::Time),
        ] {
            assert_eq!(shows(code), expected, "{code}");
        }
        assert_eq!(
            (built_in(10), built_in(14), built_in(17), built_in(3), built_in(0)),
            (Shows::Percent, Shows::Day, Shows::DayWithoutYear, Shows::Grouped, Shows::Plain)
        );
    }
}
