//! Writes the sample documents in every format to a folder, to be looked at:
//! `cargo run -p iljari-print --example samples -- FOLDER`.

#![expect(clippy::expect_used, reason = "the samples are shared with the tests")]

#[path = "../tests/whole/sample.rs"]
mod sample;

use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    for document in [sample::ordinary(), sample::extreme(), sample::empty()] {
        let stem = &document.meta.file_stem;
        for format in iljari_print::Format::ALL {
            let began = Instant::now();
            let bytes = iljari_print::render(&document, format)?;
            let first = began.elapsed().as_millis();
            let began = Instant::now();
            let again = iljari_print::render(&document, format)?;
            let second = began.elapsed().as_millis();
            assert!(again == bytes, "{stem}.{} differs", format.ending());
            println!("{stem}.{} {} bytes, {first} ms, again {second} ms", format.ending(), bytes.len());
        }
        for (name, bytes) in iljari_print::files(&document)? {
            let path = Path::new(&folder).join(stem).join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, bytes)?;
        }
    }
    Ok(())
}
