//! Writes the invented department's form into a folder, as XLSX, as CSV in CP949, and with faults marked.
//!
//! For looking at, and for making the fixtures anew: see the README beside them.

use std::path::Path;

use iljari_sheets::mark::with_error_column;
use iljari_sheets::{CellRef, Encoding, Limits, Marks};

#[path = "../tests/sample/mod.rs"]
mod sample;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: form FOLDER")?;
    let form = sample::form();
    std::fs::write(Path::new(&folder).join("form.xlsx"), form.xlsx()?)?;
    std::fs::write(Path::new(&folder).join("form-cp949.csv"), form.csv(Encoding::Cp949))?;
    let faults = vec![
        (CellRef::new(8, 4), "값이 비어 있습니다. 실적이 없으면 ‘실적 없음’을 골라 주세요.".into()),
        (CellRef::new(10, 4), "누계가 지난 누계와 당기 실적의 합과 다릅니다.".into()),
        (CellRef::new(10, 7), "사유를 더 자세히 적어 주세요.".into()),
    ];
    let marks = [Marks { sheet: form.sheet.clone(), columns: vec!["사업 코드".to_owned(), "누계 실적".to_owned()], header_row: None, faults }];
    match with_error_column(&form.xlsx()?, "form.xlsx", &marks, &Limits::default()) {
        Ok(marked) => std::fs::write(Path::new(&folder).join("form-marked.xlsx"), marked)?,
        Err(refusals) => return Err(format!("{refusals:?}").into()),
    }
    Ok(())
}
