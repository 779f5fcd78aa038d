//! A quarter's numbers come in: a round is opened, three departments answer, one of them with a slip, two
//! officers look at it, and what the citizen reads has moved. On a phone and at a desk.

use std::path::{Path, PathBuf};

use iljari_e2e::{App, Browser, Step, Trouble, unpack, vnu};
use rust_xlsxwriter::Workbook;

use super::visit::{jobs, sign_in};

const CODE: &str = "99001";
/// 자활근로 and 자활기업 세우기 of 복지정책과, 우리동네 공사장 주민 고용 of 건축과.
const WELFARE: [(&str, &str, i64); 2] = [("3-4-1", "자활근로", 21), ("3-4-2", "자활기업 세우기", 2)];
const BUILDING: (&str, &str, i64) = ("5-1-1", "우리동네 공사장 주민 고용", 17);

/// How often a page is asked for again until the chore has come to its end.
const LOOKS: usize = 200;

/// Judges the pages it is shown, and tells everything at the end.
struct Judge {
    pages: Vec<PathBuf>,
    problems: Vec<String>,
}

impl Judge {
    fn look(&mut self, browser: &Browser, name: &str) -> Step {
        self.problems.extend(browser.inspect(name, &mut self.pages)?);
        Ok(())
    }

    /// A page that answered a form has another status than a page that was asked for.
    fn look_at_answer(&mut self, browser: &Browser, name: &str) -> Step {
        self.problems.extend(browser.inspect_answer(name, &mut self.pages)?);
        Ok(())
    }

    fn end(mut self) -> Step {
        self.problems.extend(vnu(&self.pages)?.iter().map(ToString::to_string));
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(Trouble::new(self.problems.join("\n")))
    }
}

/// A workbook as a department fills it in by hand, with a sum below.
fn workbook(path: &Path, rows: &[(&str, &str, i64)]) -> Step<String> {
    let broken = |error: rust_xlsxwriter::XlsxError| Trouble::new(error.to_string());
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0_u16..).zip(["사업 코드", "사업명", "당기", "누계", "실적 없음", "사유"]) {
        sheet.write(2, column, name).map_err(broken)?;
    }
    for (row, (code, name, figure)) in (3_u32..).zip(rows) {
        sheet.write(row, 0, *code).map_err(broken)?;
        sheet.write(row, 1, *name).map_err(broken)?;
        // As an integer that Excel keeps as any other number.
        sheet.write(row, 2, *figure).map_err(broken)?;
    }
    let below = u32::try_from(rows.len()).unwrap_or_default() + 3;
    sheet.write(below, 0, "총계").map_err(broken)?;
    sheet.write(below, 2, rows.iter().map(|(_, _, figure)| figure).sum::<i64>()).map_err(broken)?;
    book.save(path).map_err(broken)?;
    Ok(path.to_string_lossy().into_owned())
}

/// A CSV as Excel saves it, its figure with or without the slip of a letter for a digit.
fn csv(path: &Path, figure: &str) -> Step<String> {
    let (code, name, _) = BUILDING;
    let text = format!("\u{feff}사업 코드,사업명,당기,실적 없음,사유\r\n{code},{name},{figure},,\r\n");
    std::fs::write(path, text).map_err(Trouble::when("writing a sheet"))?;
    Ok(path.to_string_lossy().into_owned())
}

fn journey(width: u32, name: &str) -> Step {
    let app = App::start(&[])?;
    let (lead, writer) = (Browser::start(width)?, Browser::start(width)?);
    let citizen = Browser::start(360)?;
    let mut judge = Judge { pages: Vec::new(), problems: Vec::new() };
    let before = (jobs(&app, &citizen, CODE, "3-4-1", "2026")?, jobs(&app, &citizen, CODE, "5-1-1", "2026")?);

    // 최모형 opens a round for October.
    sign_in(&app, &lead, "최모형", "/office/collection/new")?;
    judge.look(&lead, &format!("collection-new-{name}"))?;
    lead.click("회차 열기")?;
    lead.sees("고쳐 주세요")?;
    judge.look_at_answer(&lead, &format!("collection-new-refused-{name}"))?;
    lead.select("해", "2026년")?;
    lead.select("시작 달", "10월")?;
    lead.select("끝 달", "10월")?;
    lead.fill("회차 이름", "10월 취합 (예시)")?;
    lead.fill("결재가 아직 없는 까닭", "과장님 결재를 기다립니다 (예시)")?;
    lead.click("회차 열기")?;
    lead.sees("아직 내지 않았습니다")?;
    judge.look(&lead, &format!("collection-board-{name}"))?;
    let board = lead.url()?;

    // Each department gets its workbook.
    let zip = lead.download("모든 부서의 서식을 ZIP으로 내려받기", &app.scratch().join("workbooks"))?;
    let books = unpack(&zip, &app.scratch().join("unpacked"))?;
    for department in ["복지정책과", "건축과", "여성가족과"] {
        assert!(books.iter().any(|book| book.contains(department)), "{department} is not in {books:?}");
    }

    // Three sheets come back to 홍예시; one has an O where a 0 should be.
    sign_in(&app, &writer, "홍예시", "/office/collection")?;
    judge.look(&writer, &format!("collection-rounds-{name}"))?;
    writer.goto(&board)?;
    let faulty = csv(&app.scratch().join("건축과.csv"), "2O4")?;
    writer.fill("부서에서 받은 파일", &faulty)?;
    writer.click("올려서 살펴보기")?;
    writer.sees("고칠 칸이 1개 있습니다")?;
    writer.sees("C2")?;
    writer.sees("204가 맞으면")?;
    writer.sees_no("확인에 올리기")?;
    judge.look(&writer, &format!("collection-faults-{name}"))?;
    let marked = writer.download("열을 붙인", &app.scratch().join("marked"))?;
    let marked = std::fs::read(&marked).map_err(Trouble::when("reading the marked file"))?;
    let marked = String::from_utf8_lossy(&marked).into_owned();
    assert!(marked.contains("오류"), "the file comes back with its column of faults: {marked}");
    writer.fill("돌려보내는 까닭", "당기에 글자 O가 있습니다. 204가 맞나요?")?;
    writer.click("부서로 돌려보내기")?;
    writer.sees("이 파일은 부서로 돌려보냈습니다")?;
    judge.look(&writer, &format!("collection-sent-back-{name}"))?;

    // The mended sheet and a workbook, together.
    let mended = csv(&app.scratch().join("건축과_고침.csv"), "17")?;
    let welfare = workbook(&app.scratch().join("복지정책과.xlsx"), &WELFARE)?;
    writer.goto(&board)?;
    writer.sees("반려")?;
    writer.fill("부서에서 받은 파일", &format!("{mended}\n{welfare}"))?;
    writer.click("올려서 살펴보기")?;
    writer.sees("숫자 3개가 바뀝니다")?;
    judge.look(&writer, &format!("collection-preview-{name}"))?;
    let upload = writer.url()?;
    writer.click("확인에 올리기")?;
    writer.sees("숫자 3개가 동료의 확인을 기다립니다")?;
    writer.sees("직접 올린 파일입니다")?;
    judge.look(&writer, &format!("collection-waiting-{name}"))?;
    writer.click("근거를 보았고 모두 맞습니다")?;
    writer.sees("스스로 적은 숫자는 스스로 확인할 수 없습니다")?;
    judge.look_at_answer(&writer, &format!("collection-own-refused-{name}"))?;
    let now = (jobs(&app, &citizen, CODE, "3-4-1", "2026")?, jobs(&app, &citizen, CODE, "5-1-1", "2026")?);
    assert_eq!(now, before, "what waits moves nothing");
    // The same file again says so and leads to the first.
    writer.goto(&board)?;
    writer.fill("부서에서 받은 파일", &welfare)?;
    writer.click("올려서 살펴보기")?;
    writer.sees("이미 처리한 파일입니다")?;
    judge.look_at_answer(&writer, &format!("collection-known-{name}"))?;

    // 최모형 confirms, and the rows go in one after the other whether or not anybody watches.
    lead.goto(&upload)?;
    lead.click("근거를 보았고 모두 맞습니다")?;
    let mut looks = 0;
    while lead.sees("숫자 3개를 모두 반영했습니다").is_err() {
        looks += 1;
        if looks > LOOKS {
            return Err(Trouble::new(format!("the upload does not come to its end: {}", lead.text()?)));
        }
        lead.goto(&upload)?;
    }
    judge.look(&lead, &format!("collection-applied-{name}"))?;
    lead.goto(&board)?;
    lead.sees("제출")?;
    judge.look(&lead, &format!("collection-board-later-{name}"))?;
    let now = (jobs(&app, &citizen, CODE, "3-4-1", "2026")?, jobs(&app, &citizen, CODE, "5-1-1", "2026")?);
    assert_eq!(now, (before.0 + WELFARE[0].2, before.1 + BUILDING.2), "the citizen reads the new numbers");
    citizen.no_sideways_scroll()?;
    judge.end()
}

#[test]
fn departments_numbers_come_in_at_a_desk() -> Step {
    journey(1280, "desk")
}

#[test]
fn departments_numbers_come_in_on_a_phone() -> Step {
    journey(360, "phone")
}
