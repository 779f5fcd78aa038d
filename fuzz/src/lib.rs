//! What targets and seeds share.

/// The parts of a workbook that the target `parts` replaces, by the first byte of its input.
pub const PARTS: [&str; 5] = [
    "xl/worksheets/sheet1.xml",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
];
