//! The part of a long list that a page shows: one state, one 접수번호, fifty rows (목록에서 찾기).
//!
//! Owns: what is left of the rows, and the words of the form above them. Does not own: their order. What a
//! newcomer gets wrong: counting what is shown. Headings count the whole list before it is cut.

use iljari_web::Typed;
use iljari_web::local::query_value;
use iljari_web::parts::{Choice, Pager};

/// What of a list is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The states that occur, with how many rows each has.
    pub states: Vec<Choice>,
    /// What was looked for.
    pub receipt: String,
    /// The pages.
    pub pager: Pager,
    /// Whether the list is long enough to be looked through.
    pub is_long: bool,
}

impl Shown {
    /// The same, or the whole list on one page where nothing can be asked for, as in a saved page.
    pub fn cut_unless<R>(
        whole: bool,
        rows: &mut Vec<R>,
        typed: &Typed,
        here: &str,
        state: impl Fn(&R) -> String,
        receipt: impl Fn(&R) -> &str,
    ) -> Self {
        if whole {
            let pager = Pager::of(0, 1, "");
            return Self { states: Vec::new(), receipt: String::new(), pager, is_long: false };
        }
        Self::cut(rows, typed, here, state, receipt)
    }

    /// Cuts the rows of the list at an address to what was asked for.
    pub fn cut<R>(
        rows: &mut Vec<R>,
        typed: &Typed,
        here: &str,
        state: impl Fn(&R) -> String,
        receipt: impl Fn(&R) -> &str,
    ) -> Self {
        let is_long = rows.len() > usize::try_from(Pager::ROWS).unwrap_or(usize::MAX);
        let mut counted: Vec<(String, usize)> = Vec::new();
        for row in rows.iter() {
            let state = state(row);
            match counted.iter_mut().find(|(known, _)| *known == state) {
                Some((_, count)) => *count = count.saturating_add(1),
                None => counted.push((state, 1)),
            }
        }
        let (wanted, sought) = (typed.get("state").to_owned(), typed.get("find").trim().to_owned());
        let mut states = vec![Choice::new("", format!("모두 ({})", rows.len())).chosen(wanted.is_empty())];
        states.extend(counted.into_iter().map(|(state, count)| {
            let label = format!("{state} ({count})");
            Choice::new(state.clone(), label).chosen(state == wanted)
        }));
        rows.retain(|row| (wanted.is_empty() || state(row) == wanted) && receipt(row).ends_with(&sought));
        let page = typed.get("page").parse().unwrap_or(1);
        let href = format!("{here}?state={}&find={}&page=", query_value(&wanted), query_value(&sought));
        let pager = Pager::of(i64::try_from(rows.len()).unwrap_or(i64::MAX), page, href);
        let (skip, take) = (usize::try_from(pager.offset()).unwrap_or(0), usize::try_from(Pager::ROWS).unwrap_or(0));
        rows.drain(..skip.min(rows.len()));
        rows.truncate(take);
        Self { states, receipt: sought, pager, is_long }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(typed: Typed) -> (Vec<usize>, Shown) {
        let mut rows: Vec<(usize, String)> = (1..=120).map(|nth| (nth, format!("26-002-{nth:04}"))).collect();
        let state = |row: &(usize, String)| if row.0.is_multiple_of(40) { "배치함" } else { "일하는 중" }.to_owned();
        let shown = Shown::cut(&mut rows, &typed, "/here", state, |row| &row.1);
        (rows.into_iter().map(|(nth, _)| nth).collect(), shown)
    }

    #[test]
    fn a_list_is_cut_by_state_number_and_page() {
        let (all, shown) = cut(Typed::new());
        assert_eq!((all.len(), all[0], shown.pager.last), (50, 1, 3));
        let labels: Vec<&str> = shown.states.iter().map(|choice| choice.label.as_str()).collect();
        assert_eq!(labels, ["모두 (120)", "일하는 중 (117)", "배치함 (3)"]);
        let (last, _) = cut(Typed::new().with("page", "3"));
        assert_eq!((last.len(), last[0]), (20, 101));
        assert_eq!(cut(Typed::new().with("state", "배치함")).0, [40, 80, 120]);
        assert_eq!(cut(Typed::new().with("find", " 0117 ")).0, [117]);
        let (none, shown) = cut(Typed::new().with("find", "9999").with("page", "7"));
        assert_eq!((none.len(), shown.pager.current), (0, 1));
        assert!(cut(Typed::new().with("state", "배치함")).1.pager.href.starts_with("/here?state=%EB%B0%B0"));
    }
}
