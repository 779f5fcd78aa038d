//! One table as a CSV file to keep.
//!
//! Owns: the answer's head. Does not own: the table, nor how it is written (`print::csv`).

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use iljari_base::Failure;
use iljari_print::{Table, Unwritable, csv};
use iljari_web::PageError;

/// The table as an answer that a browser keeps as `{name}.csv`.
pub fn response(table: &Table, name: &str) -> Result<Response, PageError> {
    let bytes = csv::table(table).map_err(broken)?;
    Ok(kept(bytes, "text/csv; charset=utf-8", &format!("{name}.csv")))
}

/// Bytes that a browser keeps under a name.
pub fn kept(bytes: impl Into<Vec<u8>>, media_type: &str, name: &str) -> Response {
    let kept = format!("attachment; filename=\"{}\"", plain(name));
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, kept)], bytes.into()).into_response()
}

/// A table or picture that no format can carry is a mistake of ours, not of the asker.
pub fn broken(fault: Unwritable) -> PageError {
    PageError::from(iljari_base::Stop::Failed(Failure::new(fault)))
}

/// A name that every system can keep.
fn plain(name: &str) -> String {
    let fine = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let letters = name.chars().map(|letter| if fine(letter) { letter } else { '-' }).collect::<String>();
    letters.replace("..", "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_file_has_a_name_that_every_system_can_keep() {
        assert_eq!(plain("11215-2025-years.csv"), "11215-2025-years.csv");
        assert_eq!(plain("11215-강변/../x\".svg"), "11215------x-.svg");
    }
}
