//! Frozen editions: the hash, what cannot be published, what cannot select.

use iljari_rules::frozen::canonical;
use iljari_rules::num::Num;
use iljari_rules::{Code, Frozen, Key, RuleHash, Value, check, publishable};

use super::{root, set};

const NARU: &str = "naru/donghaeng-2026-h1.yaml";

#[test]
fn the_hash_is_the_sha_256_of_the_text_whatever_the_editor_did_to_its_lines() {
    let vector = "dc6e56804917c3f4b9d1302fc952c9205c0154d5ffea35b1b51b91084517ea86";
    let text = "형식: 일자리-규칙/1\n번호: 예시\n";
    assert_eq!(RuleHash::of(text).to_string(), vector);
    assert_eq!(RuleHash::of("\u{feff}형식: 일자리-규칙/1\r\n번호: 예시\r\n").to_string(), vector);
    assert_eq!(vector.parse::<RuleHash>().map(|hash| hash.to_string()).as_deref(), Ok(vector));
    for wrong in ["", &vector[..4], &vector[1..], &vector.replace('2', "x")] {
        assert_eq!(wrong.parse::<RuleHash>().map_err(|refusal| refusal.code), Err("bad-rules-hash"), "{wrong}");
    }
    let page = std::fs::read_to_string(root().join("../docs/reference/rules-format.md")).expect("the format page");
    assert!(page.contains(vector), "the format page states the test vector");
}

#[test]
fn rules_changed_after_they_were_frozen_cannot_be_used_to_select() {
    let frozen = publishable(&set(NARU)).expect("sound rules");
    assert_eq!(frozen.hash(), frozen.rules().hash());
    assert!(Frozen::open(frozen.text(), frozen.hash()).is_ok());
    let changed = frozen.text().replace("* 0.85", "* 0.95");
    assert_ne!(changed, frozen.text());
    let refusal = Frozen::open(&changed, frozen.hash()).expect_err("other rules");
    assert_eq!(refusal.code, "rules-changed");
    assert!(refusal.message.contains(&frozen.hash().to_string()), "{}", refusal.message);
    let (sets, _) = check(&[("바뀐 것", changed.as_str())]);
    assert_eq!(frozen.is_same(&sets[0]).map_err(|refusal| refusal.code), Err("rules-changed"));
    assert_eq!(frozen.is_same(frozen.rules()), Ok(()));
    // Even one space, which changes no meaning, is another text.
    assert!(Frozen::open(&format!("{} ", frozen.text()), frozen.hash()).is_err());
    let unreadable = "형식: 일자리-규칙/1\n번호: 예시\n";
    let refusal = Frozen::open(unreadable, RuleHash::of(unreadable)).expect_err("no rules");
    assert_eq!(refusal.code, "rules-unreadable");
}

#[test]
fn a_version_without_its_cases_cannot_be_published() {
    let text = canonical(&std::fs::read_to_string(root().join(NARU)).expect("a file"));
    let refused = |text: &str| -> Vec<Code> {
        let (sets, _) = check(&[("규칙", text)]);
        let problems = publishable(&sets[0]).expect_err("refused");
        problems.into_iter().map(|problem| problem.code).collect()
    };
    let without_cases = &text[..text.find("시험:\n").expect("cases")];
    assert_eq!(refused(without_cases), [Code::NoCase]);
    assert_eq!(refused(&text.replace("점수: 20", "점수: 21")), [Code::CaseFails]);
    // A clause that no case fails at is a warning in a draft and keeps a version from being published.
    let last_case = text.find("  - 이름: 소득이 1원 많은").expect("the case");
    let next = text.find("  - 이름: 다른 구에 살고").expect("the next");
    assert_eq!(refused(&format!("{}{}", &text[..last_case], &text[next..])), [Code::ClauseNeverFails]);
    // A clause that cannot be read is missing from the set; the text is what is judged.
    let broken = text.replace("가구재산 <= 재산한도", "가구재산 <= 재산한");
    assert!(refused(&broken).contains(&Code::UnknownName));
}

#[test]
fn tie_values_become_places_that_order_people_after_the_values_are_gone() {
    let frozen = publishable(&set(NARU)).expect("sound rules");
    let larger: Vec<bool> = frozen.rules().ties.iter().map(|tie| tie.larger_first).collect();
    assert_eq!(larger, [true, false, false, true, false]);
    let number = |value: i64| Some(Value::Number(Num::whole(value)));
    let row =
        |income: Option<Value>, family: Option<Value>| vec![Some(Value::Yes(false)), income, number(1), family, None];
    let places = frozen.tie_places(&[
        row(number(300), number(4)),
        row(None, None),
        row(number(100), number(9)),
        row(number(300), number(9)),
    ]);
    // 1 for the first, equal values sharing one, and behind all of them what is not known.
    assert_eq!(places, [[1, 2, 1, 2, 1], [1, 3, 1, 3, 1], [1, 1, 1, 1, 1], [1, 2, 1, 1, 1]]);
    let key = |points: i64, nth: usize| Key { points, ties: places[nth].clone() };
    let mut all = [key(70, 0), key(70, 1), key(70, 2), key(70, 3), key(71, 1)];
    all.sort_by(|one, other| frozen.order(one, other));
    assert_eq!(all, [key(71, 1), key(70, 2), key(70, 3), key(70, 0), key(70, 1)]);
    assert!(frozen.order(&key(70, 0), &key(70, 0)).is_eq(), "the last rule of the call decides there");
    assert_eq!(frozen.tie_places(&[]), Vec::<Vec<i64>>::new());
}
