//! `/districts/{code}/how`: how the numbers are counted, and what a seal does not prove.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use iljari_disclosure::log::words::{Field, Grade, Unit};
use iljari_disclosure::plan::District;
use iljari_plans::Books;
use iljari_plans::pages::{district_of, words::home_href};
use iljari_web::{DisplayPrefs, Office, PageError, PublicNav, Sample, Shell, render};

use super::sample_pages;
use crate::model::LATE_AFTER_DAYS;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "public/how.html")]
pub struct HowPage {
    pub(crate) shell: Shell,
    pub(crate) verify_href: String,
    pub(crate) late_after: i64,
    pub(crate) units: Vec<(&'static str, &'static str)>,
    pub(crate) fields: Vec<(&'static str, &'static str)>,
    pub(crate) grades: Vec<(i64, &'static str, &'static str)>,
    pub(crate) rules: Vec<String>,
    pub(crate) unknown: Vec<String>,
}

/// `GET /districts/{code}/how`
pub async fn page(
    State(office): State<Arc<Office>>,
    Extension(books): Extension<Books>,
    prefs: DisplayPrefs,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let book = district_of(&office, &books, &code).await?;
    Ok(render(build(&prefs, &book)))
}

/// The page of a district: the same rules everywhere, with its own definitions and gaps.
pub fn build(prefs: &DisplayPrefs, book: &District) -> HowPage {
    let mut rules = Vec::new();
    let mut unknown = Vec::new();
    for set in book.target_sets() {
        match &set.definition {
            Some(definition) => rules.push(format!("‘{}’: {definition}", set.name)),
            None => unknown.push(format!("‘{}’의 정의를 찾지 못했습니다.", set.name)),
        }
        let notes = set
            .note
            .iter()
            .chain(set.indicator.as_deref().and_then(|id| book.indicator(id)).and_then(|it| it.note.as_ref()));
        unknown.extend(notes.map(|note| format!("‘{}’: {note}", set.name)));
    }
    for plan in &book.plans {
        unknown.extend(
            iljari_plans::pages::tree_view::said_and_named(plan)
                .into_iter()
                .map(|gap| format!("{}. {gap}", plan.title)),
        );
    }
    let district = iljari_web::District::new(book.code.clone(), book.name.clone());
    page_of(prefs, district, &home_href(&book.code), rules, unknown)
}

pub(super) fn page_of(
    prefs: &DisplayPrefs,
    district: iljari_web::District,
    home: &str,
    rules: Vec<String>,
    unknown: Vec<String>,
) -> HowPage {
    HowPage {
        shell: Shell::public(prefs, "어떻게 세나요", Some(district), PublicNav::How)
            .crumb("진행 상황", home)
            .here("어떻게 세나요"),
        verify_href: format!("{home}/verify"),
        late_after: LATE_AFTER_DAYS,
        units: Unit::ALL.iter().map(|unit| (unit.as_str(), unit_meaning(*unit))).collect(),
        fields: Field::ALL.iter().map(|field| (field.as_str(), field_meaning(*field))).collect(),
        grades: Grade::ALL.iter().map(|grade| (grade.number(), grade.as_str(), grade_meaning(*grade))).collect(),
        rules,
        unknown,
    }
}

fn unit_meaning(unit: Unit) -> &'static str {
    match unit {
        Unit::Jobs => "일자리 하나를 한 번 셉니다. 같은 사람이 다른 사업에 또 참여하면 일자리는 둘입니다.",
        Unit::Persons => "사람을 한 번만 셉니다. 두 사업에 참여해도 한 명입니다.",
        Unit::Visits => "참여할 때마다 셉니다. 같은 사람이 세 번 오면 세 명입니다.",
        Unit::Cases => "처리한 일의 수입니다. 사람 수도 일자리 수도 아닙니다.",
    }
}

fn field_meaning(field: Field) -> &'static str {
    match field {
        Field::Direct => "공공의 돈으로 임금을 직접 주는 일자리입니다.",
        Field::Training => "직업 교육과 훈련입니다.",
        Field::Matching => "구하는 사람과 일자리를 이어 줍니다.",
        Field::Subsidy => "사람을 뽑은 사업주에게 돈을 보탭니다.",
        Field::Startup => "창업을 돕습니다.",
        Field::Infrastructure => "시설과 단지를 지어 일자리의 바탕을 만듭니다.",
        Field::Other => "위의 어디에도 들지 않는 것입니다.",
        Field::Private => "구의 돈 없이 기업이 만든 일자리입니다.",
        Field::Unknown => "자료가 부문을 밝히지 않은 것입니다.",
    }
}

fn grade_meaning(grade: Grade) -> &'static str {
    match grade {
        Grade::Press => "신문이나 보도 자료에 나온 수를 옮겼습니다. 한 건 한 건은 열 수 없습니다.",
        Grade::Sum => "부서가 더해서 올린 수입니다.",
        Grade::Person => "일한 사람이 맞다고 했습니다.",
        Grade::Employer => "사업주가 맞다고 했습니다.",
        Grade::Document => "근로계약서, 출근부, 고용보험 기록 같은 문서를 보았습니다.",
    }
}

impl Sample for HowPage {
    fn samples() -> Vec<Self> {
        sample_pages::how()
    }
}
