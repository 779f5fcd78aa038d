//! How an HWPX document looks: fonts, letters, paragraphs, borders, styles.
//!
//! Owns: `header.xml` and the numbers by which the body names its entries. The fonts are those that
//! every Hancom Office has; words stay whole at the end of a line. What a newcomer gets wrong: the
//! order of entries. An entry's number is its place in its list.

use std::fmt::Write as _;

use super::{NAMESPACES, XML};

/// The look of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    Body,
    Cell,
    CellBold,
    Title,
    Heading1,
    Heading2,
    Heading3,
    Small,
    Caption,
    Sender,
}

/// Size in hundredths of a point, bold, grey, and the serif face for running text.
const LETTERS: [(u32, bool, bool, bool); 10] = [
    (1100, false, false, true),
    (900, false, false, false),
    (900, true, false, false),
    (2000, true, false, false),
    (1500, true, false, false),
    (1300, true, false, false),
    (1100, true, false, false),
    (900, false, true, false),
    (1000, true, false, false),
    (1600, true, false, true),
];

/// The look of paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paragraphs {
    Body,
    CellLeft,
    CellRight,
    CellCentre,
    Title,
    Heading1,
    Heading2,
    Heading3,
    Item,
    Caption,
    Right,
    Centre,
}

/// One paragraph's look.
struct Look {
    align: &'static str,
    /// The level in the document's outline.
    outline: Option<u8>,
    /// First line, left, before, after, in hundredths of a point.
    margins: [i32; 4],
    /// Percent.
    line: u32,
    /// Stays with what follows.
    with_next: bool,
}

const fn look(align: &'static str, margins: [i32; 4], line: u32) -> Look {
    Look { align, outline: None, margins, line, with_next: false }
}

const fn heading(level: u8, before: i32) -> Look {
    Look { align: "LEFT", outline: Some(level), margins: [0, 0, before, 500], line: 140, with_next: true }
}

const PARAGRAPHS: [Look; 12] = [
    look("LEFT", [0, 0, 0, 400], 160),
    look("LEFT", [0, 0, 0, 0], 130),
    look("RIGHT", [0, 0, 0, 0], 130),
    look("CENTER", [0, 0, 0, 0], 130),
    look("LEFT", [0, 0, 0, 600], 140),
    heading(0, 1800),
    heading(1, 1200),
    heading(2, 800),
    look("LEFT", [-1000, 1000, 0, 200], 160),
    Look { align: "LEFT", outline: None, margins: [0, 0, 800, 200], line: 140, with_next: true },
    look("RIGHT", [0, 0, 0, 0], 130),
    look("CENTER", [0, 0, 1200, 600], 160),
];

/// Borders and fills; the numbers begin at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Borders {
    None = 1,
    Letters = 2,
    Cell = 3,
    Head = 4,
    Sum = 5,
}

/// The styles by which an office changes all headings at once: name, English name, paragraph, letters.
const STYLES: [(&str, &str, Paragraphs, Letters); 5] = [
    ("바탕글", "Normal", Paragraphs::Body, Letters::Body),
    ("본문", "Body", Paragraphs::Body, Letters::Body),
    ("개요 1", "Outline 1", Paragraphs::Heading1, Letters::Heading1),
    ("개요 2", "Outline 2", Paragraphs::Heading2, Letters::Heading2),
    ("개요 3", "Outline 3", Paragraphs::Heading3, Letters::Heading3),
];

/// The style that goes with a paragraph's look.
pub(super) fn style_of(paragraph: Paragraphs) -> u32 {
    match paragraph {
        Paragraphs::Heading1 => 2,
        Paragraphs::Heading2 => 3,
        Paragraphs::Heading3 => 4,
        _ => 0,
    }
}

/// `header.xml`.
pub(super) fn header() -> String {
    let mut out = format!(
        r#"{XML}<hh:head{NAMESPACES} version="1.5" secCnt="1"><hh:beginNum page="1" footnote="1" endnote="1" pic="1" tbl="1" equation="1"/><hh:refList>"#
    );
    fonts(&mut out);
    borders(&mut out);
    letters(&mut out);
    out.push_str(
        r#"<hh:tabProperties itemCnt="1"><hh:tabPr id="0" autoTabLeft="0" autoTabRight="0"/></hh:tabProperties>"#,
    );
    numbering(&mut out);
    paragraphs(&mut out);
    styles(&mut out);
    out.push_str(
        r#"</hh:refList><hh:compatibleDocument targetProgram="HWP201X"><hh:layoutCompatibility/></hh:compatibleDocument><hh:docOption><hh:linkinfo path="" pageInherit="0" footnoteInherit="0"/></hh:docOption><hh:trackchageConfig flags="56"/></hh:head>"#,
    );
    out
}

fn fonts(out: &mut String) {
    out.push_str(r#"<hh:fontfaces itemCnt="7">"#);
    for script in ["HANGUL", "LATIN", "HANJA", "JAPANESE", "OTHER", "SYMBOL", "USER"] {
        let _ = write!(out, r#"<hh:fontface lang="{script}" fontCnt="2">"#);
        for (number, face) in ["함초롬돋움", "함초롬바탕"].iter().enumerate() {
            let _ = write!(
                out,
                r#"<hh:font id="{number}" face="{face}" type="TTF" isEmbedded="0"><hh:typeInfo familyType="FCAT_GOTHIC" weight="6" proportion="4" contrast="0" strokeVariation="1" armStyle="1" letterform="1" midline="1" xHeight="1"/></hh:font>"#
            );
        }
        out.push_str("</hh:fontface>");
    }
    out.push_str("</hh:fontfaces>");
}

fn borders(out: &mut String) {
    // Line at all four sides, and the fill.
    let entries: [(&str, &str); 5] =
        [("NONE", ""), ("NONE", "none"), ("SOLID", ""), ("SOLID", "#E6E8EA"), ("SOLID", "#F4F5F6")];
    let _ = write!(out, r#"<hh:borderFills itemCnt="{}">"#, entries.len());
    for (number, (line, fill)) in (1..).zip(entries) {
        let _ = write!(
            out,
            r#"<hh:borderFill id="{number}" threeD="0" shadow="0" centerLine="NONE" breakCellSeparateLine="0"><hh:slash type="NONE" Crooked="0" isCounter="0"/><hh:backSlash type="NONE" Crooked="0" isCounter="0"/>"#
        );
        for side in ["left", "right", "top", "bottom"] {
            let _ = write!(out, r##"<hh:{side}Border type="{line}" width="0.12 mm" color="#58616A"/>"##);
        }
        out.push_str(r##"<hh:diagonal type="SOLID" width="0.1 mm" color="#000000"/>"##);
        if !fill.is_empty() {
            let _ = write!(
                out,
                r##"<hc:fillBrush><hc:winBrush faceColor="{fill}" hatchColor="#999999" alpha="0"/></hc:fillBrush>"##
            );
        }
        out.push_str("</hh:borderFill>");
    }
    out.push_str("</hh:borderFills>");
}

/// The seven scripts, each with one value.
fn scripts(value: impl std::fmt::Display) -> String {
    ["hangul", "latin", "hanja", "japanese", "other", "symbol", "user"]
        .map(|script| format!(r#" {script}="{value}""#))
        .concat()
}

fn letters(out: &mut String) {
    let _ = write!(out, r#"<hh:charProperties itemCnt="{}">"#, LETTERS.len());
    for (number, (size, bold, grey, serif)) in LETTERS.iter().enumerate() {
        let colour = if *grey { "#464C53" } else { "#000000" };
        let bold = if *bold { "<hh:bold/>" } else { "" };
        let _ = write!(
            out,
            r##"<hh:charPr id="{number}" height="{size}" textColor="{colour}" shadeColor="none" useFontSpace="0" useKerning="0" symMark="NONE" borderFillIDRef="{}"><hh:fontRef{}/><hh:ratio{}/><hh:spacing{}/><hh:relSz{}/><hh:offset{}/>{bold}<hh:underline type="NONE" shape="SOLID" color="#000000"/><hh:strikeout shape="NONE" color="#000000"/><hh:outline type="NONE"/><hh:shadow type="NONE" color="#C0C0C0" offsetX="10" offsetY="10"/></hh:charPr>"##,
            Borders::Letters as u8,
            scripts(u8::from(*serif)),
            scripts(100),
            scripts(0),
            scripts(100),
            scripts(0),
        );
    }
    out.push_str("</hh:charProperties>");
}

/// The outline's numbering: none is written, headings speak for themselves; the levels must exist.
fn numbering(out: &mut String) {
    out.push_str(r#"<hh:numberings itemCnt="1"><hh:numbering id="1" start="0">"#);
    for level in 1..=7 {
        let _ = write!(
            out,
            r#"<hh:paraHead start="1" level="{level}" align="LEFT" useInstWidth="1" autoIndent="0" widthAdjust="0" textOffsetType="PERCENT" textOffset="0" numFormat="DIGIT" charPrIDRef="4294967295" checkable="0"></hh:paraHead>"#
        );
    }
    out.push_str("</hh:numbering></hh:numberings>");
}

fn paragraphs(out: &mut String) {
    let _ = write!(out, r#"<hh:paraProperties itemCnt="{}">"#, PARAGRAPHS.len());
    for (number, look) in PARAGRAPHS.iter().enumerate() {
        let Look { align, outline, margins: [first, left, before, after], line, with_next } = look;
        let heading = match outline {
            Some(level) => format!(r#"<hh:heading type="OUTLINE" idRef="0" level="{level}"/>"#),
            None => r#"<hh:heading type="NONE" idRef="0" level="0"/>"#.to_owned(),
        };
        let _ = write!(
            out,
            r#"<hh:paraPr id="{number}" tabPrIDRef="0" condense="0" fontLineHeight="0" snapToGrid="1" suppressLineNumbers="0" checked="0"><hh:align horizontal="{align}" vertical="BASELINE"/>{heading}<hh:breakSetting breakLatinWord="KEEP_WORD" breakNonLatinWord="KEEP_WORD" widowOrphan="1" keepWithNext="{}" keepLines="0" pageBreakBefore="0" lineWrap="BREAK"/><hh:autoSpacing eAsianEng="0" eAsianNum="0"/><hh:margin><hc:intent value="{first}" unit="HWPUNIT"/><hc:left value="{left}" unit="HWPUNIT"/><hc:right value="0" unit="HWPUNIT"/><hc:prev value="{before}" unit="HWPUNIT"/><hc:next value="{after}" unit="HWPUNIT"/></hh:margin><hh:lineSpacing type="PERCENT" value="{line}" unit="HWPUNIT"/><hh:border borderFillIDRef="{}" offsetLeft="0" offsetRight="0" offsetTop="0" offsetBottom="0" connect="0" ignoreMargin="0"/></hh:paraPr>"#,
            u8::from(*with_next),
            Borders::Letters as u8,
        );
    }
    out.push_str("</hh:paraProperties>");
}

fn styles(out: &mut String) {
    let _ = write!(out, r#"<hh:styles itemCnt="{}">"#, STYLES.len());
    for (number, (name, english, paragraph, letters)) in STYLES.iter().enumerate() {
        let _ = write!(
            out,
            r#"<hh:style id="{number}" type="PARA" name="{name}" engName="{english}" paraPrIDRef="{}" charPrIDRef="{}" nextStyleIDRef="0" langID="1042" lockForm="0"/>"#,
            *paragraph as u8, *letters as u8,
        );
    }
    out.push_str("</hh:styles>");
}
