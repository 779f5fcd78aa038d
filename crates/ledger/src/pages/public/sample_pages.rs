//! The public pages empty, ordinary and at their largest; the home's are in `sample_home`.
//!
//! Owns: invented values only; 나루구 is not a real district.

use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Year};
use iljari_disclosure::log::totals::Source;
use iljari_disclosure::log::words::{Field, Unit};
use iljari_plans::pages::words::NOTHING;
use iljari_web::charts::{Cumulative, Svg, YearBar, YearBars, cumulative, year_bars};
use iljari_web::{DisplayPrefs, Pager, PublicNav, Qr, Shell};

use super::disclosed_files::DocumentLine;
use super::disclosure::{AttributeView, BundleLink, ChangedRow, DisclosurePage, FrozenRow, ToldLine};
use super::disclosures::{DisclosureLine, DisclosuresPage};
use super::entry_view::EntryView;
use super::home::Sentence;
use super::how::{HowPage, page_of};
use super::node::{Child, CourseView, NodePage, PeriodTable};
use super::node_facts::{MoneyRow, NodeYear, PeriodRow, TargetLine};
use super::node_year::{FieldRow, NodeYearPage, UnitTable};
use super::number::{Number, Said};
use super::receipt::ReceiptPage;
use super::sample_home::published;
use super::story::{Chapter, Event};
use super::verify::{Head, VerifyPage};

pub(super) const LONG: &str =
    "아주 길고 긴 이름을 가진 사업이어서 휴대전화 화면에서는 여러 줄로 나뉘어야만 하는 지역 밀착형 맞춤 일자리 지원";
pub(super) const LARGE: i64 = 1_000_000_000;

fn code() -> Option<DistrictCode> {
    "99001".parse().ok()
}

pub(super) fn shell(title: &str, nav: PublicNav) -> Shell {
    let district = code().map(|code| iljari_web::District::new(code, "나루구"));
    Shell::public(&DisplayPrefs::sample(), title, district, nav)
}

fn trail(title: &str, nav: PublicNav) -> Shell {
    shell(title, nav).crumb("진행 상황", "/districts/99001").here(title)
}

pub(super) fn number(node: &str, year: i16, value: i64) -> Number {
    code().map(|code| Number::total(&code, node, Year(year), Unit::Jobs, value)).unwrap_or_default()
}

pub(super) fn said(before: &str, number: Option<Number>, after: &str) -> Sentence {
    Sentence { before: before.to_owned(), number, after: after.to_owned() }
}

pub(super) fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

fn entry(value: i64, name: &str, correction: bool) -> EntryView {
    let leaf = "0123456789abcdef0123456789abcdef";
    EntryView {
        title: if correction {
            Said::new("2025년 6월 실적을 63개에서 58개로 정정했습니다")
        } else {
            Said::new("2025년 6월 실적 ").number(&number("a", 2025, value).of_leaf(leaf)).words("개를 더했습니다")
        },
        period: "2025년 6월".to_owned(),
        node: name.to_owned(),
        node_href: "/districts/99001/plan/a".to_owned(),
        field: Field::Direct.as_str().to_owned(),
        number: number("a", 2025, if correction { -5 } else { value }).of_leaf(leaf),
        negative: correction,
        kind: if correction { "정정" } else { "집계" }.to_owned(),
        grade: "증빙 등급 4(문서 증빙)".to_owned(),
        rest: false,
        correction,
        why: if correction { format!("정정 사유: 중복. {name}") } else { String::new() },
        late: if correction {
            "기간이 끝나고 60일이 지나 봉인했습니다".to_owned()
        } else {
            String::new()
        },
        who: "담당자가 올리고 다른 담당자가 확인했습니다.".to_owned(),
        machine_day: "2025-08-14".to_owned(),
        sealed: "2025년 8월 14일(목) 봉인".to_owned(),
        leaf_short: "01234567".to_owned(),
        leaf_line: format!(
            "{{\"v\":1,\"k\":\"count\",\"d\":\"99001\",\"id\":\"{leaf}\",\"node\":\"a\",\"from\":202506,\"to\":202506,\"field\":\"직접일자리 창출\",\"unit\":\"일자리 수\",\"n\":{value},\"grade\":4,\"rest\":0}}"
        ),
        receipt_href: if correction { String::new() } else { format!("/districts/99001/receipts/{leaf}") },
    }
}

pub(super) fn node() -> Vec<NodePage> {
    vec![node_empty(), node_of(63, "강변 정원지기"), node_of(LARGE, LONG)]
}

fn node_empty() -> NodePage {
    NodePage {
        shell: trail("강변 정원지기", PublicNav::Plan),
        eyebrow: "단위사업 정원지기".to_owned(),
        is_sample: true,
        title: said("강변 정원지기의 실적은 아직 장부에 없습니다", None, ""),
        lead: String::new(),
        corrections: 0,
        late: 0,
        facts: Vec::new(),
        years: Vec::new(),
        one_unit: None,
        bars: Svg::default(),
        money: Vec::new(),
        published: Vec::new(),
        periods: Vec::new(),
        course: None,
        story: Vec::new(),
        children: Vec::new(),
        gap: String::new(),
        node_href: "/districts/99001/plan/어르신일자리".to_owned(),
    }
}

fn chapter(value: i64, name: &str) -> Chapter {
    let event = |entry: EntryView| Event {
        day: entry.sealed.clone(),
        machine_day: entry.machine_day.clone(),
        what: entry.title.clone(),
        notes: vec![entry.why.clone(), name.to_owned()],
        link: Some((name.to_owned(), "/districts/99001/plan/a".to_owned())),
        correction: entry.correction,
        entry: Some(entry),
    };
    let plan = Event {
        day: "날짜 자료 없음".to_owned(),
        what: Said::new("종합계획이 2025년 목표를 270개로 정했습니다"),
        ..Event::default()
    };
    let events = vec![plan, event(entry(value, name, false)), event(entry(value, name, true))];
    Chapter { year: "2025".to_owned(), events }
}

fn node_of(value: i64, name: &str) -> NodePage {
    let bar =
        YearBar { label: "2025년".to_owned(), target: Some(value), actual: Some(value - 5), note: String::new() };
    let year = |year: i16, known: bool| NodeYear {
        year: year.to_string(),
        unit: "일자리 수".to_owned(),
        targets: vec![TargetLine {
            set: name.to_owned(),
            term: format!("{}개", grouped(value)).as_str().into(),
            yearly: format!("{}개", grouped(value)).as_str().into(),
            revised: known,
        }],
        actual: known.then(|| number("a", year, value - 5)),
        word: if known { "9월까지" } else { "진행 중" }.to_owned(),
        rate: "–".to_owned(),
    };
    let period = PeriodRow {
        period: "2025년 6월".to_owned(),
        before: grouped(value),
        own: number("a", 2025, value - 5),
        together: number("a", 2025, value - 5),
        rest: true,
    };
    let table = PeriodTable { year: "2025".to_owned(), unit: "일자리 수".to_owned(), rows: vec![period; 3] };
    NodePage {
        eyebrow: "단위사업 정원지기 · 어르신복지과".to_owned(),
        title: said(
            &format!("{name}에서 2025년 9월까지 일자리 "),
            Some(number("a", 2025, value - 5)),
            "개를 만들었습니다",
        ),
        lead: "한 해가 아직 다 차지 않은 수입니다.".to_owned(),
        corrections: 1,
        late: 1,
        facts: vec![
            ("부문".to_owned(), vec!["직접일자리 창출".to_owned()]),
            ("내용".to_owned(), vec![name.to_owned(), name.to_owned()]),
            ("지침".to_owned(), vec![NOTHING.to_owned()]),
        ],
        years: vec![year(2025, true), year(2026, false)],
        bars: year_bars(&YearBars { id: "node-years", what: name, unit: "개", rows: &[bar] }),
        money: vec![MoneyRow {
            year: "2025".to_owned(),
            kind: "계획",
            total: "600백만 원".into(),
            funds: vec![("국비", "300백만 원".into()), ("시비", NOTHING.into())],
        }],
        published: published(value, name),
        periods: vec![table.clone(), table],
        course: Some(CourseView {
            year: "2026".to_owned(),
            picture: cumulative(&Cumulative {
                id: "node-course",
                what: name,
                unit: "개",
                target: Some(value),
                points: &[(3, value / 4), (9, value / 2)],
                last_year: &[(6, value / 2), (12, value)],
                forecast: None,
            }),
            sentence: format!("이대로면 12월에 목표보다 {}개 적습니다", grouped(value / 4)),
            even: "고르게 갈 때보다 뒤져 있습니다".to_owned(),
            method: "예상의 구간은 없습니다. 자료 부족.".to_owned(),
            target: "이 자리의 목표는 계획에 따로 없어 아래의 목표를 더했습니다: 1,200 + 850".to_owned(),
        }),
        story: vec![chapter(value, name), chapter(value, name)],
        children: vec![Child {
            name: name.to_owned(),
            href: "/districts/99001/plan/b".to_owned(),
            level: "단위사업".to_owned(),
            number: Some(number("b", 2025, value)),
            year: "2025".to_owned(),
        }],
        gap: "이 아래에 이름이 알려지지 않은 것이 더 있습니다.".to_owned(),
        node_href: "/districts/99001/plan/전체".to_owned(),
        ..node_empty()
    }
}

pub(super) fn node_year() -> Vec<NodeYearPage> {
    let empty = NodeYearPage {
        shell: trail("2026년 기록", PublicNav::Plan),
        eyebrow: "2026년 · 강변 정원지기".to_owned(),
        is_sample: true,
        title: said("강변 정원지기의 2026년 실적은 아직 장부에 없습니다", None, ""),
        node_href: "/districts/99001/plan/a".to_owned(),
        units: Vec::new(),
        entries: Vec::new(),
        all: 0,
        pager: Pager::of(0, 1, "/districts/99001/plan/a/2026?page="),
    };
    let of = |value: i64, name: &str, all: usize| {
        let part = |source: Source| (source.korean(), number("a", 2025, value).of_part(source));
        let row = |field: &str| FieldRow {
            field: field.to_owned(),
            parts: [Source::Records, Source::Sums, Source::Press].map(part).to_vec(),
            whole: number("a", 2025, value),
        };
        NodeYearPage {
            title: said(
                &format!("{name}의 2025년 일자리 "),
                Some(number("a", 2025, value)),
                "개는 기록 2건을 더한 수입니다",
            ),
            units: vec![UnitTable {
                unit: "일자리 수".to_owned(),
                rows: vec![row("직접일자리 창출"), row("직업능력개발훈련")],
                whole: Some(row("모두")),
            }],
            entries: (0..all.min(50)).map(|place| entry(value, name, place == 0)).collect(),
            all,
            pager: Pager::of(i64::try_from(all).unwrap_or(0), 3, "/districts/99001/plan/a/2025?page="),
            ..empty.clone()
        }
    };
    vec![empty.clone(), of(58, "강변 정원지기", 2), of(LARGE, LONG, 12_345)]
}

pub(super) fn how() -> Vec<HowPage> {
    let page = |rules: Vec<String>, unknown: Vec<String>| {
        let district = code().map(|code| iljari_web::District::new(code, "나루구"));
        district.map(|district| page_of(&DisplayPrefs::sample(), district, "/districts/99001", rules, unknown))
    };
    let many = |count: usize| (0..count).map(|_| LONG.to_owned()).collect::<Vec<_>>();
    [page(Vec::new(), Vec::new()), page(many(1), many(2)), page(many(12), many(60))].into_iter().flatten().collect()
}

pub(super) fn disclosures() -> Vec<DisclosuresPage> {
    let page = |lines: Vec<DisclosureLine>| DisclosuresPage {
        shell: trail("공시", PublicNav::Disclosures),
        is_sample: true,
        title: match lines.len() {
            0 => "나루구는 아직 공시하지 않았습니다".to_owned(),
            count => format!("나루구는 공시를 {count}번 했습니다"),
        },
        lines,
        feed_href: "/districts/99001/disclosures".to_owned(),
        verify_href: "/districts/99001/verify".to_owned(),
    };
    let line = |no: usize| DisclosureLine {
        href: format!("/districts/99001/disclosures/{no}"),
        title: format!("2025년 일자리 공시 (제{no}호)"),
        day: "2026년 3월 27일(금)".to_owned(),
        corrects: if no == 2 { "제1호를 바로잡음".to_owned() } else { String::new() },
        corrected_by: if no == 1 { "제2호가 바로잡음".to_owned() } else { String::new() },
        told: if no == 2 { String::new() } else { "홈페이지, REIS, 언론, 설명회에 알림".to_owned() },
    };
    vec![page(Vec::new()), page(vec![line(2), line(1)]), page((1..=200).map(line).collect())]
}

pub(super) fn disclosure() -> Vec<DisclosurePage> {
    let row = |value: i64, name: &str| FrozenRow {
        name: name.to_owned(),
        field: "모든 부문".to_owned(),
        unit: "일자리 수".to_owned(),
        number: number("a", 2025, value).as_disclosed(1),
    };
    let told = |channel: &'static str, place: &str, struck: &str| ToldLine {
        day: "2026년 3월 27일(금)".to_owned(),
        machine_day: "2026-03-27".to_owned(),
        channel,
        place: place.to_owned(),
        href: if place.starts_with("https") { place.to_owned() } else { String::new() },
        struck: struck.to_owned(),
    };
    let waiting = DisclosurePage {
        shell: trail("2025년 공시 제1호", PublicNav::Disclosures),
        is_sample: true,
        eyebrow: "공시 제1호 · 2026년 3월 27일(금)".to_owned(),
        title: "나루구의 2025년 일자리 숫자를 공시했습니다".to_owned(),
        lead: String::new(),
        bundle: None,
        facts: pairs(&[("결재 문서번호", "아직 없음. 결재를 올리기 전의 시험 공시입니다")]),
        corrects: None,
        corrected_by: None,
        changed: Vec::new(),
        numbers: Vec::new(),
        below: Vec::new(),
        attributes: Vec::new(),
        documents: Vec::new(),
        data: Vec::new(),
        told: Vec::new(),
        verify_href: "/districts/99001/verify".to_owned(),
    };
    let table = |items: usize| AttributeView {
        caption: format!("{LONG} · 연령대 (일자리 수)"),
        total: grouped(LARGE),
        rows: (0..items)
            .map(|nth| {
                let hidden = nth % 3 == 1;
                let number = if hidden { "비공개".to_owned() } else { grouped(1_234) };
                (format!("{}~{}세", nth * 5, nth * 5 + 4), number, hidden)
            })
            .collect(),
    };
    let file = |name: String, format: &'static str| DocumentLine {
        href: format!("/districts/99001/disclosures/1/documents/{name}"),
        name,
        format,
        size: "181.0 KB".to_owned(),
        sha256: "0123456789abcdef".repeat(4),
    };
    let of = |value: i64, name: &str, rows: usize| DisclosurePage {
        lead: format!("그날 얼린 숫자는 일자리 수 {}개입니다.", grouped(value)),
        bundle: Some(BundleLink {
            href: "/districts/99001/disclosures/1/bundle.zip".to_owned(),
            size: "1.9 MB".to_owned(),
        }),
        facts: pairs(&[
            ("결재 문서번호", "일자리정책과-예시-101 (2026년 3월 26일(목))"),
            ("기록의 요약값", "0123456789abcdef…"),
            ("서명 키 지문", "0123 4567 89ab cdef 0123 4567 89ab cdef"),
        ]),
        corrects: Some(("제1호".to_owned(), "/districts/99001/disclosures/1".to_owned())),
        corrected_by: Some(("제3호".to_owned(), "/districts/99001/disclosures/3".to_owned())),
        changed: vec![ChangedRow {
            name: name.to_owned(),
            field: "직접일자리 창출".to_owned(),
            old: Some(number("a", 2025, value).as_disclosed(1)),
            new: None,
            difference: -5,
        }],
        numbers: vec![row(value, name)],
        told: vec![
            told("홈페이지", "https://jobs.example.kr/board/notice/2026/03/27/regional-job-target-disclosure-0001", ""),
            told("언론", name, "2026년 4월 2일(목)에 그은 줄. 다른 공시를 다룬 기사였습니다"),
        ],
        below: vec![row(value, name); rows],
        attributes: vec![table(rows), table(0)],
        documents: vec![file("추진실적-2025.pdf".to_owned(), "PDF"), file("추진실적-2025.hwpx".to_owned(), "HWPX")],
        data: (0..rows).map(|nth| file(format!("csv/추진실적-2025/{nth}.csv"), "CSV")).collect(),
        ..waiting.clone()
    };
    vec![waiting.clone(), of(318, "강변 정원지기", 3), of(LARGE, LONG, 300)]
}

pub(super) fn receipt() -> Vec<ReceiptPage> {
    let leaf = "0123456789abcdef0123456789abcdef";
    let text =
        format!("c2sp.org/tlog-proof@v1\nindex 3\n{}\n\ndemo.iljari.example/99001\n7\n", "q6urq6s=\n".repeat(21));
    let page = |title: String, place: &str, qr: Option<Qr>, text: &str| ReceiptPage {
        shell: shell("확인증", PublicNav::Verify)
            .crumb("진행 상황", "/districts/99001")
            .crumb("숫자 확인하기", "/districts/99001/verify")
            .here("확인증"),
        title: Said::new(&title),
        place: place.to_owned(),
        proves: iljari_disclosure::log::proof::PROVES,
        leaf_id: leaf.to_owned(),
        position: "7건 가운데 4번째".to_owned(),
        sealed: "2025년 8월 14일(목)".to_owned(),
        origin: "demo.iljari.example/99001".to_owned(),
        fingerprint: "0123 4567 89ab cdef 0123 4567 89ab cdef".to_owned(),
        qr_is_whole: qr.as_ref().is_some_and(|qr| qr.side > 60),
        qr,
        text: text.to_owned(),
        file_href: format!("/log/99001/proof/{leaf}"),
        verify_href: "/districts/99001/verify#receipt".to_owned(),
    };
    let counted = format!("2025년 6월 실적 {}개를 더했습니다", grouped(LARGE));
    vec![
        page("계획 기록입니다".to_owned(), "", None, "c2sp.org/tlog-proof@v1\n"),
        page("2025년 6월 실적 64개를 더했습니다".to_owned(), "강변 정원지기 · 직접일자리 창출", Qr::of(&text), &text),
        page(counted, LONG, Qr::of("demo.iljari.example/99001"), &text.repeat(3)),
    ]
}

pub(super) fn verify() -> Vec<VerifyPage> {
    let key = "demo.iljari.example/99001+01234567+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh";
    let page = |head: Option<Head>, newest: Option<(String, String)>| VerifyPage {
        shell: trail("숫자 확인하기", PublicNav::Verify),
        code: "99001".to_owned(),
        action: "/districts/99001/verify".to_owned(),
        key: key.to_owned(),
        fingerprint: "0123 4567 89ab cdef 0123 4567 89ab cdef".to_owned(),
        head,
        newest,
        how_href: "/districts/99001/how".to_owned(),
        disclosures_href: "/districts/99001/disclosures".to_owned(),
    };
    let head = |size: i64| Head {
        day: "2026년 11월 5일(목) 14:03".to_owned(),
        size: grouped(size),
        root: "0123456789abcdef".repeat(4),
        checkpoint: format!("demo.iljari.example/99001\n{size}\nq6urq6s=\n\n— demo.iljari.example/99001 q6urq6s=\n"),
    };
    let newest = ("iljari-99001-1.zip".to_owned(), "/districts/99001/disclosures/1".to_owned());
    vec![page(None, None), page(Some(head(7)), Some(newest.clone())), page(Some(head(LARGE)), Some(newest))]
}
