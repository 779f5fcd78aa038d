//! A form that may bring a file along: what was typed, and the file where one was chosen.
//!
//! Owns: reading both kinds of forms, and turning a file into what could have been typed. Does not own: any rule
//! about the text; the form's own reader judges a file by the same words as a pasted text. What a newcomer gets
//! wrong: looking at the content first. A file whose name holds a resident number is refused before it is read.

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use iljari_base::{Refusal, Stop};
use iljari_sheets::{Grid, Reader};
use iljari_web::Typed;

use crate::call::resident_numbers;

/// What came in.
#[derive(Default)]
pub struct Sent {
    pairs: Vec<(String, String)>,
    file: Option<(String, Vec<u8>)>,
}

impl Sent {
    /// What was typed.
    pub(super) fn typed(&self) -> Typed {
        self.pairs.clone().into()
    }

    /// Puts a file's text in the place of what was typed in a field.
    pub(super) fn fill(&mut self, field: &str, text: String) {
        self.pairs.retain(|(name, _)| name != field);
        self.pairs.push((field.to_owned(), text));
    }

    /// Puts a text file (UTF-8) in the place of what was typed in a field. Refusals, at the field of the file:
    /// `resident-number` (its name, or in it), `file-not-text`, `file-too-large`.
    pub(super) fn fill_with_text(&mut self, field: &str, file_field: &'static str) -> Result<(), Vec<Refusal>> {
        let Some((name, bytes)) = self.file.take() else { return Ok(()) };
        let refuse = |code, message: &str| vec![Refusal::new(code, "", message).at(file_field)];
        let named = resident_numbers(&[(file_field, &name)]);
        if !named.is_empty() {
            return Err(named);
        }
        if bytes.len() > TEXT_BYTES_MAX {
            return Err(refuse("file-too-large", "글 파일은 1MB까지 올릴 수 있습니다."));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| refuse("file-not-text", "UTF-8 글 파일이 아닙니다. UTF-8로 저장해서 다시 올려 주세요."))?;
        let inside = resident_numbers(&[(file_field, &text)]);
        if !inside.is_empty() {
            return Err(inside);
        }
        self.fill(field, text.trim_start_matches('\u{feff}').to_owned());
        Ok(())
    }

    /// Puts a sheet's rows, a line each with bars between the cells, in the place of what was typed in a field. The
    /// reader refuses resident numbers in the name and in every cell. Refusals, at the field of the file: those of
    /// `sheets`, and `no-columns`.
    pub(super) async fn fill_with_rows(
        &mut self,
        reader: &Reader,
        field: &str,
        file_field: &'static str,
        columns: &[&str],
    ) -> Result<(), Stop> {
        let Some((name, bytes)) = self.file.take() else { return Ok(()) };
        let grid = reader.read(&bytes, &name).await.map_err(|stop| match stop {
            Stop::Refused(refusals) => Stop::Refused(refusals.into_iter().map(|it| it.at(file_field)).collect()),
            other => other,
        })?;
        let lines = rows(&grid, columns).ok_or_else(|| {
            let message = format!("첫 줄에 {} 열이 모두 있어야 합니다.", columns.join(", "));
            Stop::from(Refusal::new("no-columns", "", message).at(file_field))
        })?;
        self.fill(field, lines);
        Ok(())
    }
}

/// The largest text file.
const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// The rows below the header, a line each; `None` where a column is missing.
fn rows(grid: &Grid, columns: &[&str]) -> Option<String> {
    let (sheet, header) = grid.sheets.iter().find_map(|sheet| {
        let header = sheet.find_header(columns)?;
        header.missing(columns).is_empty().then_some((sheet, header))
    })?;
    let mut lines = Vec::new();
    for row in sheet.rows.iter().filter(|row| row.number > header.row && !row.total) {
        let cells: Vec<String> = header
            .columns
            .iter()
            .map(|column| {
                let text = column.and_then(|column| row.cell(column)).map(|cell| cell.text()).unwrap_or_default();
                // A bar or a line's end inside a cell would be read as the next one.
                text.split(['|', '\n', '\r', '\t']).map(str::trim).collect::<Vec<_>>().join(" ").trim().to_owned()
            })
            .collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            lines.push(cells.join(" | "));
        }
    }
    Some(lines.join("\n"))
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Response;

    async fn from_request(req: Request, state: &S) -> Result<Self, Response> {
        let kind = req.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let form = axum::extract::Form::<Vec<(String, String)>>::from_request(req, state).await;
            return form.map(|form| Self { pairs: form.0, file: None }).map_err(IntoResponse::into_response);
        }
        let broken = |error: MultipartError| error.into_response();
        let mut form = Multipart::from_request(req, state).await.map_err(IntoResponse::into_response)?;
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                Some(file_name) => {
                    let bytes = field.bytes().await.map_err(broken)?.to_vec();
                    if !file_name.is_empty() {
                        sent.file = Some((file_name, bytes));
                    }
                }
                None => sent.pairs.push((name, field.text().await.map_err(broken)?)),
            }
        }
        Ok(sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn sent(body: &str) -> Sent {
        let request = Request::post("/")
            .header(CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body.replace('\n', "\r\n")))
            .expect("a request");
        Sent::from_request(request, &()).await.expect("a form")
    }

    fn form(file_name: &str, content: &str) -> String {
        format!(
            "--x\nContent-Disposition: form-data; name=\"rules\"\n\ntyped\n--x\nContent-Disposition: form-data; name=\"rules_file\"; \
             filename=\"{file_name}\"\nContent-Type: text/yaml\n\n{content}\n--x--\n"
        )
    }

    fn codes(outcome: Result<(), Vec<Refusal>>) -> Vec<&'static str> {
        outcome.err().unwrap_or_default().iter().map(|refusal| refusal.code).collect()
    }

    #[tokio::test]
    async fn a_file_stands_in_the_place_of_what_was_typed_and_no_file_leaves_it() {
        let mut with = sent(&form("rules.yaml", "번호: 하나")).await;
        assert_eq!(codes(with.fill_with_text("rules", "rules_file")), Vec::<&str>::new());
        assert_eq!(with.typed().all("rules"), ["번호: 하나"]);
        let mut without = sent(&form("", "")).await;
        assert_eq!(codes(without.fill_with_text("rules", "rules_file")), Vec::<&str>::new());
        assert_eq!(without.typed().get("rules"), "typed");
        let plain = Request::post("/")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("rules=typed"))
            .expect("a request");
        assert_eq!(Sent::from_request(plain, &()).await.expect("a form").typed().get("rules"), "typed");
    }

    #[tokio::test]
    async fn a_resident_number_in_a_file_or_its_name_is_refused_on_the_spot() {
        for (name, content) in [("명단 750707-1234567.yaml", "번호: 하나"), ("rules.yaml", "번호: 750707-1234567")]
        {
            let mut with = sent(&form(name, content)).await;
            let refusals = with.fill_with_text("rules", "rules_file").expect_err("refused");
            assert_eq!((refusals[0].code, refusals[0].field), ("resident-number", Some("rules_file")), "{name}");
            assert_eq!(with.typed().get("rules"), "typed", "nothing of it is kept");
        }
    }

    #[test]
    fn rows_become_lines_that_could_have_been_typed() {
        let grid = crate::tests::grid("자리표\n사업번호|하는 일|자리 수\n1-01|길 안내|2\n||\n1-02|이웃/돌봄|3");
        assert_eq!(
            rows(&grid, &["사업번호", "하는 일", "자리 수"]).as_deref(),
            Some("1-01 | 길 안내 | 2\n1-02 | 이웃/돌봄 | 3")
        );
        assert_eq!(rows(&grid, &["사업번호", "동"]), None);
    }
}
