//! Korean particles glued to a value by hand.
//!
//! Owns the search for them in templates and messages. Choosing the right one is
//! `iljari_base::korean`'s work. A newcomer writes 은 after a name and tests with one that ends in
//! a consonant: the next name ends in a vowel, and the sentence is wrong.

use super::Problem;
use super::rust::{Kind, product_pieces};
use super::tree::{Tree, problem};

/// Particles whose form depends on the sound before them.
const PARTICLES: &[&str] = &["은", "는", "이", "가", "을", "를", "과", "와", "으로", "로"];

/// No particle follows a placeholder directly, in templates or in Rust's format strings.
pub fn not_glued(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in &tree.files {
        if path.starts_with("crates/") && path.contains("/templates/") {
            for (number, line) in text.lines().enumerate() {
                problems.extend(glued_after("}}", line).map(|particle| told(path, number + 1, particle)));
            }
        }
    }
    for (path, source) in tree.sources() {
        for piece in product_pieces(path, source).iter().filter(|piece| piece.kind == Kind::Text) {
            for (number, line) in piece.text.lines().enumerate() {
                problems.extend(glued_after("}", line).map(|particle| told(path, piece.line + number, particle)));
            }
        }
    }
    problems
}

fn told(path: &str, line: usize, particle: &str) -> Problem {
    problem(path, line, format!("‘{particle}’ is glued to a value; use base's with_particle"))
}

/// The particles that follow a placeholder and end there: `{n}은 ` is one, `{n}이상` is not.
fn glued_after<'l>(close: &'l str, line: &'l str) -> impl Iterator<Item = &'static str> + 'l {
    line.match_indices(close).filter_map(move |(at, _)| {
        let rest = &line[at + close.len()..];
        let word: &str = rest.split(|c: char| !is_hangul(c)).next().unwrap_or_default();
        // "은(는)" offers both forms and is what a fixed text does when it cannot know.
        let both = rest[word.len()..].starts_with('(');
        PARTICLES.iter().copied().find(|particle| *particle == word && !both)
    })
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glued_particle_is_a_problem_in_both_places() {
        let tree = Tree::of(&[
            ("crates/plans/templates/home.html", "<p>\n{{ name }}은 계획입니다"),
            ("crates/plans/src/check.rs", "fn a() -> String { format!(\"{name}을 찾지 못했습니다\") }"),
        ]);
        let found: Vec<(String, usize)> = not_glued(&tree).into_iter().map(|p| (p.file, p.line)).collect();
        assert_eq!(
            found,
            [("crates/plans/templates/home.html".to_owned(), 2), ("crates/plans/src/check.rs".to_owned(), 1)]
        );
    }

    #[test]
    fn units_and_longer_words_are_not_particles() {
        for fine in ["{n}개", "{year}년 목표", "{n}이상", "{name}은(는)", "{name} 은하수"] {
            assert_eq!(glued_after("}", fine).count(), 0, "{fine}");
        }
        assert_eq!(glued_after("}", "{a}와 {b}를 견줍니다").collect::<Vec<_>>(), ["와", "를"]);
    }
}
