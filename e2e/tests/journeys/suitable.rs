//! Five questions without a name: what suits somebody, why not, what to bring, and the call to go to, in Korean
//! and in another language, on a phone and at a desk.
//!
//! Owns the way through the questions. Which answer is right is tried where the rules are. A newcomer looks for
//! the answers in the address: they are nowhere but on the page.

use iljari_e2e::{App, Browser, Step};

use super::programs::{CALL, FIRST_DAY};

/// The page's words in one language.
struct Words {
    lang: &'static str,
    heading: &'static str,
    year: &'static str,
    month: &'static str,
    day: &'static str,
    disability: &'static str,
    no_job: &'static str,
    lives: &'static str,
    which: &'static str,
    yes: &'static str,
    no: &'static str,
    unsure: &'static str,
    none: &'static str,
    show: &'static str,
    more: &'static str,
    edit: &'static str,
    /// The button of the other language, and what it then says.
    other: (&'static str, &'static str),
}

const KOREAN: Words = Words {
    lang: "ko",
    heading: "5가지를 답하면 나루구의 일자리 사업을 모두 살펴봅니다",
    year: "년",
    month: "월",
    day: "일",
    disability: "장애인으로 등록하셨나요?",
    no_job: "지금 일자리가 없으신가요?",
    lives: "주민등록상 나루구에 사시나요?",
    which: "기초생활보장 수급자나 차상위 계층이신가요?",
    yes: "예",
    no: "아니오",
    unsure: "잘 모르겠습니다",
    none: "해당없음",
    show: "의 답 보기",
    more: "더 정확히 알아보기",
    edit: "답 고치기",
    other: ("Tiếng Việt", "Ngày sinh của bạn?"),
};

const ENGLISH: Words = Words {
    lang: "en",
    heading: "Answer 5 questions and see every job program of Naru-gu",
    year: "year",
    month: "month",
    day: "day",
    disability: "Are you registered as a person with a disability?",
    no_job: "Are you without a job now?",
    lives: "Is your registered address in Naru-gu",
    which: "Do you receive basic livelihood support",
    yes: "Yes",
    no: "No",
    unsure: "I am not sure",
    none: "None of these",
    show: "Show the answers for",
    more: "Find out more exactly",
    edit: "Change answers",
    other: ("한국어", "생년월일이 언제인가요?"),
};

fn five_questions(width: u32, scripts: bool, words: &Words) -> Step {
    let app = App::start_on(FIRST_DAY)?;
    let citizen = if scripts { Browser::start(width)? } else { Browser::start_without_scripts(width)? };
    let here = app.url("/districts/99001/suitable");
    citizen.goto(&format!("{here}?lang={}", words.lang))?;
    citizen.no_sideways_scroll()?;
    assert_eq!(citizen.heading()?, words.heading);

    // A month that is none is said beside its field, and what was answered stays.
    citizen.fill(words.year, "1961")?;
    citizen.fill(words.month, "13")?;
    citizen.fill(words.day, "2")?;
    citizen.choose_in(words.disability, words.no)?;
    citizen.choose_in(words.no_job, words.yes)?;
    citizen.choose_in(words.lives, words.unsure)?;
    citizen.choose_in(words.which, words.none)?;
    citizen.click(words.show)?;
    citizen.no_sideways_scroll()?;
    citizen.sees(words.disability)?;
    citizen.sees_no(CALL)?;
    citizen.fill(words.month, "3")?;
    citizen.click(words.show)?;
    citizen.no_sideways_scroll()?;
    citizen.screenshot(&format!("suitable-{}-{width}", words.lang))?;
    assert_eq!(citizen.url()?, here, "answers stand in no address");

    // Papers to bring, the call that is open, and a no with its reason.
    citizen.sees("주민등록표 등본")?;
    citizen.sees("재산 조회(구청이 확인)")?;
    citizen.sees(CALL)?;
    citizen.sees("‘등록한 장애인입니다’라는 조건에 맞지 않습니다")?;
    citizen.sees(words.more)?;
    citizen.sees(words.edit)?;

    // The same answers in another language, and on to the notice.
    citizen.click(words.other.0)?;
    citizen.no_sideways_scroll()?;
    citizen.sees(words.other.1)?;
    citizen.sees("1961")?;
    citizen.click(CALL)?;
    citizen.no_sideways_scroll()?;
    citizen.sees("신청할 수 있는 사람")?;
    citizen.goto(&here)?;
    citizen.sees_no("1961")
}

#[test]
fn five_questions_in_korean_on_a_phone() -> Step {
    five_questions(360, true, &KOREAN)
}

#[test]
fn five_questions_in_english_at_a_desk_without_scripts() -> Step {
    five_questions(1280, false, &ENGLISH)
}
