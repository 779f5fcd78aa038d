//! The office's quarter, from "send me your numbers" to a correction that a citizen finds and proves:
//! a round, three departments' sheets of which one is faulty, two officers, a disclosure, a correction, the
//! disclosure that corrects it. On a phone and at a desk, with the scripts of pages on and off.
//!
//! Owns the whole way and its numbers. Single pages are judged in `pages.rs` and `collection.rs`; here every
//! page that the story comes by has to fit its window. A newcomer asks why so much stands in one test: each
//! step is tried elsewhere, and what this one tries is that they lead to each other.

use std::path::{Path, PathBuf};

use iljari_e2e::{App, Browser, Step, Trouble, unpack};
use serde_json::{Value, json};

use super::visit::{ask_to_disclose, expect, jobs, newest_bundle, sign_in, text_of};
use super::workbook::{Workbook, Written};

const CODE: &str = "99001";
const YEAR: &str = "2026";
const ROUND: &str = "10월 취합 (예시)";

/// Who is asked here, by whose sheet it is. The demo's own round leaves their October open.
const WELFARE: &str = "복지정책과";
const ECONOMY: &str = "지역경제과";
const BUILDING: &str = "건축과";

/// The project whose number turns out wrong, and the number before and after: two digits swapped.
const NODE: &str = "3-4-1";
const NAME: &str = "자활근로";
const WRONG: i64 = 21;
const RIGHT: i64 = 12;
const WHY_AGAIN: &str = "자활근로 10월 수의 두 자리가 바뀌어 바로잡습니다 (예시)";

/// How often a page is asked for again until the chore has come to its end.
const LOOKS: usize = 200;

/// Everybody in the story, each before a window of their own, all of them as wide and as strict.
struct Story {
    app: App,
    /// 최모형 opens the round, confirms, seals and discloses.
    lead: Browser,
    /// 홍예시 hands in what the departments send, and corrects.
    writer: Browser,
    citizen: Browser,
}

impl Story {
    fn begin(width: u32, scripts: bool) -> Step<Story> {
        let open = || if scripts { Browser::start(width) } else { Browser::start_without_scripts(width) };
        Ok(Story { app: App::start(&[])?, lead: open()?, writer: open()?, citizen: open()? })
    }

    /// A file or a folder of this story.
    fn file(&self, name: &str) -> PathBuf {
        self.app.scratch().join(name)
    }

    /// What the public pages give for the project now.
    fn number(&self) -> Step<i64> {
        let number = jobs(&self.app, &self.citizen, CODE, NODE, YEAR)?;
        self.citizen.no_sideways_scroll()?;
        Ok(number)
    }

    /// Opens the round and takes all departments' workbooks; tells the board and the folder.
    fn open_the_round(&self) -> Step<(String, PathBuf)> {
        let lead = &self.lead;
        sign_in(&self.app, lead, "최모형", "/office/collection")?;
        lead.no_sideways_scroll()?;
        lead.click("회차 열기")?;
        lead.select("해", &format!("{YEAR}년"))?;
        lead.select("시작 달", "10월")?;
        lead.select("끝 달", "10월")?;
        lead.fill("회차 이름", ROUND)?;
        lead.fill("결재가 아직 없는 까닭", "과장님 결재를 기다립니다 (예시)")?;
        lead.no_sideways_scroll()?;
        lead.click("회차 열기")?;
        see(lead, "아직 내지 않았습니다")?;
        let zip = lead.download("모든 부서의 서식을 ZIP으로 내려받기", &self.file("zip"))?;
        let folder = self.file("workbooks");
        assert_eq!(unpack(&zip, &folder)?.len(), 9, "each department has a workbook");
        Ok((lead.url()?, folder))
    }

    /// Hands files in on the board and shows what was read in them.
    fn hand_in(&self, board: &str, files: &[&str]) -> Step {
        self.writer.goto(board)?;
        self.writer.fill("부서에서 받은 파일", &files.join("\n"))?;
        self.writer.click("올려서 살펴보기")?;
        self.writer.no_sideways_scroll()
    }

    /// 지역경제과 sends a letter O for a zero, gets its file back with the fault in it, and mends that file.
    fn a_faulty_sheet_goes_back(&self, board: &str, workbooks: &Path) -> Step<String> {
        let mut sheet = of_department(workbooks, ECONOMY)?;
        sheet.write("4-1-1", "당기", &Written::Figure(118))?;
        sheet.write("4-1-2", "당기", &Written::Figure(9))?;
        sheet.write("4-1-3", "당기", &Written::Words("1O"))?;
        sheet.write("4-1-4", "실적 없음", &Written::Words("실적 없음"))?;
        // Known as the sum of the year, as some departments keep it.
        sheet.write("5-1-2", "누계", &Written::Figure(73))?;
        let writer = &self.writer;
        sign_in(&self.app, writer, "홍예시", "/office/collection")?;
        writer.click(ROUND)?;
        assert_eq!(writer.url()?, board);
        self.hand_in(board, &[&sheet.save(&self.file("지역경제과 10월.xlsx"))?])?;
        let (_, slip) = sheet.cell("4-1-3", "당기")?;
        see(writer, "고칠 칸이 1개 있습니다")?;
        writer.sees(&slip)?;
        writer.sees("10이 맞으면")?;
        writer.sees_no("확인에 올리기")?;
        let returned = writer.download("열을 붙인", &self.file("returned"))?;
        writer.fill("돌려보내는 까닭", "사회보험료 지원의 당기에 글자 O가 있습니다. 10이 맞나요?")?;
        writer.click("부서로 돌려보내기")?;
        see(writer, "이 파일은 부서로 돌려보냈습니다")?;
        writer.goto(board)?;
        assert_eq!(state_of(writer, ECONOMY)?, "반려");

        // The department opens what came back, reads what is wrong, and corrects that one cell in it.
        let mut returned = Workbook::open(&returned)?;
        let (fault, _) = returned.cell("4-1-3", "오류")?;
        assert!(fault.starts_with(&format!("{slip}: ")) && fault.contains("10이 맞으면"), "{fault}");
        for (code, heading, stands) in
            [("4-1-2", "오류", ""), ("4-1-2", "당기", "9"), ("5-1-2", "누계", "73"), ("총계", "당기", "127")]
        {
            assert_eq!(returned.cell(code, heading)?.0, stands, "the rest of the file is as it was sent");
        }
        returned.write("4-1-3", "당기", &Written::Figure(10))?;
        returned.save(&self.file("지역경제과 10월 고침.xlsx"))
    }

    /// The mended workbook, another one and a CSV come in together; tells where they are looked at.
    fn the_sheets_come_in(&self, board: &str, workbooks: &Path, mended: &str) -> Step<String> {
        let mut welfare = of_department(workbooks, WELFARE)?;
        welfare.write(NODE, "당기", &Written::Figure(WRONG))?;
        welfare.write("3-4-2", "실적 없음", &Written::Words("실적 없음"))?;
        let welfare = welfare.save(&self.file("복지정책과.xlsx"))?;
        let mut building = of_department(workbooks, BUILDING)?;
        building.write("5-1-1", "당기", &Written::Figure(17))?;
        let building = building.save_as_csv(&self.file("건축과.csv"))?;
        self.hand_in(board, &[mended, &welfare, &building])?;
        let writer = &self.writer;
        see(writer, "숫자 6개가 바뀝니다")?;
        writer.sees_no("함께 살펴볼 것")?;
        let upload = writer.url()?;
        writer.click("확인에 올리기")?;
        see(writer, "숫자 6개가 동료의 확인을 기다립니다")?;
        writer.sees("직접 올린 파일입니다")?;
        writer.goto(board)?;
        for department in [WELFARE, ECONOMY, BUILDING] {
            assert_eq!(state_of(writer, department)?, "검토중", "{department}");
        }
        Ok(upload)
    }

    /// 최모형 confirms, and the rows go in whether or not anybody watches.
    fn confirm(&self, board: &str, upload: &str) -> Step {
        let lead = &self.lead;
        lead.goto(upload)?;
        lead.no_sideways_scroll()?;
        lead.click("근거를 보았고 모두 맞습니다")?;
        let mut looks = 0;
        while lead.sees("숫자 6개를 모두 반영했습니다").is_err() {
            looks += 1;
            if looks > LOOKS {
                return Err(Trouble::new(format!("the upload does not come to its end: {}", lead.text()?)));
            }
            lead.goto(upload)?;
        }
        lead.no_sideways_scroll()?;
        lead.goto(board)?;
        lead.no_sideways_scroll()?;
        for department in [WELFARE, ECONOMY, BUILDING] {
            assert_eq!(state_of(lead, department)?, "제출", "{department}");
        }
        Ok(())
    }

    /// 최모형 seals what was confirmed.
    fn seal(&self) -> Step {
        self.lead.goto(&self.app.url("/office/seals"))?;
        self.lead.no_sideways_scroll()?;
        self.lead.click("건 봉인하기")?;
        see(&self.lead, "확인된 기록은 모두 봉인되어 있습니다")
    }

    /// 최모형 discloses the year, the last step by keyboard alone.
    fn disclose(&self, approval: &str, remark: &str, answer: &str) -> Step {
        let lead = &self.lead;
        lead.goto(&self.app.url("/office/disclosures"))?;
        lead.no_sideways_scroll()?;
        ask_to_disclose(lead, YEAR, approval, remark)?;
        assert_eq!(lead.tab()?, "이 해를 공시하기", "the button follows the last field");
        lead.enter()?;
        lead.comes_to_say(answer)?;
        lead.no_sideways_scroll()
    }

    /// 홍예시 corrects the number with a reason, and 최모형 confirms that as well.
    fn correct(&self, upload: &str) -> Step {
        let (writer, lead) = (&self.writer, &self.lead);
        writer.goto(upload)?;
        writer.click(NAME)?;
        writer.no_sideways_scroll()?;
        writer.click("이 기록 정정하기")?;
        see(writer, &format!("지금 기록은 {WRONG}개입니다"))?;
        writer.fill("맞는 수", &RIGHT.to_string())?;
        writer.choose("오기")?;
        writer.fill("무엇이 왜 틀렸나요", "두 자리를 바꾸어 적었습니다 (예시)")?;
        writer.click("정정을 확인해 달라고 올리기")?;
        see(writer, &format!("{WRONG} → {RIGHT}"))?;
        lead.goto(&self.app.url("/office/staged"))?;
        lead.no_sideways_scroll()?;
        // The same name stands below once more, among what was confirmed today.
        let waiting = "return [...document.querySelectorAll('#waiting ~ table th a')]
                           .filter(link => link.innerText.trim() === arguments[0]).map(link => link.href)";
        assert_eq!(lead.script(waiting, json!([NAME]))?, json!([writer.url()?]));
        lead.goto(&writer.url()?)?;
        lead.no_sideways_scroll()?;
        lead.click("근거를 보았고 맞습니다")?;
        see(lead, "확인했습니다")
    }

    /// From the list of disclosures to the number that was corrected, and what became of it.
    fn the_citizen_finds_what_was_corrected(&self, before: i64) -> Step {
        let citizen = &self.citizen;
        let (old, new) = (before + WRONG, before + RIGHT);
        see(citizen, "바로잡는 공시")?;
        citizen.sees(WHY_AGAIN)?;
        let lines = "return [...document.querySelectorAll('#changed ~ table tbody tr')]
                         .filter(row => row.innerText.includes(arguments[0]))
                         .map(row => [row.querySelector('del').innerText, row.querySelector('ins a').innerText,
                                      row.querySelector('ins a').href])";
        let lines = citizen.script(lines, json!([format!("{NAME} (일자리 수)")]))?;
        let shown = |value: &Value| value.as_str().and_then(|text| text.replace(',', "").parse::<i64>().ok());
        let [line] = lines.as_array().map(Vec::as_slice).unwrap_or_default() else {
            return Err(Trouble::new(format!("the changed number has not one line but {lines}")));
        };
        assert_eq!((shown(&line[0]), shown(&line[1])), (Some(old), Some(new)));
        // The project and what it belongs to may have moved to one number, so the row's own link is followed.
        citizen.goto(line[2].as_str().unwrap_or_default())?;
        citizen.no_sideways_scroll()?;
        citizen.click("여러 해를 함께 보기")?;
        assert_eq!(citizen.url()?, self.app.url(&format!("/districts/{CODE}/plan/{NODE}")));
        see(citizen, &format!("10월 실적을 {WRONG}개에서 {RIGHT}개로 정정했습니다"))?;
        citizen.sees("두 자리를 바꾸어 적었습니다")
    }

    /// Both bundles are sound, and the second goes on from the first.
    fn the_citizen_verifies(&self, first: &str, second: &str) -> Step {
        let citizen = &self.citizen;
        citizen.goto(&self.app.url(&format!("/districts/{CODE}/verify")))?;
        citizen.no_sideways_scroll()?;
        if !citizen.runs_scripts() {
            return self.the_citizen_verifies_with_the_program(first, second);
        }
        citizen.fill("공시 묶음 파일", first)?;
        citizen.comes_to_say("숫자가 모두 맞습니다")?;
        citizen.sees("이 화면에 적힌 지문의 키로 서명했습니다")?;
        citizen.click("앞서 받은 묶음과 견주거나")?;
        citizen.fill("앞서 받은 묶음 파일", first)?;
        citizen.fill("공시 묶음 파일", second)?;
        citizen.comes_to_say("앞서 받은 묶음의 기록이 그대로 이어졌습니다")?;
        citizen.sees("숫자가 모두 맞습니다")?;
        citizen.no_sideways_scroll()
    }

    /// The page offers nothing that would not work, and says what does.
    fn the_citizen_verifies_with_the_program(&self, first: &str, second: &str) -> Step {
        let citizen = &self.citizen;
        citizen.sees("확인 프로그램으로는 세 단계면 됩니다")?;
        for dead in ["받은 묶음을 여기에서 확인합니다", "확인 화면 파일 받기", "확인증 확인하기"]
        {
            citizen.sees_no(dead)?;
        }
        let key = text_of(citizen, ".panel code")?;
        citizen.sees(&format!("--key '{key}'"))?;
        citizen.sees("iljari verify 새-묶음.zip --since 옛-묶음.zip")?;
        let well = ["숫자가 모두 맞습니다."];
        expect(&self.app.run(&["verify", first, "--key", &key])?, 0, &well)?;
        expect(&self.app.run(&["verify", second, "--key", &key])?, 0, &well)?;
        expect(&self.app.run(&["verify", second, "--since", first, "--key", &key])?, 0, &well)?;
        expect(&self.app.run(&["verify", first, "--since", second, "--key", &key])?, 1, &[])
    }

    /// The files themselves: the old number in the first, both in the second.
    fn the_bundles_show_both_numbers(&self, first: &str, second: &str, before: i64) -> Step {
        let (first, second) = (Taken::open(self, first, "first")?, Taken::open(self, second, "second")?);
        let (old, new) = (before + WRONG, before + RIGHT);
        assert_eq!((first.total()?, second.total()?), (old, new));
        assert_eq!((first.report()?, second.report()?), (old, new));
        assert!(first.restated()?.is_empty(), "the first disclosure corrects nothing");
        assert_eq!(second.restated()?, [(old, new)]);
        Ok(())
    }
}

/// The page says this, and fits its window.
fn see(browser: &Browser, words: &str) -> Step {
    browser.sees(words)?;
    browser.no_sideways_scroll()
}

/// How a department stands on the board that is open.
fn state_of(browser: &Browser, department: &str) -> Step<String> {
    let script = "const row = [...document.querySelectorAll('tr')]
                      .find(row => row.cells[0]?.innerText.trim() === arguments[0]);
                  return row?.cells[1]?.innerText.trim() ?? null";
    let found = browser.script(script, json!([department]))?;
    found.as_str().map(str::to_owned).ok_or_else(|| Trouble::new(format!("the board has no {department}")))
}

/// A department's workbook among those that were handed out.
fn of_department(workbooks: &Path, department: &str) -> Step<Workbook> {
    let listed = std::fs::read_dir(workbooks).map_err(Trouble::when("looking for a workbook"))?;
    let mut files = listed.filter_map(|entry| Some(entry.ok()?.path()));
    let file = files.find(|file| file.to_string_lossy().ends_with(&format!("-{department}.xlsx")));
    Workbook::open(&file.ok_or_else(|| Trouble::new(format!("there is no workbook for {department}")))?)
}

/// A bundle, unpacked.
struct Taken {
    folder: PathBuf,
}

impl Taken {
    fn open(story: &Story, zip: &str, name: &str) -> Step<Taken> {
        let folder = story.file(&format!("unpacked-{name}"));
        unpack(Path::new(zip), &folder)?;
        Ok(Taken { folder })
    }

    fn text(&self, name: &str) -> Step<String> {
        let file = self.folder.join("documents").join(name);
        std::fs::read_to_string(&file).map_err(Trouble::when(&file.to_string_lossy()))
    }

    /// The project's number of the year in the table of all numbers.
    fn total(&self) -> Step<i64> {
        let start = format!("{YEAR},{NODE},{NAME},일자리 수,합계,");
        let text = self.text("totals.csv")?;
        let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix(start.as_str())).collect();
        let [line] = lines.as_slice() else { return Err(Trouble::new(format!("{start}: {lines:?}"))) };
        line.split(',').next().unwrap_or_default().parse().map_err(Trouble::when(line))
    }

    /// The rows of the project in the year's report, in the tables whose id begins so.
    fn rows(&self, id: &str) -> Step<Vec<Value>> {
        let report: Value = serde_json::from_str(&self.text(&format!("추진실적-{YEAR}.json"))?)
            .map_err(Trouble::when("reading a report"))?;
        let blocks = report["blocks"].as_array().ok_or_else(|| Trouble::new("the report has no blocks"))?;
        let tables = blocks.iter().map(|block| &block["table"]);
        let tables = tables.filter(|table| table["id"].as_str().is_some_and(|known| known.starts_with(id)));
        let rows = tables.flat_map(|table| table["rows"].as_array().cloned().unwrap_or_default());
        Ok(rows.map(|row| row["cells"].clone()).filter(|cells| cells["name"] == NAME).collect())
    }

    /// The project's number in the year's report.
    fn report(&self) -> Step<i64> {
        let rows = self.rows("program_results_")?;
        let [Value::Object(row)] = rows.as_slice() else {
            return Err(Trouble::new(format!("the report has not one row for {NAME}: {rows:?}")));
        };
        row["actual"].as_i64().ok_or_else(|| Trouble::new(format!("no number: {row:?}")))
    }

    /// What the year's report says that this disclosure changed about the project: before and after.
    fn restated(&self) -> Step<Vec<(i64, i64)>> {
        let rows = self.rows("restated")?;
        let whole = rows.iter().filter(|row| row["field"] == "합계" && row["unit"] == "일자리 수");
        let pair = |row: &Value| Some((row["old"].as_i64()?, row["new"].as_i64()?));
        Ok(whole.filter_map(pair).collect())
    }
}

fn the_quarter(width: u32, scripts: bool) -> Step {
    let story = Story::begin(width, scripts)?;
    let before = story.number()?;

    let (board, workbooks) = story.open_the_round()?;
    let mended = story.a_faulty_sheet_goes_back(&board, &workbooks)?;
    let upload = story.the_sheets_come_in(&board, &workbooks, &mended)?;
    assert_eq!(story.number()?, before, "what waits moves nothing");
    story.confirm(&board, &upload)?;
    assert_eq!(story.number()?, before + WRONG);

    story.seal()?;
    story.disclose("일자리정책과-1501 (예시)", "", "공시 묶음 받기")?;
    let first = newest_bundle(&story.app, &story.citizen, CODE, "first")?;

    story.correct(&upload)?;
    assert_eq!(story.number()?, before + RIGHT);
    story.disclose("일자리정책과-1502 (예시)", "", "다시 내는 까닭을 다섯 글자 이상")?;
    story.disclose("일자리정책과-1502 (예시)", WHY_AGAIN, "바로잡는 공시")?;
    let second = newest_bundle(&story.app, &story.citizen, CODE, "second")?;

    story.the_citizen_finds_what_was_corrected(before)?;
    story.the_citizen_verifies(&first, &second)?;
    story.the_bundles_show_both_numbers(&first, &second, before)
}

#[test]
fn the_quarter_on_a_phone() -> Step {
    the_quarter(360, true)
}

#[test]
fn the_quarter_at_a_desk() -> Step {
    the_quarter(1280, true)
}

#[test]
fn the_quarter_on_a_phone_without_scripts() -> Step {
    the_quarter(360, false)
}

#[test]
fn the_quarter_at_a_desk_without_scripts() -> Step {
    the_quarter(1280, false)
}
