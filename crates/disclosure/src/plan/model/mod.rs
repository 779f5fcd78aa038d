//! A district's plans as types: what was promised, for when, by whom, with what money, and what came of it.
//!
//! Owns: the shape every other crate reads plans in, and the questions one may ask of it
//! (`query`). Does not own: how it is read from YAML (`read`) or judged (`check`). What a newcomer
//! gets wrong: taking `None` for zero. Absent is absent; pages say '자료 없음'.

mod figure;
mod places;
mod query;
mod result;
mod words;

use std::collections::BTreeMap;

use iljari_base::{DistrictCode, Period, Year};

pub use figure::{Aggregation, Amount, Figure, Measure, Percent, When, YearFigures, won_text};
pub use places::{DongPlaces, DongTable, DongValue, SMALL, SMALL_BELOW, WITHHELD};
pub use query::{CountedTarget, TargetAt};
pub use result::{Part, PrintedRate, PrintedTarget, PublishedResult};
pub use words::{
    Counting, CountingRule, Direction, IndicatorKind, PlanKind, SourceKind, Stage, Standing, StatisticKind,
};

use crate::log::words::Field;
use iljari_authored::Place;

/// The id of the root of every district's tree.
pub const ROOT: &str = "전체";

/// A district (자치구) with everything its folder says.
#[derive(Debug, Clone)]
pub struct District {
    /// Five-digit code.
    pub code: DistrictCode,
    /// `광진구`.
    pub name: String,
    /// `Gwangjin-gu`.
    pub english: Option<String>,
    /// `서울특별시`.
    pub province: Option<String>,
    /// Whether it is invented (예시).
    pub is_sample: bool,
    /// Its 동.
    pub dongs: Vec<String>,
    /// Where their tiles lie on a map, as far as the file says.
    pub dong_places: DongPlaces,
    /// Its departments.
    pub departments: Vec<Department>,
    /// False where the file says that the list of departments is not known.
    pub departments_known: bool,
    /// Terms of office (임기).
    pub terms: Vec<OfficeTerm>,
    /// Sources by id.
    pub sources: BTreeMap<String, Source>,
    /// Term plans by first year, then yearly plans by year and day of disclosure.
    pub plans: Vec<Plan>,
    /// Published results, in the files' order.
    pub results: Vec<PublishedResult>,
    /// Published tables by 동.
    pub dong_tables: Vec<DongTable>,
    /// Statistics that stand outside a plan.
    pub statistics: Vec<Statistic>,
    /// Development projects that stand outside a plan.
    pub developments: Vec<Development>,
    /// Where the district's file begins.
    pub place: Place,
}

/// A department (부서).
#[derive(Debug, Clone)]
pub struct Department {
    /// Its name, which is how files refer to it.
    pub name: String,
    /// Its teams (팀).
    pub teams: Vec<String>,
    /// Telephone.
    pub telephone: Option<String>,
    /// Names it had before (옛 이름).
    pub former_names: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// A term of office (임기): 민선 8기.
#[derive(Debug, Clone)]
pub struct OfficeTerm {
    /// Its name.
    pub name: String,
    /// First to last month.
    pub period: Period,
    /// Where it stands.
    pub place: Place,
}

/// Where numbers come from (출처).
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id in the district.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is.
    pub kind: SourceKind,
    /// Who put it out (낸 곳).
    pub publisher: Option<String>,
    /// When.
    pub date: Option<When>,
    /// Address or where to find it.
    pub address: Option<String>,
    /// Anything else.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A term plan or a yearly plan (일자리대책).
#[derive(Debug, Clone)]
pub struct Plan {
    /// How the ledger names it (이름표): `종합-2023`.
    pub ref_label: String,
    /// Term or year.
    pub kind: PlanKind,
    /// Title.
    pub title: String,
    /// First year.
    pub first_year: Year,
    /// Last year, included.
    pub last_year: Year,
    /// The term plan a yearly plan belongs to, by its `ref_label`.
    pub term_plan: Option<String>,
    /// When it was disclosed (공시일).
    pub disclosed: Option<When>,
    /// The term of office it belongs to, by name.
    pub office_term: Option<String>,
    /// Vision (비전).
    pub vision: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Names of the levels, outermost first.
    pub levels: Vec<String>,
    /// How many the document says it has, by level or kind (구성).
    pub declared_counts: BTreeMap<String, Figure>,
    /// The money the document gives for the whole plan, by year (사업비 총액).
    pub declared_budget: BTreeMap<Year, Figure>,
    /// The nodes, parents before children. The root is implied and not among them.
    pub nodes: Vec<Node>,
    /// Whether the file has a tree of its own.
    pub has_tree: bool,
    /// Indicators (지표).
    pub indicators: Vec<Indicator>,
    /// Target sets (목표 묶음).
    pub target_sets: Vec<TargetSet>,
    /// Prose (장).
    pub chapters: Vec<Chapter>,
    /// Development projects (개발사업).
    pub developments: Vec<Development>,
    /// Statistics (통계).
    pub statistics: Vec<Statistic>,
    /// Summary tables (총괄표).
    pub sum_tables: Vec<SumTable>,
    /// Counting mode of nodes that say nothing themselves.
    pub default_counting: Option<Counting>,
    /// The file it was read from.
    pub file_name: String,
    /// SHA-256 of that file's bytes, in hex.
    pub bytes_sha256: String,
    /// Where the file begins.
    pub place: Place,
}

/// A node of the tree: strategy, task, program or unit project (전략, 실천과제, 사업, 단위사업).
#[derive(Debug, Clone)]
pub struct Node {
    /// Its id (번호), unique in the plan.
    pub id: String,
    /// Name.
    pub name: String,
    /// Index into [`Plan::levels`].
    pub level: usize,
    /// Id of the parent; [`ROOT`] for the outermost.
    pub parent: String,
    /// Whether the file says that there are children nobody named.
    pub children_unknown: bool,
    /// What it is about.
    pub description: Option<String>,
    /// Its own field (부문); ask [`Plan::field`] for the inherited one.
    pub field: Option<Field>,
    /// Its own department and team; ask [`Plan::responsible`] for the inherited one.
    pub responsible: Option<Responsible>,
    /// Departments that help (협조부서).
    pub helping: Vec<String>,
    /// From when to when.
    pub period: Option<Period>,
    /// New or continued.
    pub standing: Option<Standing>,
    /// For whom (대상).
    pub audience: Vec<String>,
    /// What is done (사업내용).
    pub content: Option<String>,
    /// Legal basis (법적근거).
    pub laws: Vec<String>,
    /// Guidelines (관련지침).
    pub guidelines: Vec<String>,
    /// What is counted as one, since when (세는 기준).
    pub rules: Vec<DatedRule>,
    /// Counting mode by year; the key `None` is every year. Ask [`Plan::counting`].
    pub counting: BTreeMap<Option<Year>, Counting>,
    /// Its targets by target set.
    pub targets: BTreeMap<String, YearFigures>,
    /// Whether the file says that the document gives no target.
    pub targets_unknown: bool,
    /// Its money by year.
    pub budget: BTreeMap<Year, YearBudget>,
    /// Note.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// Who is responsible (담당부서).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    /// Department.
    pub department: String,
    /// Team.
    pub team: Option<String>,
    /// Post or telephone, never a person's name.
    pub contact: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A counting rule with the day it begins to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRule {
    /// The rule.
    pub rule: CountingRule,
    /// Minimum stay, as written (`1개월`).
    pub minimum: Option<String>,
    /// From when on; `None` from the beginning.
    pub since: Option<When>,
    /// In words.
    pub description: Option<String>,
}

/// Money of one year: planned and spent.
#[derive(Debug, Clone, Default)]
pub struct YearBudget {
    /// Planned (계획).
    pub planned: Funding,
    /// Spent (집행).
    pub spent: Funding,
}

/// Whose money (국비, 시비, 구비, 민자).
#[derive(Debug, Clone, Default)]
pub struct Funding {
    /// 국비.
    pub national: Option<Figure>,
    /// 시비.
    pub city: Option<Figure>,
    /// 구비.
    pub district: Option<Figure>,
    /// 민자.
    pub private: Option<Figure>,
    /// 계, as written.
    pub total: Option<Figure>,
}

/// What is measured (지표).
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Definition in words; `None` where unconfirmed.
    pub definition: Option<String>,
    /// Unit.
    pub measure: Measure,
    /// How periods become one.
    pub aggregation: Aggregation,
    /// Common or individual.
    pub kind: Option<IndicatorKind>,
    /// Which way is better.
    pub direction: Option<Direction>,
    /// The statistic it comes from.
    pub statistic: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A promise over an indicator (목표 묶음).
#[derive(Debug, Clone)]
pub struct TargetSet {
    /// Its id; the same in a yearly plan is the same promise.
    pub id: String,
    /// Name.
    pub name: String,
    /// The indicator it is about.
    pub indicator: Option<String>,
    /// Definition in words; `None` where unconfirmed.
    pub definition: Option<String>,
    /// Unit.
    pub measure: Measure,
    /// How years become one.
    pub aggregation: Aggregation,
    /// Fields that count towards it; empty means all.
    pub fields: Vec<Field>,
    /// Which node it is a target of.
    pub node: String,
    /// First year it speaks of.
    pub first_year: Year,
    /// Last year it speaks of.
    pub last_year: Year,
    /// The values.
    pub values: YearFigures,
    /// One reason for all its changes (바꾼 까닭).
    pub reason: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

impl TargetSet {
    /// Whether a count of this field counts towards the set.
    pub fn counts_field(&self, field: Field) -> bool {
        self.fields.is_empty() || self.fields.contains(&field)
    }
}

/// A piece of prose (장).
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Its id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The text, as written.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// A development project (개발사업).
#[derive(Debug, Clone)]
pub struct Development {
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// How far it is.
    pub stage: Option<Stage>,
    /// What happens when (일정).
    pub milestones: Vec<(String, When)>,
    /// Nodes it is tied to.
    pub linked: Vec<String>,
    /// Jobs expected of it.
    pub expected_jobs: Option<Figure>,
    /// What it is about.
    pub description: Option<String>,
    /// Ids of its sources.
    pub sources: Vec<String>,
    /// Note.
    pub note: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A labour or population statistic (통계).
#[derive(Debug, Clone)]
pub struct Statistic {
    /// Its id.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it measures.
    pub kind: StatisticKind,
    /// The words the source used (쓰인 이름).
    pub printed_name: Option<String>,
    /// The value, with definition, basis, source and reference date.
    pub figure: Figure,
    /// Whether the file says that nobody confirmed the definition.
    pub definition_unconfirmed: bool,
    /// The written answer to a doubt (답변).
    pub answer: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// What a summary table is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableOf {
    /// A target set, by id.
    Targets(String),
    /// Planned money.
    PlannedBudget,
    /// Spent money.
    SpentBudget,
}

/// A summary table (총괄표).
#[derive(Debug, Clone)]
pub struct SumTable {
    /// What it sums.
    pub of: TableOf,
    /// Rows by field.
    pub by_field: Vec<(Field, YearFigures)>,
    /// The row 계 below the fields.
    pub field_total: Option<YearFigures>,
    /// Rows by department.
    pub by_department: Vec<(String, YearFigures)>,
    /// The row 계 below the departments.
    pub department_total: Option<YearFigures>,
    /// Where it stands.
    pub place: Place,
}
