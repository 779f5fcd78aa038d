//! Wordings and addresses that several pages share.
//!
//! Owns: how a plan's facts are said in a line. Does not own: the facts. What a newcomer gets
//! wrong: writing 0 or an empty cell for what nobody knows. It is [`NOTHING`], in words.

use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Won, Year};
use iljari_disclosure::plan::{
    Aggregation, DatedRule, District, Figure, Funding, Measure, ROOT, Responsible, Source, TargetSet, won_text,
};
use iljari_web::local::query_value;

/// What stands where nobody knows.
pub const NOTHING: &str = "자료 없음";

/// The home of a district.
pub fn home_href(code: &DistrictCode) -> String {
    format!("/districts/{code}")
}

/// Who puts a district's data out (제공기관). A demo is not the office, and says so.
pub fn provider(book: &District, demo: bool) -> String {
    let name = match &book.province {
        Some(province) => format!("{province} {}", book.name),
        None => book.name.clone(),
    };
    match (book.is_sample, demo) {
        (true, _) => format!("{name} (예시)"),
        (false, true) => format!("{name} (시연: 구청이 낸 자료가 아님)"),
        (false, false) => name,
    }
}

/// The page of a node.
pub fn node_href(code: &DistrictCode, node: &str) -> String {
    format!("/districts/{code}/plan/{}", query_value(node))
}

/// The page of a node's year: the entries that its number counts.
pub fn node_year_href(code: &DistrictCode, node: &str, year: Year) -> String {
    format!("{}/{year}", node_href(code, node))
}

/// The page of a year's plan.
pub fn plan_href(code: &DistrictCode, year: Year) -> String {
    format!("/districts/{code}/plan?year={year}")
}

/// `2023년`, `2023~2026년`.
pub fn years_text(first: Year, last: Year) -> String {
    if first == last { format!("{first}년") } else { format!("{first}~{last}년") }
}

/// The promise that stands first on a district's pages: counted, of the whole district, with the
/// most years that have a value of their own. Of two alike, the one named first.
pub fn main_set(book: &District) -> Option<&TargetSet> {
    let counted = |set: &&TargetSet| set.node == ROOT && matches!(set.measure, Measure::Count(_));
    let sets: Vec<&TargetSet> = book.target_sets().into_iter().filter(counted).collect();
    let most = sets.iter().map(|set| set.values.years.len()).max()?;
    sets.into_iter().find(|set| set.values.years.len() == most)
}

/// What a set promises over all its years: as written, else the sum. A rate has no sum.
pub fn set_total(set: &TargetSet) -> Option<i64> {
    if set.aggregation != Aggregation::Sum {
        return None;
    }
    let written = set.values.total.as_ref().and_then(Figure::count);
    written.or_else(|| set.values.sum().filter(|_| !set.values.years.is_empty()))
}

/// `일자리 51,200개`, `참여자 120명`: what a page calls a counted amount.
pub fn counted_text(measure: Measure, amount: i64) -> String {
    let thing = if measure.counter() == "개" { "일자리 " } else { "" };
    format!("{thing}{}{}", grouped(amount), measure.counter())
}

/// `어르신복지과 어르신일자리팀`.
pub fn responsible_text(responsible: &Responsible) -> String {
    match &responsible.team {
        Some(team) => format!("{} {team}", responsible.department),
        None => responsible.department.clone(),
    }
}

/// `참여자 누계(최소 1개월), 2025년 1월 1일부터: 중도 교체는 세지 않는다`.
pub fn rule_text(rule: &DatedRule) -> String {
    let minimum = rule.minimum.as_ref().map(|minimum| format!("(최소 {minimum})")).unwrap_or_default();
    let since = rule.since.map(|since| format!(", {}부터", since.korean())).unwrap_or_default();
    let words = rule.description.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
    format!("{}{minimum}{since}{words}", rule.rule.as_str())
}

/// `국비 300백만 원 · 시비 200백만 원`: the funds that are known; empty when none is.
pub fn funds_text(funding: &Funding) -> String {
    let known =
        funding.funds().into_iter().filter_map(|(name, figure)| Some(format!("{name} {}", money(figure?.won()?))));
    known.collect::<Vec<_>>().join(" · ")
}

/// Money as pages say it; nothing is left as `0원`.
pub fn money(won: Won) -> String {
    won_text(won)
}

/// A source as a page lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceView {
    /// Its id in the district's files: `S9`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is, who put it out, when: `보도 · 한 신문 · 2023년 3월 5일`.
    pub about: String,
    /// Where to, when it is an address of the web.
    pub href: String,
    /// Where to find it otherwise.
    pub address: String,
    /// Anything else.
    pub note: String,
}

/// A source as pages list it.
pub fn source_view(source: &Source) -> SourceView {
    let about =
        [Some(source.kind.as_str().to_owned()), source.publisher.clone(), source.date.map(|date| date.korean())];
    let address = source.address.clone().unwrap_or_default();
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    SourceView {
        id: source.id.clone(),
        title: source.title.clone(),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        href: if is_web { address.clone() } else { String::new() },
        address: if is_web { String::new() } else { address },
        note: source.note.clone().unwrap_or_default(),
    }
}

/// The titles of a figure's sources, main one first; empty where it names none.
pub fn source_titles(book: &District, figure: &Figure) -> String {
    let titles = figure.sources.iter().filter_map(|id| book.sources.get(id)).map(|source| source.title.as_str());
    titles.collect::<Vec<_>>().join(", ")
}
