//! From an officer's number to a stranger's proof: record, confirm, seal, disclose, verify, tamper,
//! correct, disclose again. Officers sit at 1280 px, the citizen holds a phone of 360 px.

use std::path::Path;

use iljari_e2e::{App, Browser, Step, Trouble, unpack};
use serde_json::json;

use super::visit::{ask_to_disclose, expect, jobs, newest_bundle, sign_in, text_of};

const CODE: &str = "11215";

/// A number for the first program of Gwangjin's present plan.
struct Number {
    node: String,
    name: String,
    year: String,
}

/// Follows the first link of the plan that leads to the form, and tells whose number it is.
fn open_the_form(officer: &Browser) -> Step<Number> {
    let heading = officer.heading()?;
    let year = heading.split('년').next().unwrap_or_default().to_owned();
    // The plan is folded by strategy; the first one that has such a link is opened as a person opens it.
    let folded =
        "const fold = document.querySelector('a[href*=\"/office/entries/new?node=\"]')?.closest('details:not([open])');
        return fold?.querySelector('summary')?.innerText ?? ''";
    let folded = officer.script(folded, json!([]))?;
    let folded = folded.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    if !folded.is_empty() {
        officer.click(&folded)?;
    }
    let first = "return document.querySelector('a[href*=\"/office/entries/new?node=\"]')?.innerText ?? null";
    let words = officer.script(first, json!([]))?;
    let words = words.as_str().ok_or_else(|| Trouble::new("the plan offers no program to record for"))?;
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    // The tree is folded by strategy; what is looked for lies in the first that offers it.
    officer.script(
        "document.querySelector('a[href*=\"/office/entries/new?node=\"]').closest('details').open = true",
        json!([]),
    )?;
    officer.click(&words)?;
    let node = officer.script("return document.querySelector('select[name=node]').value", json!([]))?;
    let name = words.split_once(':').map(|(_, name)| name.trim().to_owned());
    Ok(Number {
        node: node.as_str().unwrap_or_default().to_owned(),
        name: name.ok_or_else(|| Trouble::new(format!("‘{words}’ does not say which program")))?,
        year,
    })
}

fn disclose(officer: &Browser, year: &str, remark: &str) -> Step {
    ask_to_disclose(officer, year, "일자리정책과-1001 (예시)", remark)?;
    officer.click("이 해를 공시하기")
}

#[test]
fn a_number_becomes_something_that_a_stranger_can_prove() -> Step {
    let app = App::start(&[])?;
    let (writer, confirmer, discloser) = (Browser::start(1280)?, Browser::start(1280)?, Browser::start(1280)?);
    let citizen = Browser::start(360)?;

    // 한시범 writes a number down. It waits, and nothing else changes.
    sign_in(&app, &writer, "한시범", "/office/plan")?;
    let number = open_the_form(&writer)?;
    let (year, node) = (number.year.as_str(), number.node.as_str());
    let before = (jobs(&app, &citizen, CODE, node, year)?, jobs(&app, &citizen, CODE, "전체", year)?);
    writer.select("해", &format!("{year}년"))?;
    writer.select("시작 달", "1월")?;
    writer.select("끝 달", "1월")?;
    writer.choose("누계")?;
    writer.fill("수", "1백2십")?;
    writer.choose("부서 집계표")?;
    writer.fill("어디에서 온 수인가요", "1월 부서 취합표 2번 시트 (예시)")?;
    writer.click("확인해 달라고 올리기")?;
    writer.sees("확인 대기")?;
    writer.sees("누계 120")?;
    writer.sees("직접 쓴 숫자입니다")?;
    writer.sees_no("근거를 보았고 맞습니다")?;
    let waiting = writer.url()?;
    let now = (jobs(&app, &citizen, CODE, node, year)?, jobs(&app, &citizen, CODE, "전체", year)?);
    assert_eq!(now, before, "a number that waits moves nothing");

    // 김보기 looks at it and confirms. The pages move by exactly that amount.
    sign_in(&app, &confirmer, "김보기", "/office/staged")?;
    confirmer.click(&number.name)?;
    assert_eq!(confirmer.url()?, waiting);
    confirmer.click("근거를 보았고 맞습니다")?;
    confirmer.sees("김보기 담당자가")?;
    confirmer.sees("확인했습니다")?;
    let now = (jobs(&app, &citizen, CODE, node, year)?, jobs(&app, &citizen, CODE, "전체", year)?);
    assert_eq!(now, (before.0 + 120, before.1 + 120), "the confirmed number stands on the pages");
    citizen.no_sideways_scroll()?;

    // 이견본 seals and discloses.
    sign_in(&app, &discloser, "이견본", "/office/seals")?;
    discloser.sees(&number.name)?;
    discloser.click("1건 봉인하기")?;
    discloser.sees("확인된 기록은 모두 봉인되어 있습니다")?;
    discloser.goto(&app.url("/office/disclosures"))?;
    take_drafts(&app, &discloser, year)?;
    disclose(&discloser, year, "")?;
    discloser.sees("공시 묶음 받기")?;

    // A citizen takes the bundle and the key's fingerprint, and needs nobody from here on.
    let first = newest_bundle(&app, &citizen, CODE, "first")?;
    let report = format!("추진실적-{year}.pdf");
    citizen.sees("SHA-256")?;
    let alone = read(&citizen.download(&report, &app.scratch().join("report"))?)?;
    citizen.goto(&app.url(&format!("/districts/{CODE}/verify")))?;
    let key = text_of(&citizen, ".panel code")?;
    expect(&app.run(&["verify", &first, "--key", &key])?, 0, &["숫자가 모두 맞습니다."])?;
    expect(&app.run(&["verify", &first])?, 3, &["--key"])?;

    // One flipped bit of one table: caught, and the number is named.
    let folder = app.scratch().join("tampered");
    let names = unpack(Path::new(&first), &folder)?;
    assert!(names.iter().any(|name| name == "documents/totals.csv"), "{names:?}");
    assert!(alone == read(&folder.join("documents").join(&report))?, "the report alone is the one in the bundle");
    let folder_name = folder.to_string_lossy().into_owned();
    expect(&app.run(&["verify", &folder_name, "--key", &key])?, 0, &[])?;
    let sentence = flip(&folder.join("documents/totals.csv"), &format!("{year},{node},"), ",120,")?;
    let caught = app.run(&["verify", &folder_name, "--key", &key])?;
    expect(&caught, 1, &[&number.name, "121", "120"])?;
    assert!(sentence.contains(",121,"), "{sentence}");
    let bytes = std::fs::read(&first).map_err(|error| Trouble::new(error.to_string()))?;
    let broken = app.scratch().join("broken.zip");
    let at = bytes.len() / 2;
    let flipped: Vec<u8> = bytes.iter().enumerate().map(|(n, byte)| if n == at { byte ^ 1 } else { *byte }).collect();
    std::fs::write(&broken, flipped).map_err(|error| Trouble::new(error.to_string()))?;
    expect(&app.run(&["verify", &broken.to_string_lossy(), "--key", &key])?, 1, &[])?;

    // 한시범 corrects with a reason, 김보기 confirms, 이견본 discloses again.
    writer.goto(&app.url("/office/entries"))?;
    writer.click(&number.name)?;
    writer.click("이 기록 정정하기")?;
    writer.fill("맞는 수", "115")?;
    writer.choose("중복")?;
    writer.fill("무엇이 왜 틀렸나요", "두 부서가 같은 다섯 건을 함께 올렸습니다 (예시)")?;
    writer.click("정정을 확인해 달라고 올리기")?;
    writer.sees("120 → 115")?;
    confirmer.goto(&app.url("/office/staged"))?;
    confirmer.goto(&writer.url()?)?;
    confirmer.click("근거를 보았고 맞습니다")?;
    confirmer.sees("확인했습니다")?;
    assert_eq!(jobs(&app, &citizen, CODE, node, year)?, before.0 + 115);
    citizen.sees("두 부서가 같은 다섯 건을 함께 올렸습니다")?;
    discloser.goto(&app.url("/office/disclosures"))?;
    disclose(&discloser, year, "")?;
    discloser.sees("다시 내는 까닭")?;
    disclose(&discloser, year, "겹친 다섯 건을 뺐습니다 (예시)")?;
    discloser.sees("바로잡는 공시")?;
    let second = newest_bundle(&app, &citizen, CODE, "second")?;
    citizen.sees("겹친 다섯 건을 뺐습니다")?;
    expect(&app.run(&["verify", &second, "--key", &key, "--since", &first])?, 0, &["숫자가 모두 맞습니다."])?;
    expect(&app.run(&["verify", &first, "--key", &key, "--since", &second])?, 1, &[])
}

/// Takes the year's report along for the approval, marked as not settled.
fn take_drafts(app: &App, officer: &Browser, year: &str) -> Step {
    officer.click(&format!("{year}년 확정 전 문서"))?;
    officer.sees("아직 확정되지 않았습니다")?;
    for (format, begin) in [("PDF", "%PDF-"), ("HWPX", "PK")] {
        let folder = app.scratch().join(format!("draft-{format}"));
        let draft = officer.download(&format!("{format} {year}년 추진실적"), &folder)?;
        assert!(read(&draft)?.starts_with(begin.as_bytes()), "{}", draft.display());
    }
    officer.click("공시하러 가기")
}

fn read(file: &Path) -> Step<Vec<u8>> {
    std::fs::read(file).map_err(|error| Trouble::new(error.to_string()))
}

/// Flips the lowest bit of the last digit of `digits` in the first line that begins as told.
fn flip(file: &Path, line: &str, digits: &str) -> Step<String> {
    let text = std::fs::read_to_string(file).map_err(|error| Trouble::new(error.to_string()))?;
    let found = text.lines().find(|it| it.trim_start_matches('\u{feff}').starts_with(line) && it.contains(digits));
    let found = found.ok_or_else(|| Trouble::new(format!("no line {line}…{digits} in:\n{text}")))?;
    let (before, after) = found.split_once(digits).unwrap_or_default();
    let mut flipped = digits.as_bytes().to_vec();
    let last = flipped.len() - 2;
    flipped[last] ^= 1;
    let changed = format!("{before}{}{after}", String::from_utf8_lossy(&flipped));
    std::fs::write(file, text.replacen(found, &changed, 1)).map_err(|error| Trouble::new(error.to_string()))?;
    Ok(changed)
}

#[test]
fn who_wrote_a_number_does_not_confirm_it_even_with_the_duty() -> Step {
    let app = App::start(&[])?;
    let officer = Browser::start(1280)?;
    sign_in(&app, &officer, "홍예시", "/office/staged")?;
    officer.click(&text_of(&officer, "#waiting ~ table th a")?)?;
    officer.sees("확인 대기")?;
    officer.click("근거를 보았고 맞습니다")?;
    officer.sees("직접 쓴 숫자")?;
    officer.sees("확인할 수 없습니다")?;
    officer.sees("군데를 고쳐 주세요")?;
    officer.sees("확인 대기")?;
    // 최모형 may, and then it is done.
    let waiting = officer.url()?.trim_end_matches("/confirm").to_owned();
    let colleague = Browser::start(1280)?;
    sign_in(&app, &colleague, "최모형", "/office/staged")?;
    colleague.goto(&waiting)?;
    colleague.click("근거를 보았고 맞습니다")?;
    colleague.sees("최모형 담당자가")?;
    officer.goto(&waiting)?;
    officer.sees("최모형 담당자가")
}
