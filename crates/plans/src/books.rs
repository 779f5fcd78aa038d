//! The books (계획 책): a district's adopted files, read into types, kept until a newer file comes.
//!
//! Owns: reading adopted files once for many pages. Does not own: reading them from a folder, which
//! is the binary's business. What a newcomer gets wrong: holding a book over a request; ask again.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use iljari_base::{DistrictCode, Failure, Outcome};
use iljari_disclosure::plan::{self, District};
use iljari_store::{Store, Tx};

use crate::store;

/// Every district's book, read when first asked for. Cheap to clone; all clones share what was read.
#[derive(Debug, Clone, Default)]
pub struct Books(Arc<RwLock<BTreeMap<DistrictCode, Read>>>);

/// The newest file's number when the book was read, and the book.
type Read = (i64, Arc<District>);

impl Books {
    /// No book read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The district's book as adopted; `None` when no such district is here.
    pub async fn of(&self, store: &Store, code: &DistrictCode) -> Outcome<Option<Arc<District>>> {
        let (books, code) = (self.clone(), code.clone());
        store.read(move |tx| Box::pin(async move { books.within(tx, &code).await })).await
    }

    /// The same inside an act or a look that is already under way.
    pub async fn within(&self, tx: &mut Tx, code: &DistrictCode) -> Outcome<Option<Arc<District>>> {
        let newest = store::newest_seq(tx, code).await?;
        if newest == 0 {
            return Ok(None);
        }
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned();
        if let Some((seq, book)) = known
            && seq == newest
        {
            return Ok(Some(book));
        }
        let book = Arc::new(as_of(tx, code, newest).await?);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(code.clone(), (newest, Arc::clone(&book)));
        Ok(Some(book))
    }
}

/// The book as it stood when `seq` was the newest adopted file. Not kept: only old disclosures ask.
pub async fn as_of(tx: &mut Tx, code: &DistrictCode, seq: i64) -> Outcome<District> {
    let files = store::files_in_force_at(tx, code, seq).await?;
    let files: Vec<(String, Vec<u8>)> = files.into_iter().map(|file| (file.file_name, file.body)).collect();
    Ok(read(&files, code)?)
}

/// Adopted files were checked before; a book that no longer reads is our own fault and says so.
fn read(files: &[(String, Vec<u8>)], code: &DistrictCode) -> Result<District, Failure> {
    let report = plan::check(files);
    report.district.ok_or_else(|| Failure::new(format!("the adopted plan files of {code} no longer read")))
}
