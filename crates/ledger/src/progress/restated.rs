//! Numbers that were said again (바로잡음): the old one, the new one, and why.
//!
//! Owns: the list, from the ledger's corrections and from results that files restate. Does not own:
//! the numbers. What a newcomer gets wrong: showing the new one alone. Both stay for good.

use iljari_base::{DistrictCode, Outcome, Period, Year};
use iljari_disclosure::log::words::{Unit, Why};
use iljari_disclosure::log::{Body, Leaf};
use iljari_disclosure::plan::{District, Measure};
use iljari_store::Tx;

use crate::store;

/// One number that was said again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// The node it is a number of.
    pub node: String,
    /// The months it counts.
    pub period: Period,
    /// What it counts.
    pub unit: Unit,
    /// As it stood before.
    pub old: i64,
    /// As it stands after.
    pub new: i64,
    /// Why (정정 사유).
    pub why: Option<Why>,
    /// In words.
    pub words: String,
    /// The leaf of the correction; `None` for a result restated in a file and not yet in the ledger.
    pub leaf_id: Option<String>,
}

/// A correction as the ledger has it, with the number it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionRow {
    /// Its leaf.
    pub leaf_id: String,
    /// The leaf it answers.
    pub answers: String,
    /// The answered leaf's own amount.
    pub first: i64,
    /// What it adds, mostly less than nothing.
    pub change: i64,
    /// The node.
    pub node: String,
    /// The months.
    pub period: Period,
    /// The unit.
    pub unit: Unit,
    /// The leaf's line; the reason stands in it.
    pub body: Vec<u8>,
    /// The officer's words.
    pub remark: String,
}

/// Every correction of numbers of this year, oldest first.
pub async fn restated(tx: &mut Tx, district: &DistrictCode, year: Year) -> Outcome<Vec<Restated>> {
    Ok(from_corrections(&store::corrections_of_year(tx, district, year).await?))
}

/// Old and new of each correction; several may answer one entry, one after the other.
pub fn from_corrections(rows: &[CorrectionRow]) -> Vec<Restated> {
    let mut stands: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
    rows.iter()
        .map(|row| {
            let old = *stands.get(row.answers.as_str()).unwrap_or(&row.first);
            let new = old.saturating_add(row.change);
            stands.insert(&row.answers, new);
            let why = Leaf::parse(&row.body).ok().and_then(|leaf| match leaf.body() {
                Body::Correction { why, .. } => Some(*why),
                _ => None,
            });
            Restated {
                node: row.node.clone(),
                period: row.period,
                unit: row.unit,
                old,
                new,
                why,
                words: row.remark.clone(),
                leaf_id: Some(row.leaf_id.clone()),
            }
        })
        .collect()
}

/// The results of a year that a district's files restate.
pub fn from_files(book: &District, year: Year) -> Vec<Restated> {
    let restating = book.results_of(year).filter_map(|result| Some((result, result.restates.as_ref()?)));
    restating
        .filter_map(|(result, (of, why))| {
            let Measure::Count(unit) = result.measure else { return None };
            let first = book.results.iter().find(|other| other.id.as_ref() == Some(of))?;
            Some(Restated {
                node: result.node.clone(),
                period: result.period,
                unit,
                old: first.figure.count()?,
                new: result.figure.count()?,
                why: Some(*why),
                words: result.note.clone().unwrap_or_default(),
                leaf_id: None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::course::tests::months;
    use super::*;

    #[test]
    fn corrections_of_one_entry_follow_each_other() {
        let row = |leaf_id: &str, answers: &str, change| CorrectionRow {
            leaf_id: leaf_id.to_owned(),
            answers: answers.to_owned(),
            first: 63,
            change,
            node: "3-2".to_owned(),
            period: months(2026, 6, 6),
            unit: Unit::Jobs,
            body: Vec::new(),
            remark: "5건이 겹쳤습니다".to_owned(),
        };
        let told = from_corrections(&[row("a", "x", -5), row("b", "x", 2), row("c", "y", -63)]);
        let pairs: Vec<(i64, i64)> = told.iter().map(|one| (one.old, one.new)).collect();
        assert_eq!(pairs, [(63, 58), (58, 60), (63, 0)]);
        assert_eq!((told[0].why, told[0].words.as_str()), (None, "5건이 겹쳤습니다"));
    }

    #[test]
    fn a_restated_result_keeps_both_figures() {
        let files = crate::pages::public::tests::files("gwangjin");
        let files: Vec<(String, Vec<u8>)> = files
            .into_iter()
            .map(|(name, body)| {
                if name != "results.yaml" {
                    return (name, body);
                }
                let text = String::from_utf8(body).expect("text").replace(
                    "  - 번호: 2024-공공",
                    "  - {번호: 2023-다시, 노드: 전체, 기간: 2023, 부문: 직접일자리 창출, 단위: 일자리 수, 값: 6200, 출처: S4, \
                     바로잡음: 2023-공공, 까닭: 누락}\n  - 번호: 2024-공공",
                );
                (name, text.into_bytes())
            })
            .collect();
        let book = iljari_disclosure::plan::check(&files).district.expect("a district");
        let told = from_files(&book, Year(2023));
        assert_eq!(
            told.iter().map(|one| (one.old, one.new, one.why)).collect::<Vec<_>>(),
            [(6_197, 6_200, Some(Why::Omission))]
        );
        assert_eq!(from_files(&book, Year(2024)), []);
    }
}
