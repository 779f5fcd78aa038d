//! The verifier in the browser: what a citizen sees of it, that it stays at home, that it knows the
//! format page, and that it agrees with the checker in Rust.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use iljari_e2e::{App, Browser, Step, Trouble, mutants, vnu};
use serde_json::{Value, json};

use super::visit::text_of;

/// A district of the demo whose disclosures are there from the start.
const CODE: &str = "99001";

/// How many mutants are given to the browser at a time.
const AT_A_TIME: usize = 50;

fn trouble(error: std::io::Error) -> Trouble {
    Trouble::new(error.to_string())
}

/// Downloads a disclosure's bundle as a citizen does.
fn bundle(app: &App, citizen: &Browser, no: u32) -> Step<PathBuf> {
    citizen.goto(&app.url(&format!("/districts/{CODE}/disclosures/{no}")))?;
    citizen.download("공시 묶음 받기", &app.scratch().join(format!("bundle-{}-{no}", citizen.width())))
}

/// The bundle with one bit of one printed number flipped; tells the number before and after.
fn flipped(zip: &Path) -> Step<(PathBuf, String, String)> {
    let mut bytes = std::fs::read(zip).map_err(trouble)?;
    let mark = "합계,".as_bytes();
    // The table's own bytes follow its name in the archive.
    let table = "documents/totals.csv\u{feff}".as_bytes();
    let table = (0..bytes.len()).find(|at| bytes[*at..].starts_with(table)).unwrap_or(bytes.len());
    let at = (table..bytes.len())
        .find(|at| bytes[*at..].starts_with(mark) && bytes.get(at + mark.len()).is_some_and(u8::is_ascii_digit))
        .ok_or_else(|| Trouble::new("no number in the bundle"))?
        + mark.len();
    let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = |bytes: &[u8]| grouped(&String::from_utf8_lossy(&bytes[at..at + length]));
    let before = number(&bytes);
    bytes[at + length - 1] ^= 1;
    let to = zip.with_file_name("flipped.zip");
    std::fs::write(&to, &bytes).map_err(trouble)?;
    Ok((to, before, number(&bytes)))
}

fn grouped(digits: &str) -> String {
    let letters: Vec<char> = digits.chars().collect();
    let parts: Vec<String> = letters.rchunks(3).rev().map(|part| part.iter().collect()).collect();
    parts.join(",")
}

/// What left the page since it was opened; slices of the page's own font come when a new letter is drawn.
fn requests(citizen: &Browser) -> Step<Value> {
    citizen.script(
        "return performance.getEntriesByType('resource').filter(it => !it.name.includes('/assets/fonts/')).length",
        json!([]),
    )
}

/// Checks a sound and a flipped bundle on the page that is open, by the file field and by dropping.
fn check_both(citizen: &Browser, zip: &Path, name: &str, pages: &mut Vec<PathBuf>) -> Step {
    let mut problems = Vec::new();
    citizen.fill("공시 묶음 파일", &zip.to_string_lossy())?;
    citizen.comes_to_say("숫자가 모두 맞습니다")?;
    citizen.sees("이 화면에 적힌 지문의 키로 서명했습니다")?;
    citizen.sees("게시판이나 공보에 실린 지문과도 견주어 보세요")?;
    citizen.sees("적힌 일자리가 실제로 있었는지는 증명하지 않습니다")?;
    problems.extend(citizen.inspect_answer(&format!("{name}-agrees"), pages)?);

    let (bad, before, after) = flipped(zip)?;
    citizen.fill("공시 묶음 파일", &bad.to_string_lossy())?;
    citizen.comes_to_say("숫자 하나가 다릅니다")?;
    citizen.sees(&format!("공시표에는 {after}"))?;
    citizen.sees(&format!("기록을 더하면 {before}"))?;
    citizen.sees("documents/totals.csv")?;
    citizen.sees_no("숫자가 모두 맞습니다")?;
    problems.extend(citizen.inspect_answer(&format!("{name}-differs"), pages)?);

    // Another key: everything agrees but the one thing that matters.
    citizen.fill("누구의 키여야 하나요", "0000 0000 0000 0000 0000 0000 0000 0000")?;
    citizen.fill("공시 묶음 파일", &zip.to_string_lossy())?;
    citizen.comes_to_say("다른 키로 서명한 묶음입니다")?;
    // No key: agreed, and nothing promised.
    citizen.fill("누구의 키여야 하나요", "")?;
    citizen.click("묶음 확인하기")?;
    citizen.comes_to_say("누구의 키인지는 확인하지 않았습니다")?;
    citizen.sees("숫자가 모두 맞습니다")?;

    // Dropped anywhere on the page.
    let bytes = std::fs::read(&bad).map_err(trouble)?;
    let drop = "const data = new DataTransfer();
                data.items.add(new File([Uint8Array.from(arguments[0])], '떨어뜨린-묶음.zip'));
                document.getElementById('drop').dispatchEvent(
                    new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));";
    citizen.script(drop, json!([bytes]))?;
    citizen.comes_to_say("떨어뜨린-묶음.zip")?;
    citizen.comes_to_say("숫자 하나가 다릅니다")?;
    if problems.is_empty() { Ok(()) } else { Err(Trouble::new(problems.join("\n"))) }
}

fn a_citizen_checks(width: u32) -> Step {
    let app = App::start(&[])?;
    let citizen = Browser::start(width)?;
    let mut pages = Vec::new();
    let (first, second) = (bundle(&app, &citizen, 1)?, bundle(&app, &citizen, 2)?);

    citizen.goto(&app.url(&format!("/districts/{CODE}/verify")))?;
    let before = requests(&citizen)?;
    check_both(&citizen, &second, "verifier-page", &mut pages)?;

    // The earlier bundle goes on in the later one, and not the other way round.
    citizen.click("앞서 받은 묶음과 견주거나")?;
    citizen.fill("앞서 받은 묶음 파일", &first.to_string_lossy())?;
    citizen.fill("공시 묶음 파일", &second.to_string_lossy())?;
    citizen.comes_to_say("앞서 받은 묶음의 기록이 그대로 이어졌습니다")?;
    citizen.fill("앞서 받은 묶음 파일", &second.to_string_lossy())?;
    citizen.fill("공시 묶음 파일", &first.to_string_lossy())?;
    citizen.comes_to_say("앞서 받은 묶음에서 이어지지 않았습니다")?;

    // Nothing was fetched for all this, and nothing can be.
    assert_eq!(requests(&citizen)?, before);
    let fetched = "const done = arguments[0]; fetch('/').then(() => done('fetched'), () => done('refused'));";
    assert_eq!(citizen.script_with_callback(fetched, json!([]))?, "refused");

    // The same page as a file of one's own.
    citizen.goto(&app.url(&format!("/districts/{CODE}/verify")))?;
    let kept = citizen.download("확인 화면 파일 받기", &app.scratch().join("kept"))?;
    citizen.goto(&format!("file://{}", kept.display()))?;
    citizen.sees("공시 숫자를 인터넷 없이 확인할 수 있습니다")?;
    check_both(&citizen, &second, "verifier-file", &mut pages)?;
    assert_eq!(requests(&citizen)?, json!(0), "the file fetches nothing at all");
    let errors = vnu(&pages)?;
    assert!(errors.is_empty(), "{errors:?}");
    Ok(())
}

#[test]
fn a_citizen_checks_a_bundle_on_a_phone() -> Step {
    a_citizen_checks(360)
}

#[test]
fn a_citizen_checks_a_bundle_at_a_desk() -> Step {
    a_citizen_checks(1280)
}

#[test]
fn a_bundle_after_a_change_of_keys_is_followed_from_the_one_before() -> Step {
    let app = App::start(&[])?;
    let citizen = Browser::start(360)?;
    let before = bundle(&app, &citizen, 2)?;
    let page = app.url(&format!("/districts/{CODE}/verify"));
    citizen.goto(&page)?;
    let expected = "return document.getElementById('named-key').value";
    let old = citizen.script(expected, json!([]))?;
    let old = old.as_str().filter(|old| !old.is_empty()).ok_or_else(|| Trouble::new("the page names no key"))?;

    let (data, out) = (app.data(), app.scratch().join("rotated"));
    let (data, out) = (data.to_string_lossy(), out.to_string_lossy());
    let of = ["--data", &*data, "--district", CODE];
    let why = ["--year", "2024", "--out", &*out, "--remark", "열쇠를 바꾼 뒤 처음 내는 공시입니다 (예시)"];
    for command in [[&["ledger", "rotate"][..], &of].concat(), [&["disclose"][..], &of, &why].concat()] {
        let said = app.run(&command)?;
        assert!(said.status.success(), "{}", said.words);
    }
    // The numbers are those of the seal between the keys, which both signed.
    let head = std::fs::read_to_string(format!("{out}/checkpoint-1")).map_err(trouble)?;
    assert_eq!(head.lines().filter(|line| line.starts_with("— ")).count(), 2, "{head}");
    let after = bundle(&app, &citizen, 3)?;

    citizen.goto(&page)?;
    assert_ne!(citizen.script(expected, json!([]))?, old, "the page names the new key");
    citizen.fill("공시 묶음 파일", &after.to_string_lossy())?;
    citizen.comes_to_say("숫자가 모두 맞습니다")?;
    citizen.sees("이 화면에 적힌 지문의 키로 서명했습니다")?;
    citizen.click("앞서 받은 묶음과 견주거나")?;
    citizen.fill("앞서 받은 묶음 파일", &before.to_string_lossy())?;
    citizen.fill("공시 묶음 파일", &after.to_string_lossy())?;
    citizen.comes_to_say("앞서 받은 묶음의 기록이 그대로 이어졌습니다")?;
    // Who still asks for the old key is told that another one signed.
    citizen.fill("누구의 키여야 하나요", old)?;
    citizen.click("묶음 확인하기")?;
    citizen.comes_to_say("다른 키로 서명한 묶음입니다")
}

#[test]
fn a_receipt_is_printed_pasted_and_proven() -> Step {
    let app = App::start(&[])?;
    let citizen = Browser::start(360)?;
    citizen.goto(&app.url(&format!("/districts/{CODE}")))?;
    let href = "return [...document.querySelectorAll('a[href*=\"/plan/\"]')].map(a => a.getAttribute('href'))
                    .find(href => /\\/plan\\/[^/]+\\/[0-9]{4}$/.test(href)) ?? null";
    let page = citizen.script(href, json!([]))?;
    let page = page.as_str().ok_or_else(|| Trouble::new("no number leads to its entries"))?;
    citizen.goto(&app.url(page))?;
    let receipt = "return document.querySelector('a[href*=\"/receipts/\"]').getAttribute('href')";
    let receipt = citizen.script(receipt, json!([]))?;
    citizen.goto(&app.url(receipt.as_str().unwrap_or_default()))?;
    citizen.sees("이 기록이 이 장부에 들어 있습니다. 내용이 사실임을 증명하지는 않습니다.")?;
    citizen.sees("이 큐알 코드에는 확인증 글 전체가 들어 있습니다")?;
    citizen.no_sideways_scroll()?;
    let text = citizen.script("return document.querySelector('pre.proof').innerText", json!([]))?;
    let file = citizen.download("확인증 파일 받기", &app.scratch().join("receipt"))?;
    let saved = std::fs::read_to_string(&file).map_err(trouble)?;
    assert_eq!(text.as_str().map(str::trim_end), Some(saved.trim_end()), "page and file hold the same text");

    citizen.click("이 확인증 확인하기")?;
    citizen.fill("확인증 파일", &file.to_string_lossy())?;
    citizen.comes_to_say("확인증이 맞습니다")?;
    citizen.sees("내용이 사실임을 증명하지는 않습니다")?;
    let changed = saved.replacen("\nindex ", "\nindex 1", 1);
    let file = file.with_file_name("changed.tlog-proof");
    std::fs::write(&file, changed).map_err(trouble)?;
    citizen.fill("확인증 파일", &file.to_string_lossy())?;
    citizen.comes_to_say("확인증이 맞지 않습니다")?;
    citizen.fill("누구의 키여야 하나요", "0000 0000")?;
    citizen.click("확인증 확인하기")?;
    citizen.comes_to_say("공개 키 글 전체를 적어 주세요")
}

/// A browser with the verifier's page open.
fn verifier(app: &App) -> Step<Browser> {
    let browser = Browser::start(1280)?;
    browser.goto(&app.url(&format!("/districts/{CODE}/verify.html")))?;
    Ok(browser)
}

fn format_page() -> Step<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/format.md")).map_err(trouble)
}

#[test]
fn the_verifier_knows_every_vector_of_the_format_page() -> Step {
    let app = App::start(&[])?;
    let browser = verifier(&app)?;
    let wrong = browser.script(include_str!("verifier_vectors.js"), json!([format_page()?]))?;
    assert_eq!(wrong, json!([]));
    Ok(())
}

/// Runs mutants through the verifier. `arguments`: the sound bundles once, then mutants.
const RUN: &str = "
    const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const [sound, mutants] = arguments;
    if (sound !== null) window.soundBundles = sound.map(files => new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)])));
    const bundleOf = ({ of, gone, put }) => {
        const files = new Map(window.soundBundles[of]);
        for (const path of gone) files.delete(path);
        for (const [path, text] of Object.entries(put)) files.set(path, bytes(text));
        return new Map([...files].sort(([a], [b]) => compareText(a, b)));
    };
    return mutants.map(mutant => {
        let report;
        if (mutant.zip !== undefined) {
            const { files, fault } = finished(filesOfZip(bytes(mutant.zip)));
            if (fault !== null) return { verdict: 'refused', codes: [] };
            report = finished(checkBundle(files));
        } else {
            const since = mutant.since === null ? null : bundleOf(mutant.since);
            report = finished(checkBundle(bundleOf(mutant.files), { key: mutant.key, since }));
        }
        // Every problem has its sentence.
        if (report.problems.some(problem => !/[가-힣]/.test(sentenceOf(problem)) || /undefined|NaN/.test(sentenceOf(problem)))) {
            return { verdict: 'speechless', codes: [...report.codes] };
        }
        return { verdict: report.verdict, codes: [...report.codes].sort() };
    });
";

fn number_from(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn the_verifier_and_the_checker_agree_on_a_thousand_mutants() -> Step {
    // More, or others: ILJARI_MUTANTS=20000 ILJARI_MUTANTS_SEED=7
    let count = usize::try_from(number_from("ILJARI_MUTANTS", 1_000)).unwrap_or(1_000);
    let all = mutants(count, number_from("ILJARI_MUTANTS_SEED", 1))?;
    let (sound, all) = all.split_first().ok_or_else(|| Trouble::new("no mutants"))?;
    assert_eq!(all.len(), count);
    let app = App::start(&[])?;
    let browser = verifier(&app)?;
    browser.script(RUN, json!([sound["sound"], []]))?;
    let mut disagreements = Vec::new();
    let mut seen = BTreeSet::new();
    for some in all.chunks(AT_A_TIME) {
        let found = browser.script(RUN, json!([Value::Null, some]))?;
        for (mutant, found) in some.iter().zip(found.as_array().into_iter().flatten()) {
            seen.extend(mutant["codes"].as_array().into_iter().flatten().filter_map(Value::as_str));
            if (&mutant["verdict"], &mutant["codes"]) != (&found["verdict"], &found["codes"]) {
                disagreements.push(format!(
                    "{} {} (key {}):\n  checker {} {}\n  verifier {} {}",
                    mutant["number"],
                    mutant["story"],
                    mutant["key"],
                    mutant["verdict"],
                    mutant["codes"],
                    found["verdict"],
                    found["codes"]
                ));
            }
        }
    }
    assert!(
        disagreements.is_empty(),
        "{} of {count}:\n{}",
        disagreements.len(),
        disagreements[..disagreements.len().min(40)].join("\n")
    );

    // The mutants are of all kinds: they reach every code but those that need a huge bundle.
    let page = format_page()?;
    let codes = page.split("```vector:codes\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap_or_default();
    let unseen: Vec<&str> = codes
        .lines()
        .filter_map(|line| line.split(':').next())
        .filter(|code| !seen.contains(code) && !["too-large", "overflow"].contains(code))
        .collect();
    assert!(count < 1_000 || unseen.is_empty(), "no mutant has {unseen:?}");
    Ok(())
}

#[test]
fn the_district_of_a_page_that_stands_alone_is_told() -> Step {
    let app = App::start(&[])?;
    let browser = verifier(&app)?;
    assert!(text_of(&browser, ".brand__place")?.contains("나루구"));
    Ok(())
}
