//! Tables by personal attributes (개인 속성 표): handed in by one, confirmed by another, screened at disclosure.
//!
//! Owns: the acts on a handed-in table with their refusals, and which tables a disclosure has. Does
//! not own: what is hidden (`disclosure::suppress`) or how it is printed (`disclosure::bundle`). What a newcomer
//! gets wrong: showing an [`AttributeSheet`] or a [`Screened`] outside the office. Both hold
//! the hidden numbers; only a `PublishedTable` does not.

use std::collections::BTreeMap;

use iljari_base::id::Id;
use iljari_base::korean::{self, NumberReading, looks_like_resident_number};
use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Outcome, Refusal, Stop, Year, id};
use iljari_disclosure::bundle::attributes::{
    ITEM_NUMBER_MAX, ITEMS_MAX, PublishedTable, TOTAL, UNITS, UNKNOWN, is_item,
};
use iljari_disclosure::log::rollup::{Line, PlanTree};
use iljari_disclosure::log::words::Attribute;
use iljari_disclosure::plan::District;
use iljari_disclosure::suppress::{self, AttributeTable, Place, Screened};
use iljari_people::Cx;
use iljari_store::Tx;
use iljari_web::Viewer;

use crate::model::{AttributeSheet, SheetState};
use crate::{progress, store};

/// Longest remark, in characters.
const REMARK_MAX: usize = 500;

/// A table as an officer hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSheet {
    /// Year, unit, attribute and node.
    pub place: Place,
    /// Item and number.
    pub items: Vec<(String, i64)>,
    /// Where it comes from, in the officer's words.
    pub remark: String,
}

/// The items an attribute may have; empty where they are free within a form (연령대, 동).
pub fn items_of(attribute: Attribute) -> &'static [&'static str] {
    match attribute {
        Attribute::Sex => &["남성", "여성", "기타"],
        Attribute::Age | Attribute::Dong => &[],
        Attribute::Priority => &[
            "저소득층",
            "장애인",
            "고령자",
            "장기실업자",
            "여성가장",
            "결혼이민자",
            "북한이탈주민",
            "한부모가족",
            "위기청소년",
            "출소자",
            "노숙인",
            "청년 미취업자",
            "경력단절여성",
            "기타",
            "해당 없음",
        ],
        Attribute::Disability => &["장애인", "해당 없음"],
        Attribute::Nationality => &["내국인", "외국인"],
    }
}

/// The other ways people write an item.
const SAME_ITEM: [(Attribute, &str, &str); 4] = [
    (Attribute::Sex, "남", "남성"),
    (Attribute::Sex, "여", "여성"),
    (Attribute::Disability, "비장애인", "해당 없음"),
    (Attribute::Disability, "장애", "장애인"),
];

fn fits(attribute: Attribute, item: &str) -> bool {
    let only = |letters: &str| item.chars().all(|letter| letter.is_ascii_digit() || letters.contains(letter));
    match attribute {
        Attribute::Age => {
            item.starts_with(|letter: char| letter.is_ascii_digit())
                && item.contains(['세', '대'])
                && only("~-세대 이상하미만초과")
        }
        Attribute::Dong => {
            let syllable = |letter: char| ('가'..='힣').contains(&letter) || letter.is_ascii_digit() || letter == '·';
            item == "관외" || (item.ends_with(['동', '가']) && item.chars().count() <= 12 && item.chars().all(syllable))
        }
        _ => items_of(attribute).contains(&item),
    }
}

/// What may stand as an item, for the sentence of a refusal and the form's hint.
pub fn items_hint(attribute: Attribute) -> String {
    match attribute {
        Attribute::Age => "15~29세, 65세 이상, 30대처럼 적습니다".to_owned(),
        Attribute::Dong => "동 이름이나 ‘관외’를 적습니다".to_owned(),
        _ => format!("{} 가운데 적습니다", items_of(attribute).join(", ")),
    }
}

/// Reads rows as people paste them from a sheet: an item, then its number, a row a line. A row
/// `합계` is held against the sum and `미상` against what is left; neither is kept.
///
/// Refusals, each with its line: `no-rows`, `row-unread`, `item-unknown`, `item-twice`, `number-too-large`,
/// `total-row-differs`, `too-many-rows`.
pub fn read_rows(attribute: Attribute, text: &str) -> Result<Vec<(String, i64)>, Vec<Refusal>> {
    let mut faults = Vec::new();
    let (mut items, mut unknown, mut total): (Vec<(String, i64)>, i64, Option<i64>) = (Vec::new(), 0, None);
    for (line, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let fault = |code: &'static str, message: String| {
            Refusal::new(code, "", format!("{line}번째 줄: {message}")).at("rows")
        };
        let Some((item, n)) = read_row(row) else {
            faults.push(fault("row-unread", "항목과 수를 한 줄에 적어 주세요. 예: 여성 63".to_owned()));
            continue;
        };
        if !(0..=ITEM_NUMBER_MAX).contains(&n) {
            faults.push(fault("number-too-large", "0부터 10억까지의 수를 적어 주세요.".to_owned()));
            continue;
        }
        let item = SAME_ITEM
            .iter()
            .find(|(of, other, _)| *of == attribute && *other == item)
            .map_or(item, |same| same.2.to_owned());
        if item == TOTAL {
            total = Some(n);
        } else if item == UNKNOWN {
            unknown = n;
        } else if !is_item(&item) || !fits(attribute, &item) {
            let message = format!("‘{}’에 없는 항목입니다. {}.", attribute, items_hint(attribute));
            faults.push(fault("item-unknown", message));
        } else if items.iter().any(|(known, _)| *known == item) {
            faults.push(fault("item-twice", "같은 항목이 위에도 있습니다. 한 줄로 더해 주세요.".to_owned()));
        } else {
            items.push((item, n));
        }
    }
    let sum = items.iter().map(|(_, n)| *n).fold(unknown, i64::saturating_add);
    if let Some(total) = total.filter(|total| faults.is_empty() && *total != sum) {
        let message = format!("합계 줄은 {}인데 항목을 더하면 {}입니다.", grouped(total), grouped(sum));
        faults.push(Refusal::new("total-row-differs", "", message).at("rows"));
    }
    if items.len() >= ITEMS_MAX {
        faults.push(Refusal::new("too-many-rows", "", "항목이 너무 많습니다.").at("rows"));
    }
    if items.is_empty() && faults.is_empty() {
        faults.push(Refusal::new("no-rows", "", "항목과 수를 한 줄에 하나씩 적어 주세요.").at("rows"));
    }
    if faults.is_empty() { Ok(items) } else { Err(faults) }
}

/// `여성<TAB>1,063`, `여성 63`, `여성,63`: the number stands last.
fn read_row(row: &str) -> Option<(String, i64)> {
    let row = row.trim();
    let (item, number) = row
        .rsplit_once('\t')
        .or_else(|| row.rsplit_once(char::is_whitespace))
        .or_else(|| row.split_once(','))
        .map(|(item, number)| (item.trim().trim_end_matches([',', ':']).trim(), number.trim()))?;
    match korean::read_number(number.trim_end_matches(['명', '개'])) {
        Ok(NumberReading { about: false, value, .. }) => Some((korean::canonical_name(item)?, value)),
        _ => None,
    }
}

/// Hands a table in for a second person (작성).
///
/// Refusals: `resident-number`, `remark-too-long`, `unit-of-no-people`, `no-total`, `above-total`,
/// `sheet-waiting`, `nothing-new`.
pub async fn hand_in(tx: &mut Tx, cx: &Cx, book: &District, new: &NewSheet) -> Outcome<Id<id::AttributeSheet>> {
    if looks_like_resident_number(&new.remark) {
        return Err(resident_number("remark").into());
    }
    if new.remark.chars().count() > REMARK_MAX {
        let message = format!("{REMARK_MAX}자까지 적을 수 있습니다. 지금은 {}자입니다.", new.remark.chars().count());
        return Err(Refusal::new("remark-too-long", "", message).at("remark").into());
    }
    if !UNITS.contains(&new.place.unit) {
        let message = "일자리 수와 실인원만 사람을 한 번씩 셉니다. 단위를 다시 골라 주세요.";
        return Err(Refusal::new("unit-of-no-people", "", message).at("unit").into());
    }
    check_sum(tx, book, &new.place, &new.items).await?;
    let sheets = store::sheets(tx, &cx.district).await?;
    let same = |sheet: &&AttributeSheet| sheet.place == new.place;
    if sheets.iter().filter(same).any(|sheet| sheet.state == SheetState::Waiting) {
        let message = "같은 해, 사업, 구분의 표가 확인을 기다리고 있습니다. 그것이 먼저 끝나야 합니다.";
        return Err(Refusal::new("sheet-waiting", "", message).at("attribute").into());
    }
    if standing(&sheets).iter().any(|sheet| sheet.place == new.place && sheet.items == new.items) {
        return Err(Refusal::new("nothing-new", "", "지금 쓰고 있는 표와 같습니다.").at("rows").into());
    }
    let sheet = AttributeSheet {
        id: Id::fresh(&*cx.clock, &*cx.entropy),
        place: new.place.clone(),
        items: new.items.clone(),
        remark: new.remark.trim().to_owned(),
        recorded_by: cx.actor,
        recorded_at: cx.clock.now(),
        state: SheetState::Waiting,
    };
    store::insert_sheet(tx, &cx.district, &sheet).await?;
    Ok(sheet.id)
}

/// The sentence for something shaped like a resident registration number.
pub fn resident_number(field: &'static str) -> Refusal {
    Refusal::new(
        "resident-number",
        "개인정보 보호법 제24조의2",
        "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.",
    )
    .at(field)
}

/// A table may know fewer people than were counted, never more.
async fn check_sum(tx: &mut Tx, book: &District, place: &Place, items: &[(String, i64)]) -> Outcome<()> {
    let progress = progress::progress(tx, book).await?;
    let Some(whole) = progress.whole(place.node.as_str(), place.year, place.unit, &[]) else {
        let message =
            format!("{}년 이 사업에는 확인된 실적({})이 없습니다. 실적을 먼저 올려 주세요.", place.year, place.unit);
        return Err(Refusal::new("no-total", "", message).at("node").into());
    };
    let sum = items.iter().map(|(_, n)| *n).fold(0, i64::saturating_add);
    if sum > whole.total() {
        let message = format!(
            "항목을 더하면 {}인데 확인된 실적은 {}입니다. 실적보다 많을 수 없습니다. 모르는 사람은 적지 않으면 ‘미상’이 됩니다.",
            grouped(sum),
            grouped(whole.total())
        );
        return Err(Refusal::new("above-total", "", message).at("rows").into());
    }
    Ok(())
}

/// Confirms a waiting table (확인).
///
/// Refusals: `not-yours-to-see`, `already-decided`, those of `people::may_confirm`, and `no-total`,
/// `above-total` where the total has moved meanwhile.
pub async fn confirm(
    tx: &mut Tx,
    cx: &Cx,
    viewer: &Viewer,
    book: &District,
    id: Id<id::AttributeSheet>,
) -> Outcome<()> {
    let sheet = waiting(tx, cx, id).await?;
    iljari_people::may_confirm(tx, viewer, sheet.recorded_by, cx.today()).await?;
    check_sum(tx, book, &sheet.place, &sheet.items).await?;
    decide(tx, cx, id, &SheetState::Confirmed { by: cx.actor, at: cx.clock.now() }).await
}

/// Sends a waiting table back, with a reason (반려).
///
/// Refusals: `not-yours-to-see`, `already-decided`, `resident-number`, `send-back-without-reason`, and those of
/// `people::may_confirm`.
pub async fn send_back(tx: &mut Tx, cx: &Cx, viewer: &Viewer, id: Id<id::AttributeSheet>, reason: &str) -> Outcome<()> {
    let sheet = waiting(tx, cx, id).await?;
    if looks_like_resident_number(reason) {
        return Err(resident_number("reason").into());
    }
    let length = reason.trim().chars().count();
    if !(5..=REMARK_MAX).contains(&length) {
        let message =
            format!("돌려보내는 까닭을 다섯 글자에서 {REMARK_MAX}자까지 적어 주세요. 쓴 사람이 보고 고칩니다.");
        return Err(Refusal::new("send-back-without-reason", "", message).at("reason").into());
    }
    iljari_people::may_confirm(tx, viewer, sheet.recorded_by, cx.today()).await?;
    let state = SheetState::SentBack { by: cx.actor, at: cx.clock.now(), reason: reason.trim().to_owned() };
    decide(tx, cx, id, &state).await
}

/// Takes one's own waiting table back.
///
/// Refusals: `not-yours-to-see`, `already-decided`, `not-your-own`.
pub async fn withdraw(tx: &mut Tx, cx: &Cx, id: Id<id::AttributeSheet>) -> Outcome<()> {
    let sheet = waiting(tx, cx, id).await?;
    if sheet.recorded_by != cx.actor {
        return Err(Refusal::new("not-your-own", "", "쓴 사람만 거둬들일 수 있습니다.").into());
    }
    decide(tx, cx, id, &SheetState::Withdrawn { at: cx.clock.now() }).await
}

/// One handed-in table.
pub async fn sheet(
    tx: &mut Tx,
    district: &DistrictCode,
    id: Id<id::AttributeSheet>,
) -> Outcome<Option<AttributeSheet>> {
    Ok(store::sheets(tx, district).await?.into_iter().find(|sheet| sheet.id == id))
}

async fn waiting(tx: &mut Tx, cx: &Cx, id: Id<id::AttributeSheet>) -> Outcome<AttributeSheet> {
    let Some(sheet) = sheet(tx, &cx.district, id).await? else {
        return Err(Refusal::new("not-yours-to-see", "", "찾으시는 자료가 없습니다.").into());
    };
    if sheet.state == SheetState::Waiting { Ok(sheet) } else { Err(already_decided(sheet.state.label())) }
}

async fn decide(tx: &mut Tx, cx: &Cx, id: Id<id::AttributeSheet>, state: &SheetState) -> Outcome<()> {
    if store::decide_sheet(tx, &cx.district, id, state, cx.actor, cx.clock.now()).await? {
        Ok(())
    } else {
        Err(already_decided("처리됨"))
    }
}

fn already_decided(label: &str) -> Stop {
    Refusal::new("already-decided", "", format!("이미 처리된 자료입니다(지금 상태: {label}).")).into()
}

/// The tables in force: of each place the newest confirmed one.
pub fn standing(sheets: &[AttributeSheet]) -> Vec<&AttributeSheet> {
    let mut newest: BTreeMap<&Place, (iljari_base::Timestamp, &AttributeSheet)> = BTreeMap::new();
    for sheet in sheets {
        if let SheetState::Confirmed { at, .. } = sheet.state
            && newest.get(&sheet.place).is_none_or(|(before, _)| *before <= at)
        {
            newest.insert(&sheet.place, (at, sheet));
        }
    }
    newest.into_values().map(|(_, sheet)| sheet).collect()
}

/// What a disclosure of a year would make of the tables (가림 미리보기).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screening {
    /// The tables with what is hidden of them.
    pub tables: Vec<Screened>,
    /// Confirmed tables that know more people than are counted by now, with that count: they must
    /// be handed in anew and are left out.
    pub outgrown: Vec<(AttributeSheet, i64)>,
}

/// Screens the standing tables of a year over everything disclosed before. `lines` are the year's
/// numbers, the trees those they were rolled up along.
pub async fn screened(
    tx: &mut Tx,
    district: &DistrictCode,
    year: Year,
    lines: &[Line],
    trees: &PlanTree,
) -> Outcome<Screening> {
    let sheets = store::sheets(tx, district).await?;
    let (mut tables, mut outgrown) = (Vec::new(), Vec::new());
    for sheet in standing(&sheets).into_iter().filter(|sheet| sheet.place.year == year) {
        let total = line_of(&sheet.place, lines).map_or(0, |line| line.whole.total());
        let known = sheet.items.iter().map(|(_, n)| *n).fold(0, i64::saturating_add);
        if known > total {
            outgrown.push((sheet.clone(), total));
            continue;
        }
        let mut items = sheet.items.clone();
        if known < total {
            items.push((UNKNOWN.to_owned(), total - known));
        }
        tables.push(AttributeTable { place: sheet.place.clone(), total, items });
    }
    let earlier: Vec<Vec<Screened>> =
        store::disclosed_tables(tx, district).await?.into_iter().map(|(_, tables)| tables).collect();
    Ok(Screening { tables: suppress::screen(&tables, trees, &earlier), outgrown })
}

fn line_of<'l>(place: &Place, lines: &'l [Line]) -> Option<&'l Line> {
    lines.iter().find(|line| {
        line.year == place.year && line.node == place.node && line.unit == place.unit && line.field.is_none()
    })
}

/// What one disclosure made of the tables.
pub async fn disclosed(tx: &mut Tx, district: &DistrictCode, no: i64) -> Outcome<Vec<Screened>> {
    let all = store::disclosed_tables(tx, district).await?;
    Ok(all.into_iter().find(|(of, _)| *of == no).map(|(_, tables)| tables).unwrap_or_default())
}

/// The tables as they may leave the house, named as that year's plan names their nodes.
pub fn published(tables: &[Screened], lines: &[Line]) -> Vec<PublishedTable> {
    let named = |one: &Screened| {
        let name = line_of(&one.table.place, lines).map_or("", |line| line.name.as_str());
        one.published(name)
    };
    tables.iter().map(named).collect()
}

/// The newest published tables of a year by one attribute, of every node that has one: for a map of
/// 동, say. A table that was withheld or never disclosed is not among them.
pub async fn newest_published(
    tx: &mut Tx,
    district: &DistrictCode,
    year: Year,
    attribute: Attribute,
) -> Outcome<Vec<PublishedTable>> {
    let mut newest: BTreeMap<Place, PublishedTable> = BTreeMap::new();
    for (_, tables) in store::disclosed_tables(tx, district).await? {
        for one in tables {
            let place = &one.table.place;
            if place.year == year && place.attribute == attribute && one.withheld.is_none() {
                newest.insert(place.clone(), one.published(place.node.as_str()));
            }
        }
    }
    Ok(newest.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(attribute: Attribute, text: &str) -> Vec<&'static str> {
        match read_rows(attribute, text) {
            Ok(_) => vec!["accepted"],
            Err(refusals) => refusals.iter().map(|refusal| refusal.code).collect(),
        }
    }

    #[test]
    fn rows_are_read_as_people_paste_them() {
        let items = read_rows(Attribute::Sex, "남\t1,204\n여성 63명\n\n미상 3\n합계 1,270").expect("rows");
        assert_eq!(items, [("남성".to_owned(), 1204), ("여성".to_owned(), 63)]);
        let items = read_rows(Attribute::Age, "15~29세, 12\n65세 이상 30").expect("rows");
        assert_eq!(items, [("15~29세".to_owned(), 12), ("65세 이상".to_owned(), 30)]);
        let items = read_rows(Attribute::Dong, "자양1동,9\n관외 4").expect("rows");
        assert_eq!(items, [("자양1동".to_owned(), 9), ("관외".to_owned(), 4)]);
    }

    #[test]
    fn each_wrong_row_is_told_with_its_line() {
        assert_eq!(codes(Attribute::Sex, " \n"), ["no-rows"]);
        assert_eq!(
            codes(Attribute::Sex, "여성\n여성 약 63\n여성 -3"),
            ["row-unread", "item-unknown", "number-too-large"]
        );
        assert_eq!(codes(Attribute::Sex, "홍예시 1\n여성 3\n여 4"), ["item-unknown", "item-twice"]);
        assert_eq!(codes(Attribute::Age, "홍예시 1\n61 4\n예순 4"), ["item-unknown"; 3]);
        assert_eq!(codes(Attribute::Dong, "서울시 자양로 12 3"), ["item-unknown"]);
        assert_eq!(codes(Attribute::Sex, "남성 3\n여성 4\n합계 8"), ["total-row-differs"]);
        let told = read_rows(Attribute::Sex, "여성 3\n홍예시 1").expect_err("refused");
        assert!(told[0].message.starts_with("2번째 줄") && !told[0].message.contains("홍예시"), "no name is said back");
    }
}
