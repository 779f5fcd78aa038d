//! A picture as pixels, set in the embedded fonts.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use crate::fonts::{BOLD, FAMILY, REGULAR};
use crate::model::Unwritable;

/// The narrowest and widest picture; a page of a newspaper needs no more.
const WIDTHS: std::ops::RangeInclusive<u32> = 64..=4096;

/// Draws one of this crate's SVG pictures as PNG, `width` pixels wide (64 to 4,096). No font, file or
/// address of the machine is used.
pub fn png(svg: &str, width: u32) -> Result<Vec<u8>, Unwritable> {
    let failed = |reason: String| Unwritable::Writer { format: "PNG", reason };
    let options = Options { fontdb: fonts(), font_family: FAMILY.to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| failed(error.to_string()))?;
    let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
    let (height, scale) = scaled(&tree, width);
    let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed(format!("{width} x {height}")))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| failed(error.to_string()))
}

/// The height that goes with a width, and the scale of both.
#[expect(clippy::float_arithmetic, reason = "a drawing library's coordinates, far from any number that is published")]
fn scaled(tree: &Tree, width: u32) -> (u32, f32) {
    let size = tree.size();
    let scale = width as f32 / size.width();
    (((size.height() * scale).ceil() as u32).max(1), scale)
}

fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut database = fontdb::Database::new();
        for bytes in [REGULAR, BOLD] {
            database.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
        }
        database.set_sans_serif_family(FAMILY);
        Arc::new(database)
    };
    FONTS.get_or_init(load).clone()
}
