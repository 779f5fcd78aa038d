//! Documents to look at and to hold against each other: an ordinary one, an extreme one, an empty one.

use iljari_base::{Date, Won, Year};
use iljari_print::{
    Block, Cell, Chart, Column, Document, Drawing, Fact, Letter, Line, LinePoint, Meta, Part, Row, Table, Tile,
    TileMap, Tone, YearBar, YearBars,
};

/// Texts that want to be something else: formulas, mark-up, template code, ends of sections.
pub const HOSTILE: [&str; 9] = [
    "=HYPERLINK(\"http://example.invalid\",\"눌러요\")",
    "<script>alert('x')</script>",
    "#import \"@preview/x:0.1.0\" #let x = 1",
    "]]>&lt;!--\\ $x^2$ *굵게* _기울임_ @ref",
    "\"따옴표\" '작은따옴표' ,쉼표",
    "+82-2-000-0000",
    "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "A_very_long_word_without_any_place_to_break_it_at_all_0123456789",
];

pub fn day() -> Date {
    Date::new(2026, 3, 31).expect("a day")
}

fn meta(title: &str, stem: &str) -> Meta {
    Meta {
        subtitle: "나루구 민선 8기 일자리대책".to_owned(),
        sample: true,
        facts: vec![
            Fact::new("결재 문서번호", "일자리정책과-1234 (2026년 3월 30일)"),
            Fact::new("확인값 크기", "잎 1,284개"),
            Fact::new("확인값 뿌리", "9f2c1b7d5e3a48f6a0c4d2e8b1957346cc01ab23de45f6789a0b1c2d3e4f5061"),
            Fact::new("열쇠 지문", "SHA256:pT3nKq1m0Yxw2c7Zl8Vd5Rb6Hs9Jf4Ga"),
        ],
        ..Meta::new(title, "나루구", Year(2025), day(), stem)
    }
}

fn chart(id: &str, title: &str, unit: &str, drawing: Drawing) -> Chart {
    Chart {
        id: id.to_owned(),
        title: title.to_owned(),
        unit: unit.to_owned(),
        source: "나루구 일자리 원장".to_owned(),
        as_of: day(),
        note: String::new(),
        drawing,
    }
}

fn year(label: &str, target: i64, actual: Option<i64>) -> YearBar {
    YearBar { label: label.to_owned(), target: Some(target), actual, ..YearBar::default() }
}

pub fn year_bars() -> Chart {
    let mut bars = vec![
        year("2022년", 6000, None),
        year("2023년", 6000, Some(6197)),
        year("2024년", 6000, Some(5318)),
        year("2025년", 6000, Some(6570)),
        year("2026년", 6000, Some(1485)),
    ];
    bars[0].word = "확인 중".to_owned();
    for bar in &mut bars {
        bar.other_target = Some(7500);
    }
    bars[4].forecast = Some(6120);
    chart(
        "year_bars",
        "3년 가운데 2년은 목표 6,000개를 넘었습니다",
        "개",
        Drawing::YearBars(YearBars { other_target_name: "확대 목표".to_owned(), bars, ..YearBars::default() }),
    )
}

pub fn line() -> Chart {
    let actual = [352, 677, 1165, 1697, 2211, 2708, 3128, 3574, 4140, 4688];
    let points = (1..=12_usize)
        .map(|month| LinePoint {
            label: format!("{month}월"),
            actual: actual.get(month - 1).copied(),
            forecast: match month {
                11 => Some(5230),
                12 => Some(5770),
                _ => None,
            },
        })
        .collect();
    let mut chart = chart(
        "by_month",
        "10월까지 4,688개이고, 이대로 가면 목표보다 230개 모자랍니다",
        "개",
        Drawing::Line(Line { target: Some(6000), points }),
    );
    chart.note = "예상은 지난 여섯 달의 평균을 남은 달에 더한 값입니다.".to_owned();
    chart
}

pub fn line_past_target() -> Chart {
    let actual = [400, 900, 1500, 2300, 3100, 3900, 4600, 5200, 5800, 6200, 6400, 6570];
    let points = (1..)
        .zip(actual)
        .map(|(month, actual)| LinePoint { label: format!("{month}월"), actual: Some(actual), forecast: None })
        .collect();
    chart("past_target", "10월에 목표를 넘었습니다", "개", Drawing::Line(Line { target: Some(6000), points }))
}

pub fn split() -> Chart {
    let part = |label: &str, value, tone| Part { label: label.to_owned(), value, tone };
    chart(
        "make_up",
        "실적 6,570개 가운데 4,210개는 한 사람씩 남긴 기록입니다",
        "개",
        Drawing::Split(vec![
            part("기록", 4210, Tone::Strong),
            part("부서 집계", 1860, Tone::Soft),
            part("보도에서 옮긴 것", 500, Tone::Hatched),
        ]),
    )
}

pub fn tiles() -> Chart {
    let tile = |label: &str, column, row, value| Tile { label: label.to_owned(), column, row, value };
    chart(
        "by_dong",
        "참여자가 가장 많은 곳은 가람동 612명입니다",
        "명",
        Drawing::TileMap(TileMap {
            place_name: "동".to_owned(),
            value_name: "참여자".to_owned(),
            tiles: vec![
                tile("가람제1동", 1, 0, Cell::Count(612)),
                tile("나루동", 2, 0, Cell::Count(431)),
                tile("다솜동", 0, 1, Cell::Count(205)),
                tile("라온제2동", 1, 1, Cell::Count(88)),
                tile("마루동", 2, 1, Cell::Suppressed),
                tile("바다동", 3, 1, Cell::Count(377)),
                tile("새벽별아름다운동", 1, 2, Cell::Unknown),
                tile("아침동", 2, 2, Cell::Withheld),
            ],
        }),
    )
}

fn summary() -> Table {
    let mut table = Table::new("by_field", "부문별로 본 2025년 목표와 실적")
        .sheet("총괄표")
        .unit("개, 백만 원")
        .note("사업비는 국비, 시비, 구비를 더한 값입니다. 백만 원 아래는 반올림했습니다.")
        .column(Column::text("field", "부문").heads_rows().wide().described("일자리를 만든 방법입니다."))
        .column(Column::count("target", "목표").group("일자리 수").described("계획에 적힌 목표입니다."))
        .column(Column::count("actual", "실적").group("일자리 수").described("기록에서 더한 실적입니다."))
        .column(Column::rate("rate", "달성률(%)").group("일자리 수").described("실적을 목표로 나눈 값입니다."))
        .column(Column::millions("planned", "계획").group("사업비").described("편성한 사업비입니다."))
        .column(Column::millions("spent", "집행").group("사업비").described("집행한 사업비입니다."));
    let row = |name: &str, target: i64, actual: Option<i64>, planned: i64, spent: Option<i64>| {
        vec![
            Cell::from(name),
            Cell::Count(target),
            Cell::count_or_unknown(actual),
            Cell::rate_of(actual, Some(target)),
            Cell::Won(Won(planned)),
            spent.map_or(Cell::Unknown, |won| Cell::Won(Won(won))),
        ]
    };
    table.push(Row::total(row("합계", 6000, Some(6570), 48_213_400_000, Some(46_907_512_000))));
    table.push(Row::subtotal(row("직접일자리 창출", 3200, Some(3471), 30_112_000_000, Some(29_874_000_000))));
    table.push(Row::ordinary(row("공공근로", 640, Some(641), 4_210_000_000, Some(4_198_230_000))).indent(1));
    table.push(Row::ordinary(row("동행일자리", 310, Some(288), 2_910_500_000, Some(2_640_000_000))).indent(1));
    table.push(Row::ordinary(row("직업능력개발훈련", 420, Some(437), 1_204_000_000, None)));
    table.push(Row::ordinary(row("고용서비스", 1900, Some(2218), 980_000_000, Some(975_400_000))));
    table.push(Row::ordinary(row("창업지원", 480, None, 2_310_000_000, None)));
    table
}

fn by_program(count: i64) -> Table {
    let mut table = Table::new("by_program", "사업별로 본 2025년 목표와 실적")
        .sheet("사업별")
        .unit("개")
        .column(Column::text("name", "사업").heads_rows().wide().described("사업의 이름입니다."))
        .column(Column::text("department", "담당부서").described("사업을 맡은 부서입니다."))
        .column(Column::count("target", "목표").described("계획에 적힌 목표입니다."))
        .column(Column::count("actual", "실적").described("기록에서 더한 실적입니다."))
        .column(Column::rate("rate", "달성률(%)").described("실적을 목표로 나눈 값입니다."))
        .column(Column::text("reason", "사유").wide().described("실적이 목표와 다른 까닭입니다."));
    let names = ["청년 일자리 나눔", "어르신 사회활동 지원", "취업박람회와 채용의 날", "소상공인 고용장려금"];
    for (number, name) in (0..count).zip(names.iter().cycle()) {
        let (target, actual) = (40 + number * 7 % 90, 31 + number * 11 % 120);
        table.push(Row::ordinary([
            Cell::text(format!("{name} {}차", number + 1)),
            Cell::from(if number % 3 == 0 { "일자리정책과" } else { "어르신복지과" }),
            Cell::Count(target),
            if number % 9 == 4 { Cell::Unknown } else { Cell::Count(actual) },
            if number % 9 == 4 { Cell::Unknown } else { Cell::rate_of(Some(actual), Some(target)) },
            Cell::from(if actual < target {
                "하반기 모집에서 신청이 예상보다 적었습니다."
            } else {
                ""
            }),
        ]));
    }
    table
}

pub fn letter() -> Letter {
    Letter {
        to: "내부결재".to_owned(),
        via: String::new(),
        subject: "2025년 일자리대책 추진실적 공시 계획".to_owned(),
        items: vec![
            "관련: 고용정책 기본법 제9조의2(지역일자리 목표 공시제)".to_owned(),
            "위 호와 관련하여 2025년 일자리대책 추진실적을 붙임과 같이 공시하고자 합니다. 목표 6,000개에 실적 6,570개로 목표보다 570개 많습니다."
                .to_owned(),
        ],
        enclosures: vec!["2025년 일자리대책 추진실적 1부".to_owned(), "총괄표 1부".to_owned()],
        sender: "나루구청장".to_owned(),
    }
}

/// A year's results as an office publishes them.
pub fn ordinary() -> Document {
    let mut document = Document::new(meta("2025년 일자리대책 추진실적", "sample-results-2025"));
    document.heading(1, "2025년에는 일자리 6,570개를 만들었습니다");
    document.paragraph(
        "나루구는 2025년 목표 6,000개보다 570개 많은 일자리를 만들었습니다. 아래의 모든 수는 일자리 원장의 기록을 더한 값이며, \
         누구나 공시 묶음을 내려받아 다시 계산할 수 있습니다.",
    );
    document.push(Block::Chart(year_bars()));
    document.push(Block::Table(summary()));
    document.heading(2, "수는 어디에서 왔습니까");
    document.push(Block::Chart(split()));
    document.push(Block::List(vec![
        "기록은 참여자 한 사람에 한 줄씩 남긴 것입니다.".to_owned(),
        "부서 집계는 부서가 합계로 낸 수이며, 증빙은 구청에 보관합니다.".to_owned(),
    ]));
    document.heading(1, "달마다 본 실적");
    document.push(Block::Chart(line()));
    document.push(Block::Chart(line_past_target()));
    document.heading(1, "동별 참여자");
    document.push(Block::Chart(tiles()));
    document.note("5명보다 적은 곳과, 그 수를 계산할 수 있게 하는 곳은 숨겼습니다.");
    document.heading(1, "사업별 실적");
    document.push(Block::Table(by_program(64)));
    document.push(Block::PageBreak);
    document.heading(1, "결재에 쓰는 글");
    document.push(Block::Letter(letter()));
    document
}

/// Long names, hostile texts, many columns, the largest numbers, and a draft.
pub fn extreme() -> Document {
    let mut meta = meta(
        "나루구 지역일자리 목표 공시제 민선 8기 일자리대책 연차별 세부계획 및 추진실적 종합 보고서 (2022년부터 2026년까지)",
        "sample-extreme",
    );
    meta.draft = true;
    meta.facts.push(Fact::new(
        "결재 문서번호가 없는 까닭",
        "아직 결재를 올리지 않았습니다. 결재가 끝나면 이 자리에 문서번호와 날짜가 적힙니다.",
    ));
    let mut document = Document::new(meta);
    document.heading(1, "이름은 이름으로 남습니다");
    for text in HOSTILE {
        document.paragraph(text);
    }
    document.paragraph("웃음 😀");
    let mut table = Table::new("hostile", HOSTILE[1])
        .unit("개")
        .column(Column::text("name", "이름").heads_rows())
        .column(Column::text("narrow", HOSTILE[6]).narrow())
        .column(Column::count("number", "수"))
        .column(Column::won("won", "금액"));
    for text in HOSTILE {
        table.push(Row::ordinary([
            Cell::from(text),
            Cell::from(text),
            Cell::Count(i64::MAX),
            Cell::Won(Won(i64::MIN)),
        ]));
    }
    document.push(Block::Table(table));
    document.heading(2, "넓은 표는 누운 쪽에 놓입니다");
    document.paragraph("이 문장은 표와 함께 다음 쪽으로 갑니다.");
    let mut wide = Table::new("wide", "열이 많은 표").unit("개").column(Column::text("name", "사업").heads_rows());
    let mut cells = vec![Cell::from("국민기초생활보장수급자자활근로사업단운영")];
    for year in 2022..2030 {
        for (key, title) in [("target", "목표"), ("actual", "실적")] {
            wide = wide.column(Column::count(format!("{key}_{year}"), title).group(format!("{year}년")));
            cells.push(Cell::Count(1_234_567));
        }
    }
    wide.push(Row::ordinary(cells));
    document.push(Block::Table(wide));
    document.paragraph("다시 선 쪽입니다.");
    let mut crowd = Table::new("crowd", "열이 너무 많은 표").column(Column::text("name", "사업").heads_rows());
    let mut cells = vec![Cell::from("사업")];
    for number in 0..40 {
        crowd = crowd.column(Column::count(format!("n{number}"), "실적"));
        cells.push(Cell::Count(12_345 + number));
    }
    crowd.push(Row::total(cells));
    document.push(Block::Table(crowd));
    let mut bars = vec![year(HOSTILE[6], i64::MAX, Some(i64::MAX)), year(HOSTILE[1], 3, Some(-3))];
    bars.push(YearBar::default());
    document.push(Block::Chart(chart(
        "odd_bars",
        HOSTILE[2],
        "개",
        Drawing::YearBars(YearBars { bars, ..YearBars::default() }),
    )));
    document.push(Block::Table(by_program(600)));
    document
}

/// A document that says nothing.
pub fn empty() -> Document {
    let mut document = Document::new(Meta::new("빈 문서", "나루구", Year(2025), day(), "sample-empty"));
    document.paragraph("");
    document.push(Block::List(Vec::new()));
    document.push(Block::Table(Table::new("no_columns", "열이 없는 표")));
    document.push(Block::Table(Table::new("no_rows", "줄이 없는 표").column(Column::count("n", "수"))));
    document.push(Block::Chart(chart("no_bars", "막대가 없는 도표", "개", Drawing::YearBars(YearBars::default()))));
    document.push(Block::Chart(chart("no_points", "점이 없는 도표", "개", Drawing::Line(Line::default()))));
    document.push(Block::Chart(chart("no_parts", "부분이 없는 도표", "개", Drawing::Split(Vec::new()))));
    document.push(Block::Chart(chart("no_tiles", "동이 없는 도표", "개", Drawing::TileMap(TileMap::default()))));
    document.push(Block::Letter(Letter::default()));
    document
}
