//! What a published leaf gives away about a person: nothing (S-06).

use std::collections::HashSet;

use iljari_disclosure::log::commitment::{Opening, content};
use iljari_disclosure::log::{Body, Hash, Leaf};

use crate::fixture::{bytes, job, opening, seniors};

fn runs_of_sixteen_hex_digits(line: &str) -> HashSet<&str> {
    (0..line.len().saturating_sub(15))
        .filter_map(|start| line.get(start..start + 16))
        .filter(|run| run.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect()
}

#[test]
fn two_leaves_of_one_person_share_nothing() {
    let (one, other) = (job("spring", seniors()).to_line(), job("autumn", seniors()).to_line());
    let shared: Vec<&str> =
        runs_of_sixteen_hex_digits(&one).intersection(&runs_of_sixteen_hex_digits(&other)).copied().collect();
    assert!(shared.is_empty(), "{shared:?}");
    // The test would notice: one commitment in two leaves shows.
    let (Body::Job { slot, grade, commit }, label) = (job("spring", seniors()).body().clone(), "summer") else {
        panic!("a job");
    };
    let linked = crate::fixture::leaf(label, Body::Job { slot, grade, commit }).to_line();
    assert!(!runs_of_sixteen_hex_digits(&one).is_disjoint(&runs_of_sixteen_hex_digits(&linked)));
}

#[test]
fn a_commitment_opens_with_its_own_blinding_and_content_only() {
    let commitment = opening("a", "홍예시").commitment();
    assert!(opening("a", "홍예시").opens(&commitment));
    assert!(!opening("b", "홍예시").opens(&commitment));
    assert!(!opening("a", "김보기").opens(&commitment));
    for bit in 0..256 {
        let mut blinding = bytes("a");
        blinding[bit / 8] ^= 1 << (bit % 8);
        assert!(!Opening::new(blinding, opening("a", "홍예시").content().to_vec()).opens(&commitment));
    }
    let shown = format!("{:?}", opening("a", "홍예시"));
    assert!(!shown.contains("홍예시") && !shown.contains(&hex::encode(bytes("a"))));
}

#[test]
fn content_is_unambiguous() {
    assert_ne!(content(&[("a", "bc")]), content(&[("ab", "c")]));
    assert_ne!(content(&[("a", "b"), ("c", "d")]), content(&[("a", "bc"), ("", "d")]));
    assert_eq!(content(&[("이름", "\u{1112}\u{1169}")]), None);
    assert_eq!(content(&[("a", &"x".repeat(65_536))]), None);
    assert_eq!(content(&[("a", "b")]), Some(vec![0, 1, b'a', 0, 1, b'b']));
}

#[test]
fn guessing_names_and_numbers_finds_no_leaf() {
    let leaf: Leaf = job("spring", seniors());
    let Body::Job { commit, .. } = leaf.body() else { panic!("a job") };
    for number in 0..20_000 {
        let phone = format!("010-{:04}-{:04}", number / 100, number % 100);
        for guess in [phone.clone(), format!("홍예시{phone}"), "홍예시".to_owned()] {
            assert_ne!(Hash::of(guess.as_bytes()), *commit);
            assert_ne!(Opening::new([0; 32], guess.into_bytes()).commitment(), *commit);
        }
    }
}
