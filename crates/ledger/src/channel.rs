//! Where a disclosure was announced (알린 곳): written down afterwards, never taken away.
//!
//! Owns: the two acts and their refusals. Does not own: the disclosure, which no channel changes.
//! What a newcomer gets wrong: editing a wrong line. It is struck through with a reason and the
//! right one is added below it; readers see both.

use iljari_base::korean::looks_like_resident_number;
use iljari_base::{Date, Outcome, Refusal, Stop};
use iljari_people::Cx;
use iljari_store::Tx;

use crate::model::{Announcement, Channel};
use crate::store;

/// Longest place and longest reason, in characters.
const TEXT_MAX: usize = 300;

/// Fewest characters of a reason.
const REASON_MIN: usize = 5;

/// What an officer writes down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnnouncement {
    /// Which disclosure.
    pub disclosure_no: i64,
    /// What kind of place.
    pub channel: Channel,
    /// On which day.
    pub announced_on: Date,
    /// Where.
    pub place: String,
}

/// Writes down where a disclosure was announced; the line's number.
///
/// Refusals: `resident-number`, `no-such-disclosure`, `place-missing`, `text-too-long`,
/// `place-not-an-address`, `announced-later`, `announced-before`, `announced-twice`.
pub async fn announce(tx: &mut Tx, cx: &Cx, new: NewAnnouncement) -> Outcome<i64> {
    let place = new.place.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut faults = text_faults(&place, "place");
    let disclosures = store::disclosures(tx, &cx.district).await?;
    let Some(disclosure) = disclosures.iter().find(|disclosure| disclosure.no == new.disclosure_no) else {
        return Err(Refusal::new("no-such-disclosure", "", "그런 공시가 없습니다.").into());
    };
    if place.is_empty() {
        let message = match new.channel {
            Channel::Website | Channel::Reis => "올린 주소를 적어 주세요.",
            Channel::Press => "어느 매체의 무슨 기사인지 적어 주세요.",
            Channel::Briefing => "설명회를 연 곳을 적어 주세요.",
        };
        faults.push(Refusal::new("place-missing", "", message).at("place"));
    }
    if new.channel == Channel::Website && !place.is_empty() && !is_web_address(&place) {
        let message = "홈페이지는 https://로 시작하는 주소를 빈칸 없이 적어 주세요.";
        faults.push(Refusal::new("place-not-an-address", "", message).at("place"));
    }
    let today = cx.now().seoul_date();
    let disclosed_on = disclosure.disclosed_at.seoul_date();
    if new.announced_on > today {
        let message = format!(
            "{} 아직 오지 않았습니다. 알린 뒤에 적어 주세요.",
            iljari_base::korean::with_particle(&new.announced_on.korean(), "은/는")
        );
        faults.push(Refusal::new("announced-later", "", message).at("announced_on"));
    } else if new.announced_on < disclosed_on {
        let message = format!("{}에 낸 공시입니다. 그보다 앞서 알릴 수는 없습니다.", disclosed_on.korean());
        faults.push(Refusal::new("announced-before", "", message).at("announced_on"));
    }
    let known = store::announcements(tx, &cx.district).await?;
    let same = |old: &&Announcement| {
        old.struck.is_none()
            && (old.disclosure_no, old.channel, old.announced_on, old.place.as_str())
                == (new.disclosure_no, new.channel, new.announced_on, place.as_str())
    };
    if known.iter().find(same).is_some() {
        faults.push(Refusal::new("announced-twice", "", "같은 줄이 이미 있습니다.").at("place"));
    }
    if !faults.is_empty() {
        return Err(Stop::Refused(faults));
    }
    let line = Announcement {
        no: known.last().map_or(0, |last| last.no).saturating_add(1),
        disclosure_no: new.disclosure_no,
        channel: new.channel,
        announced_on: new.announced_on,
        place,
        told_by: cx.actor,
        told_at: cx.now(),
        struck: None,
    };
    store::insert_announcement(tx, &cx.district, &line).await?;
    Ok(line.no)
}

/// Strikes a wrong line through, with the reason that readers will see.
///
/// Refusals: `resident-number`, `text-too-long`, `no-such-announcement`, `struck-already`,
/// `strike-without-reason`.
pub async fn strike(tx: &mut Tx, cx: &Cx, disclosure_no: i64, no: i64, reason: &str) -> Outcome<()> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut faults = text_faults(&reason, "reason");
    let known = store::announcements(tx, &cx.district).await?;
    let Some(line) = known.iter().find(|line| line.no == no && line.disclosure_no == disclosure_no) else {
        return Err(Refusal::new("no-such-announcement", "", "그런 줄이 없습니다.").into());
    };
    if line.struck.is_some() {
        return Err(Refusal::new("struck-already", "", "이미 그은 줄입니다.").into());
    }
    if reason.chars().count() < REASON_MIN {
        let message = format!("왜 틀렸는지 {REASON_MIN}글자 이상 적어 주세요. 누구나 볼 수 있습니다.");
        faults.push(Refusal::new("strike-without-reason", "", message).at("reason"));
    }
    if !faults.is_empty() {
        return Err(Stop::Refused(faults));
    }
    store::insert_strike(tx, &cx.district, no, &reason, cx.actor, cx.now()).await
}

fn text_faults(text: &str, field: &'static str) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if looks_like_resident_number(text) {
        let message = "주민등록번호처럼 보이는 숫자가 들어 있습니다. 지우고 다시 적어 주세요. 저장하지 않았습니다.";
        faults.push(Refusal::new("resident-number", "개인정보 보호법 제24조의2", message).at(field));
    }
    if text.chars().count() > TEXT_MAX {
        let message = format!("{TEXT_MAX}글자까지 적을 수 있습니다.");
        faults.push(Refusal::new("text-too-long", "", message).at(field));
    }
    faults
}

/// Whether a place is an address that a reader can open and recognise: encrypted, of a host with a name in Latin letters
/// or Hangul, no number, no user, no port, no letters that look like others.
pub fn is_web_address(place: &str) -> bool {
    let Some(rest) = place.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let hangul = |letter: char| ('가'..='힣').contains(&letter);
    let label = |text: &str| {
        !text.is_empty()
            && !text.starts_with("xn--")
            && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || hangul(letter))
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    let named = host.contains('.')
        && host.split('.').all(label)
        && last.chars().all(|letter| letter.is_ascii_alphabetic() || hangul(letter));
    let odd = |letter: char| {
        letter.is_whitespace() || letter.is_control() || ['\\', '"', '<', '>', '\u{200b}', '\u{202e}'].contains(&letter)
    };
    named && !place.chars().any(odd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_a_reader_recognises_is_linked() {
        for good in ["https://www.gwangjin.go.kr/jobs?a=1#b", "https://naru.example", "https://나루.한국/일자리"]
        {
            assert!(is_web_address(good), "{good}");
        }
        for bad in [
            "",
            "https://",
            "http://naru.example",
            "file:///etc/passwd",
            "javascript:alert(1)//.",
            "data:text/html,.",
            "gopher://naru.example",
            "https://user:pass@naru.example",
            "https://naru.example@evil.example",
            "https://naru.example:22",
            "https://[::1]",
            "https://0x7f.1",
            "https://2130706433",
            "https://127.1",
            "https://0",
            "https://169.254.169.254/latest",
            "https://10.0.0.1",
            "https://localhost",
            "https://localhost.",
            "https://naru.example.",
            "https://w\u{43e}rk24.example",
            "https://xn--wrk24-3ve.example",
            "https://naru..example",
            "https://naru.example/a b",
            "https://naru.example/\r\nSet-Cookie: x",
            "https://naru.example\\@evil.example",
            "https://naru.example/\u{202e}",
            "https://naru.example/\"onclick=",
        ] {
            assert!(!is_web_address(bad), "{bad:?}");
        }
    }
}
