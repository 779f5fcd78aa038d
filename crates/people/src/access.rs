//! The access log (접속기록): who, when, from where, whose data, what; and why, for a download.
//!
//! Owns: writing lines, the chain over them, checking it. Does not own: when a slice has to write
//! one: whenever somebody's data is shown or taken out, in the act's own transaction.
//! What a newcomer gets wrong: leaving a field empty. There is a word for "nobody's data".

use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Actor, DistrictCode, Id, Month, Outcome, Refusal, Timestamp, id};
use iljari_store::{Act, Tx};
use iljari_web::Office;
use sha2::{Digest, Sha256};

use crate::cx::Cx;
use crate::model::Officer;
use crate::store::{self, Book};

/// Whose data a line is about (처리한 정보주체).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Nobody's.
    Nobody,
    /// An officer's.
    Officer(Id<id::Officer>),
    /// Several officers' of the district.
    AllOfficers,
    /// A resident's or an employer's, by receipt number; never by name.
    Receipt(String),
    /// A resident's, by her internal id.
    Resident(Id<id::Resident>),
    /// Several residents' at once: a list by its number. Who was in it is kept beside.
    ResidentList(i64),
}

/// What stands in the log where no person's data was touched.
pub const NOBODYS: &str = "해당 없음";

impl Whose {
    /// The text in the log.
    pub fn to_text(&self) -> String {
        match self {
            Whose::Nobody => NOBODYS.to_owned(),
            Whose::Officer(officer) => format!("담당자 {officer}"),
            Whose::AllOfficers => "담당자 전체".to_owned(),
            Whose::Receipt(number) => format!("접수번호 {number}"),
            Whose::Resident(resident) => format!("주민 {resident}"),
            Whose::ResidentList(no) => format!("주민 명단 {no}번"),
        }
    }
}

/// Fewest letters of a reason.
pub const SHORTEST_REASON: usize = 5;

/// Why somebody takes data out (내려받는 이유): at least five letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadReason(String);

impl DownloadReason {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads a reason; refuses one that says nothing. `refusal.field` is `reason`.
pub fn download_reason(text: &str) -> Result<DownloadReason, Refusal> {
    const BASIS: &str = "개인정보의 안전성 확보조치 기준 제8조 제2항";
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().filter(|letter| letter.is_alphanumeric()).count() < SHORTEST_REASON {
        let message = format!("내려받는 이유를 {SHORTEST_REASON}자 이상 적어 주세요. 예: 11월 접속기록 점검");
        return Err(Refusal::new("download-without-reason", BASIS, message).at("reason"));
    }
    if looks_like_resident_number(&text) {
        let message = "이유에 주민등록번호처럼 보이는 숫자가 있습니다. 빼고 다시 적어 주세요.";
        return Err(Refusal::new("resident-number-typed", "개인정보 보호법 제24조의2", message).at("reason"));
    }
    if text.chars().count() > 200 {
        return Err(Refusal::new("reason-too-long", "", "이유는 200자까지 적을 수 있습니다.").at("reason"));
    }
    Ok(DownloadReason(text))
}

/// What is to be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Whose data.
    pub whose: Whose,
    /// What was done (수행업무), in our words: `접속기록 열람 2026-11`. Never a person's own words.
    pub act: String,
    /// Set for a download.
    pub reason: Option<DownloadReason>,
}

impl Access {
    /// Something was done or looked at.
    pub fn to(act: impl Into<String>, whose: Whose) -> Self {
        Self { whose, act: act.into(), reason: None }
    }

    /// Something was taken out.
    pub fn download(act: impl Into<String>, whose: Whose, reason: DownloadReason) -> Self {
        Self { whose, act: act.into(), reason: Some(reason) }
    }
}

/// A line as it lies in the table; everything as text, so that a damaged one can still be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// Its number in the district, from 1.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// The hand: an officer's id, `operator`, `system`, `demo`.
    pub actor: String,
    /// The account (계정).
    pub account: String,
    /// From where (접속지).
    pub address: String,
    /// Whose data (처리한 정보주체).
    pub subject: String,
    /// What (수행업무).
    pub act: String,
    /// Whether data was taken out.
    pub download: bool,
    /// Why.
    pub reason: Option<String>,
    /// The hash of the line before; empty on the first.
    pub prev_hash: String,
    /// The hash of this line.
    pub hash: String,
    /// When (접속일시).
    pub at: String,
}

impl AccessLine {
    /// SHA-256 over everything but the hash, as one JSON array: no two lines read the same.
    fn computed_hash(&self, district: &DistrictCode) -> String {
        let line = serde_json::json!([
            1,
            district.as_str(),
            self.seq,
            self.id,
            self.actor,
            self.account,
            self.address,
            self.subject,
            self.act,
            self.download,
            self.reason,
            self.at,
            self.prev_hash
        ]);
        hex::encode(Sha256::digest(line.to_string().as_bytes()))
    }

    /// The hash this line would have with another act: what a forger would compute.
    #[cfg(test)]
    pub(crate) fn forged(&self, act: &str, district: &DistrictCode) -> String {
        Self { act: act.to_owned(), ..self.clone() }.computed_hash(district)
    }

    /// When, as people read it; the stored text where it cannot be read.
    pub fn at_korean(&self) -> String {
        self.at.parse::<Timestamp>().map_or_else(|_| self.at.clone(), Timestamp::korean)
    }
}

/// A line as an auditor reads it: names where the log itself holds ids. The log keeps ids because
/// a name can change, and a changed line would break the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadableLine {
    /// Its number.
    pub seq: i64,
    /// When, as people read it.
    pub at: String,
    /// The account; with the name, where it is another word.
    pub account: String,
    /// From where.
    pub address: String,
    /// Whose data.
    pub subject: String,
    /// What, without the id of the thing.
    pub act: String,
    /// The id of the thing; empty where the act names none.
    pub thing: String,
    /// Why, for a download.
    pub reason: Option<String>,
}

/// Lines with the names of these officers.
pub fn readable(lines: &[AccessLine], officers: &[Officer]) -> Vec<ReadableLine> {
    let named = |id: &str| officers.iter().find(|officer| officer.id.to_string() == id);
    let line = |line: &AccessLine| {
        let subject = match line.subject.strip_prefix("담당자 ").map(|id| (id, named(id))) {
            Some((_, Some(officer))) => format!("담당자 {}", officer.name),
            Some((id, None)) if id.starts_with("ofc_") => "지난 담당자".to_owned(),
            _ => line.subject.clone(),
        };
        let actor = officers.iter().find(|officer| Actor::Officer(officer.id).to_text() == line.actor);
        let account = match actor {
            Some(officer) if officer.name != line.account => format!("{} ({})", officer.name, line.account),
            _ => line.account.clone(),
        };
        let (act, thing) = match line.act.rsplit_once(' ') {
            Some((act, thing)) if is_id(thing) => (act.to_owned(), thing.to_owned()),
            _ => (line.act.clone(), String::new()),
        };
        ReadableLine {
            seq: line.seq,
            at: line.at_korean(),
            account,
            address: line.address.clone(),
            subject,
            act,
            thing,
            reason: line.reason.clone(),
        }
    };
    lines.iter().map(line).collect()
}

/// Three letters, an underscore, twenty-six digits of ours.
fn is_id(text: &str) -> bool {
    let ours = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    text.len() == 30 && text.as_bytes().get(3) == Some(&b'_') && text.bytes().all(ours)
}

/// Runs an officer's act that touches nobody's data and writes its line, both in one transaction. What the
/// line says is made of what the act gave back.
pub async fn logged<T, A, L>(office: &Office, cx: Cx, act: A, line: L) -> Outcome<T>
where
    T: Send + 'static,
    A: for<'t> FnOnce(&'t mut Tx, &'t Cx) -> Act<'t, T> + Send + 'static,
    L: FnOnce(&T) -> String + Send + 'static,
{
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let done = act(tx, &cx).await?;
                log_access(tx, &cx, Access::to(line(&done), Whose::Nobody)).await?;
                Ok(done)
            })
        })
        .await
}

/// Writes a line. In the same transaction as what it tells.
pub async fn log_access(tx: &mut Tx, cx: &Cx, access: Access) -> Outcome<Id<id::Access>> {
    let account = account(tx, cx).await?;
    let at = cx.now();
    let id = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
    let (seq, prev_hash) = store::next_number(tx, &cx.district, Book::Access, at).await?;
    let mut line = AccessLine {
        seq,
        id: id.to_string(),
        actor: cx.actor.to_text(),
        account,
        address: cx.address.clone(),
        subject: access.whose.to_text(),
        act: access.act,
        download: access.reason.is_some(),
        reason: access.reason.map(|reason| reason.0),
        prev_hash,
        hash: String::new(),
        at: at.to_string(),
    };
    line.hash = line.computed_hash(&cx.district);
    store::add_access_line(tx, &cx.district, &line).await?;
    store::keep_hash(tx, &cx.district, Book::Access, &line.hash).await?;
    Ok(id)
}

/// The account that acts, as people know it.
async fn account(tx: &mut Tx, cx: &Cx) -> Outcome<String> {
    Ok(match cx.actor {
        Actor::Officer(officer) => store::officer(tx, &cx.district, officer)
            .await?
            .map_or_else(|| officer.to_string(), |officer| officer.login.to_string()),
        other => other.to_text(),
    })
}

/// Who took a list out and when (내려받은 표시), for every row of it: a part of a list that turns up somewhere leads
/// back to the line of the access log (T-11).
pub async fn download_mark(tx: &mut Tx, cx: &Cx) -> Outcome<String> {
    Ok(format!("{} {}", account(tx, cx).await?, cx.now().korean()))
}

/// The first line that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLine {
    /// Its number.
    pub seq: i64,
    /// What is wrong with it.
    pub why: BrokenWhy,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenWhy {
    /// No line has this number.
    Missing,
    /// It does not follow from the line before.
    Unlinked,
    /// Something in it was changed.
    Changed,
}

impl BrokenWhy {
    /// The word on the page.
    pub fn korean(self) -> &'static str {
        match self {
            BrokenWhy::Missing => "빠진 줄",
            BrokenWhy::Unlinked => "앞줄과 이어지지 않는 줄",
            BrokenWhy::Changed => "바뀐 줄",
        }
    }
}

/// Recomputes the chain; the first broken line, or `None` when all is as it was written.
pub async fn verify_access_log(tx: &mut Tx, district: &DistrictCode) -> Outcome<Option<BrokenLine>> {
    const AT_ONCE: i64 = 1000;
    let (last_seq, last_hash) = store::head(tx, district, Book::Access).await?;
    let (mut seq, mut hash) = (0, String::new());
    loop {
        let lines = store::access_lines_after(tx, district, seq, AT_ONCE).await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            let broken = |seq, why| Ok(Some(BrokenLine { seq, why }));
            if line.seq != seq + 1 {
                return broken(seq + 1, BrokenWhy::Missing);
            }
            if line.computed_hash(district) != line.hash {
                return broken(line.seq, BrokenWhy::Changed);
            }
            if line.prev_hash != hash {
                return broken(line.seq, BrokenWhy::Unlinked);
            }
            (seq, hash) = (line.seq, line.hash);
        }
    }
    // Lines cut off at the end leave a whole chain; only the book knows how long it was.
    if seq < last_seq {
        return Ok(Some(BrokenLine { seq: seq + 1, why: BrokenWhy::Missing }));
    }
    Ok((hash != last_hash).then_some(BrokenLine { seq, why: BrokenWhy::Unlinked }))
}

/// The most lines a page shows.
pub const PAGE_LINES: i64 = 200;
/// The most lines of one download; what is cleared is never more.
const FILE_LINES: i64 = crate::downloads::ROWS_MAX;

/// A month of the log, the latest first: at most [`PAGE_LINES`], and how many there are.
pub async fn month_lines(tx: &mut Tx, district: &DistrictCode, month: Month) -> Outcome<(Vec<AccessLine>, i64)> {
    let (from, before) = seoul_month(month);
    let lines = store::access_lines_between(tx, district, from, before, PAGE_LINES).await?;
    let count = store::access_lines_count(tx, district, from, before).await?;
    Ok((lines, count))
}

/// How many lines a month of the log has.
pub async fn month_count(tx: &mut Tx, district: &DistrictCode, month: Month) -> Outcome<i64> {
    let (from, before) = seoul_month(month);
    store::access_lines_count(tx, district, from, before).await
}

/// A month of the log for a file, the latest first.
pub async fn month_file_lines(tx: &mut Tx, district: &DistrictCode, month: Month) -> Outcome<Vec<AccessLine>> {
    let (from, before) = seoul_month(month);
    store::access_lines_between(tx, district, from, before, FILE_LINES).await
}

/// What one officer did last: everybody may see their own lines.
pub async fn own_lines(tx: &mut Tx, district: &DistrictCode, actor: Actor, at_most: i64) -> Outcome<Vec<AccessLine>> {
    store::access_lines_of(tx, district, actor, at_most).await
}

/// From the first midnight of the month in Seoul to that of the next.
fn seoul_month(month: Month) -> (Timestamp, Timestamp) {
    let number = month.number();
    let next = if month.of_year() == 12 { number + 89 } else { number + 1 };
    (seoul_midnight(number), seoul_midnight(next))
}

fn seoul_midnight(number: i64) -> Timestamp {
    const SEOUL_SECONDS: i64 = 9 * 3600;
    let text = format!("{:04}-{:02}-01T00:00:00.000000Z", number / 100, number % 100);
    // Months come from 1900..=2200, so that the text is always an instant.
    text.parse::<Timestamp>().map_or(Timestamp::from_microsecond(0), |utc| utc.plus_seconds(-SEOUL_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_something() {
        for (typed, expected) in [
            ("", Some("download-without-reason")),
            ("점검", Some("download-without-reason")),
            ("..........", Some("download-without-reason")),
            ("점  검  점  검", Some("download-without-reason")),
            ("11월 접속기록 점검", None),
            ("홍예시 900101-1234567 확인", Some("resident-number-typed")),
        ] {
            assert_eq!(download_reason(typed).err().map(|refusal| refusal.code), expected, "{typed:?}");
        }
        assert_eq!(download_reason(&"가".repeat(201)).err().map(|refusal| refusal.code), Some("reason-too-long"));
    }

    #[test]
    fn a_month_is_seouls_month() {
        let month = |number| seoul_month(Month::from_number(number).expect("a month"));
        let (from, before) = month(202612);
        assert_eq!(from.to_string(), "2026-11-30T15:00:00.000000Z");
        assert_eq!(before.to_string(), "2026-12-31T15:00:00.000000Z");
    }
}
