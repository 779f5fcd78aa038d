//! Adopting a folder of plan files: checked as a whole, kept file by file.
//!
//! Owns: which files of a folder are new. Does not own: the act (`ledger::adopt`) or the check.

use iljari_base::{Actor, DistrictCode, Outcome, Refusal, Stop};
use iljari_disclosure::plan::{self, District};
use iljari_ledger::adopt::{self, NewFile};
use iljari_people::Cx;
use iljari_plans::store::{self, DistrictRow};
use iljari_web::Office;

/// What was adopted.
pub struct Adopted {
    /// The district.
    pub code: DistrictCode,
    /// Its name.
    pub name: String,
    /// How many files were new or changed.
    pub new_files: usize,
    /// The book as read.
    pub book: District,
}

/// Adopts the files of one district. Files that stand already, byte for byte, are left alone.
///
/// Refused with `plan-errors` when the check finds errors, and with `node-with-numbers` when a node
/// that has numbers is gone: nothing is adopted then.
pub async fn adopt(office: &Office, files: &[(String, Vec<u8>)], actor: Actor) -> Outcome<Adopted> {
    let report = plan::check(files);
    let errors = report.has_errors();
    let Some(book) = report.district.filter(|_| !errors) else {
        return Err(Refusal::new(
            "plan-errors",
            "",
            "계획 파일에 오류가 있어 채택하지 않았습니다. `iljari plan check`로 모두 볼 수 있습니다.",
        )
        .into());
    };
    let row = DistrictRow { code: book.code.clone(), name: book.name.clone(), is_sample: book.is_sample };
    let cx = Cx::inside(office, actor, book.code.clone());
    let wanted: Vec<NewFile> =
        files.iter().map(|(name, bytes)| new_file(&book, name, bytes)).collect::<Outcome<_>>()?;
    let adopting = book.clone();
    let new_files = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                store::put_district(tx, &row, cx.now()).await?;
                let standing = store::files_in_force(tx, &cx.district).await?;
                let mut new_files = 0;
                for file in wanted {
                    if standing.iter().any(|kept| kept.file_name == file.file_name && kept.body == file.body) {
                        continue;
                    }
                    adopt::adopt(tx, &cx, file).await?;
                    new_files += 1;
                }
                adopt::nothing_left_behind(tx, &adopting).await?;
                Ok(new_files)
            })
        })
        .await?;
    Ok(Adopted { code: book.code.clone(), name: book.name.clone(), new_files, book })
}

fn new_file(book: &District, name: &str, bytes: &[u8]) -> Outcome<NewFile> {
    let plan = book.plans.iter().find(|plan| plan.file_name == name);
    let reference = plan
        .map(|plan| plan.ref_label.parse())
        .transpose()
        .map_err(|fault| Stop::from(Refusal::new("plan-name", "", format!("{name}: {fault}"))))?;
    let kind = plan.map_or("자료", |plan| plan.kind.as_str());
    Ok(NewFile { kind: kind.to_owned(), reference, file_name: name.to_owned(), body: bytes.to_vec() })
}
