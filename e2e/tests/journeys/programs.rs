//! A call from its notice to the first day of work, and what the ledger hears of it: an application at the
//! counter, look-up, documents, selection by two, a start, a leave, the reserve list, a seal, a disclosure, and a
//! stranger's proof. Somebody is not selected, reads why, and is called when a seat comes free.
//!
//! Owns the whole way through three officers' desks and a resident's phone. A newcomer asks how weeks pass in a
//! minute: the demo is ended and started again on a later day, with the same data; every check of dates holds.

use std::path::Path;

use iljari_e2e::{App, Browser, Step, Trouble, unpack};
use serde_json::json;

use super::visit::{expect, jobs, newest_bundle, sign_in, text_of};

const CODE: &str = "99001";
const YEAR: &str = "2026";
/// The day of the application, and a day on which the work has begun.
pub const FIRST_DAY: &str = "2026-11-02";
const LATER: &str = "2026-11-23";

/// The call that takes applications on the first day, and the project its places count for.
pub const CALL: &str = "2026년 연말 나루 공공근로 참여자 모집(예시)";
const NO: i64 = 3;
const NODE: &str = "1-1-1-3";
const NODE_NAME: &str = "디지털 도우미";

/// Who holds the one seat of 1-02, and who comes second.
const HOLDER: &str = "26-003-0002";
const SHE: &str = "26-003-0004";
const HER_NAME: &str = "선우보기";

struct Story {
    app: App,
    /// 오보기 takes applications in and places people.
    clerk: Browser,
    /// 윤견본 goes through look-ups and documents, and draws the selection up.
    screener: Browser,
    /// 문시범 confirms.
    confirmer: Browser,
    /// 최모형 seals and discloses.
    lead: Browser,
    citizen: Browser,
}

impl Story {
    fn begin(width: u32, scripts: bool) -> Step<Story> {
        let open = || if scripts { Browser::start(width) } else { Browser::start_without_scripts(width) };
        let app = App::start_on(FIRST_DAY)?;
        Ok(Story { app, clerk: open()?, screener: open()?, confirmer: open()?, lead: open()?, citizen: open()? })
    }

    fn desk(&self, page: &str) -> String {
        format!("/office/calls/{NO}/{page}")
    }

    fn at(&self, who: &Browser, page: &str) -> Step {
        who.goto(&self.app.url(&self.desk(page)))?;
        who.no_sideways_scroll()
    }

    /// What the public pages count for the project now.
    fn number(&self) -> Step<i64> {
        let number = jobs(&self.app, &self.citizen, CODE, NODE, YEAR)?;
        self.citizen.no_sideways_scroll()?;
        Ok(number)
    }

    /// A resident finds the notice.
    fn the_notice(&self) -> Step {
        let citizen = &self.citizen;
        citizen.goto(&self.app.url(&format!("/districts/{CODE}/calls")))?;
        citizen.no_sideways_scroll()?;
        citizen.click(CALL)?;
        see(citizen, "가족 재산이 4억 9900만 원 이하입니다")?;
        citizen.sees("전화기 교실 도우미")?;
        citizen.sees("이 배점표는 예시입니다")?;
        let pdf = citizen.download("PDF 내려받기", &self.app.scratch().join("notice"))?;
        let bytes = std::fs::read(&pdf).map_err(Trouble::when("reading the notice"))?;
        assert!(bytes.starts_with(b"%PDF-"), "{}", pdf.display());
        Ok(())
    }

    /// She tells her story at the counter; what is forgotten first is asked for.
    fn the_counter(&self) -> Step {
        let clerk = &self.clerk;
        sign_in(&self.app, clerk, "오보기", &self.desk("applications"))?;
        clerk.no_sideways_scroll()?;
        clerk.click("새 신청 적기")?;
        clerk.no_sideways_scroll()?;
        clerk.fill("접수한 동", "갈대동")?;
        clerk.fill("이름", HER_NAME)?;
        clerk.fill("생년월일", "1968-04-05")?;
        clerk.fill("사는 동", "갈대동")?;
        clerk.select("희망 사업번호", "1-02 전화기 교실 도우미")?;
        clerk.choose_in("나루구에 사시나요", "예")?;
        clerk.fill("본인까지 몇 명인가요", "2")?;
        clerk.fill("가족이 한 달에 버는 돈", "1500000")?;
        clerk.fill("가족이 가진 재산", "350000000")?;
        clerk.choose_in("세대주이신가요", "예")?;
        clerk.fill("부양하는 가족", "1")?;
        clerk.choose_in("해당하는 것이 있나요", "없음")?;
        clerk.fill("일을 쉰 지", "7")?;
        clerk.fill("지난 두 해에", "0")?;
        clerk.choose_in("개인정보 동의", "신청을 받고 선발하는 데 쓰기")?;
        clerk.click("접수하기")?;
        see(clerk, "군데를 고쳐 주세요")?;
        clerk.sees("‘소득, 재산, 다른 일자리 사업 참여를 조회하기’에 동의해야 신청할 수 있습니다")?;
        clerk.choose_in("개인정보 동의", "조회하기")?;
        clerk.click("접수하기")?;
        see(clerk, "신청을 접수했습니다")?;
        clerk.sees(SHE)?;
        clerk.sees("주민등록표 등본")
    }

    /// The list goes out by number, name and day of birth, and comes back with answers.
    fn the_look_up(&self) -> Step {
        let screener = &self.screener;
        sign_in(&self.app, screener, "윤견본", &self.desk("lookup"))?;
        screener.no_sideways_scroll()?;
        screener.fill("내려받는 까닭", "12월 참여자 자격 조회 (예시)")?;
        let list = screener.download("CSV로 내려받기", &self.app.scratch().join("list"))?;
        let answers = self.app.scratch().join("answers.csv");
        let text = std::fs::read_to_string(&list).map_err(Trouble::when("reading the list"))?;
        assert!(text.contains(SHE) && text.contains(HER_NAME), "{text}");
        std::fs::write(&answers, answered(&text)?).map_err(Trouble::when("writing the answers"))?;
        screener.fill("결과를 적은 명단", &answers.to_string_lossy())?;
        screener.click("결과 받기")?;
        see(screener, "신청 4건의 판정을 다시 셈했습니다")
    }

    /// Her papers and the others'; the first was seen on the day of the application.
    fn the_documents(&self) -> Step {
        let screener = &self.screener;
        for app in 2..=4 {
            self.at(screener, &format!("applications/{app}"))?;
            screener.choose_in("본 서류", "주민등록표 등본")?;
            screener.choose_in("본 서류", "해당하는 증명서")?;
            screener.click("서류확인 마치기")?;
            see(screener, "판정은 ‘가능’입니다")?;
        }
        self.at(screener, "selection")?;
        screener.click("선발안 만들기")?;
        see(screener, "4명의 선발안이 확인을 기다립니다")?;
        screener.sees_no("확인하고 발표하기")
    }

    /// The second officer looks at whoever stands at a cut-off, and confirms.
    fn the_confirmation(&self) -> Step {
        let confirmer = &self.confirmer;
        sign_in(&self.app, confirmer, "문시범", &self.desk("selection"))?;
        confirmer.no_sideways_scroll()?;
        confirmer.click(SHE)?;
        see(confirmer, "가족 재산")?;
        confirmer.click("순위로 돌아가기")?;
        confirmer.click("확인하고 발표하기")?;
        see(confirmer, "발표했습니다. 이의신청은")
    }

    /// She is told why not, and what would have changed it; the public list knows her number only.
    fn she_finds_out_why(&self) -> Step {
        let (clerk, citizen) = (&self.clerk, &self.citizen);
        sign_in(&self.app, clerk, "오보기", &self.desk("applications/4"))?;
        clerk.no_sideways_scroll()?;
        clerk.click("결과와 까닭")?;
        see(clerk, "예비자입니다. 자리가 비면 순서대로 연락합니다")?;
        clerk.screenshot(&format!("programs-result-{}", clerk.width()))?;
        for told in ["50점", "마지막으로 뽑힌 점수 68점", "마지막으로 뽑힌 분보다 18점 적습니다", "‘취업취약계층’ 구간"]
        {
            clerk.sees(told)?;
        }
        citizen.goto(&self.app.url(&format!("/districts/{CODE}/calls/{NO}/results")))?;
        see(citizen, SHE)?;
        citizen.sees("예비 1번")?;
        citizen.sees_no(HER_NAME)
    }

    /// Among the hundreds of the large call the clerk finds who is not placed yet, and one by the number.
    fn the_long_list(&self) -> Step {
        let clerk = &self.clerk;
        let receipts = || -> Step<Vec<String>> {
            let script = "return [...document.querySelectorAll('#people ~ table tbody th')].map(it => it.innerText)";
            let found = clerk.script(script, json!([]))?;
            Ok(found.as_array().into_iter().flatten().filter_map(|it| it.as_str()).map(str::to_owned).collect())
        };
        clerk.goto(&self.app.url("/office/calls/2/work"))?;
        // Three weeks have gone by since somebody was called.
        see(clerk, "답할 기한이 지난 예비자 연락이 1건 있습니다")?;
        clerk.screenshot(&format!("programs-long-list-{}", clerk.width()))?;
        let page = receipts()?;
        assert_eq!(page.len(), 50);
        clerk.select("상태", "배치 전")?;
        clerk.click("찾아 보기")?;
        see(clerk, "배치하기")?;
        clerk.sees_no("그만둠 적기")?;
        assert!((1..50).contains(&receipts()?.len()));
        clerk.select("상태", "모두")?;
        clerk.fill("접수번호 끝자리", &page[49][7..])?;
        clerk.click("찾아 보기")?;
        clerk.no_sideways_scroll()?;
        assert_eq!(receipts()?, page[49..]);
        Ok(())
    }

    /// Placed by the clerk, and begun; it counts once the second officer has said so.
    fn starts(&self, receipt: &str) -> Step {
        let (clerk, confirmer) = (&self.clerk, &self.confirmer);
        let before = self.number()?;
        self.at(clerk, "work")?;
        clerk.click(&format!("{receipt} 배치하기"))?;
        clerk.no_sideways_scroll()?;
        clerk.click(&format!("{receipt} 시작 적기"))?;
        see(clerk, "시작 확인 대기")?;
        assert_eq!(self.number()?, before, "what waits moves nothing");
        self.at(confirmer, "work")?;
        confirmer.click(&format!("{receipt} 시작 확인하기"))?;
        see(confirmer, "일하는 중")?;
        assert_eq!(self.number()?, before + 1, "a start moves the plan's number");
        Ok(())
    }

    /// The holder stops within the month. The counting rule takes the job back, by two people as any correction.
    fn leaves(&self) -> Step {
        let (clerk, confirmer) = (&self.clerk, &self.confirmer);
        let before = self.number()?;
        self.at(clerk, "work")?;
        clerk.fill(&format!("{HOLDER} 그만둔 까닭"), "다른 일자리를 얻음 (예시)")?;
        clerk.click(&format!("{HOLDER} 그만둠 적기"))?;
        see(clerk, "그만둠")?;
        assert_eq!(self.number()?, before);
        confirmer.goto(&self.app.url("/office/staged"))?;
        confirmer.no_sideways_scroll()?;
        confirmer.click(NODE_NAME)?;
        confirmer.no_sideways_scroll()?;
        confirmer.click("근거를 보았고 맞습니다")?;
        see(confirmer, "확인했습니다")?;
        assert_eq!(self.number()?, before - 1);
        Ok(())
    }

    /// The first of the reserve list is called, and says yes.
    fn the_reserve_is_called(&self) -> Step {
        let clerk = &self.clerk;
        self.at(clerk, "work")?;
        clerk.screenshot(&format!("programs-work-{}", clerk.width()))?;
        clerk.click("1-02 다음 예비자에게 연락하기")?;
        clerk.no_sideways_scroll()?;
        clerk.click(&format!("{SHE} 하겠다고 함"))?;
        see(clerk, "연락한 기록이 없습니다")?;
        clerk.fill(&format!("{SHE} 연락한 결과"), "통화함. 하겠다고 함")?;
        clerk.click(&format!("{SHE} 연락 적기"))?;
        clerk.sees("전화: 통화함. 하겠다고 함")?;
        clerk.click(&format!("{SHE} 하겠다고 함"))?;
        clerk.no_sideways_scroll()
    }

    /// Sealed and disclosed; tells the bundle.
    fn disclosed(&self) -> Step<String> {
        let lead = &self.lead;
        sign_in(&self.app, lead, "최모형", "/office/seals")?;
        lead.no_sideways_scroll()?;
        lead.click("건 봉인하기")?;
        see(lead, "확인된 기록은 모두 봉인되어 있습니다")?;
        lead.goto(&self.app.url("/office/disclosures"))?;
        lead.select("공시할 해", &format!("{YEAR}년"))?;
        lead.fill("결재 문서번호", "일자리정책과-1601 (예시)")?;
        lead.fill("결재 일자", LATER)?;
        lead.click("이 해를 공시하기")?;
        see(lead, "공시 묶음 받기")?;
        newest_bundle(&self.app, &self.citizen, CODE, "bundle")
    }

    /// Anybody adds it all up again, and her own leaf has its proof.
    fn verified(&self, bundle: &str, number: i64) -> Step {
        let citizen = &self.citizen;
        citizen.goto(&self.app.url(&format!("/districts/{CODE}/verify")))?;
        let key = text_of(citizen, ".panel code")?;
        expect(&self.app.run(&["verify", bundle, "--key", &key])?, 0, &["숫자가 모두 맞습니다."])?;
        let folder = self.app.scratch().join("unpacked");
        unpack(Path::new(bundle), &folder)?;
        let totals = folder.join("documents/totals.csv");
        let totals = std::fs::read_to_string(totals).map_err(Trouble::when("reading the totals"))?;
        let line = format!("{YEAR},{NODE},{NODE_NAME},일자리 수,합계,{number},");
        assert!(totals.lines().any(|it| it.starts_with(&line)), "no line {line} in:\n{totals}");
        assert!(!totals.contains(HER_NAME), "nobody is named");
        self.at(&self.clerk, "applications/4/result")?;
        see(&self.clerk, "선발되었습니다")?;
        self.clerk.click("일자리 기록의 확인증")?;
        self.clerk.no_sideways_scroll()?;
        self.clerk.sees(NODE_NAME)?;
        self.clerk.sees_no(HER_NAME)
    }
}

/// The page says this, and fits its window.
fn see(browser: &Browser, words: &str) -> Step {
    browser.sees(words)?;
    browser.no_sideways_scroll()
}

/// The list with what the national system would answer: the same as people said, and nobody paid twice.
fn answered(list: &str) -> Step<String> {
    let mut lines = list.trim_start_matches('\u{feff}').lines().filter(|line| !line.is_empty());
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let assets = |receipt: &str| match receipt {
        "26-003-0001" => Some("120000000"),
        HOLDER => Some("80000000"),
        "26-003-0003" => Some("0"),
        SHE => Some("350000000"),
        _ => None,
    };
    let mut text = head.join(",") + "\n";
    for line in lines {
        let sent: Vec<&str> = line.split(',').collect();
        let receipt = *sent.first().unwrap_or(&"");
        let assets = assets(receipt).ok_or_else(|| Trouble::new(format!("nobody expected {receipt}")))?;
        let cells = head.iter().zip(&sent).map(|(name, sent)| match *name {
            "가구소득" => "1500000",
            "가구재산" => assets,
            "실업개월수" => "7",
            "최근참여횟수" => "0",
            "조회일" | "중복참여 조회일" => LATER,
            "재정지원 중복참여" => "해당 없음",
            _ => sent,
        });
        text.push_str(&(cells.collect::<Vec<_>>().join(",") + "\n"));
    }
    Ok(text)
}

fn a_call(width: u32, scripts: bool) -> Step {
    let mut story = Story::begin(width, scripts)?;
    story.the_notice()?;
    story.the_counter()?;

    story.app.go_on(LATER)?;
    story.the_look_up()?;
    story.the_documents()?;
    story.the_confirmation()?;
    story.she_finds_out_why()?;

    story.the_long_list()?;
    let before = story.number()?;
    story.starts(HOLDER)?;
    story.leaves()?;
    story.the_reserve_is_called()?;
    story.starts(SHE)?;
    assert_eq!(story.number()?, before + 1);

    let bundle = story.disclosed()?;
    story.verified(&bundle, before + 1)
}

#[test]
fn a_call_becomes_work_on_a_phone() -> Step {
    a_call(360, true)
}

#[test]
fn a_call_becomes_work_at_a_desk_without_scripts() -> Step {
    a_call(1280, false)
}
