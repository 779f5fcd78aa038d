//! What every Rust file of ours has in common.
//!
//! Owns three rules: a file says what it owns, a lint is not switched off without a reason, and
//! floor 0 does not reach outside. A newcomer silences clippy with an attribute: `expect` with a
//! reason does the same and disappears by itself when it is no longer needed.

use super::Problem;
use super::rust::{Kind, pieces, product_pieces};
use super::tree::{Tree, crate_of, problem};

/// Every Rust file of a crate's `src` opens with a module doc.
pub fn modules_documented(tree: &Tree) -> Vec<Problem> {
    tree.rust()
        .filter(|(path, _)| path.contains("/src/"))
        .filter(|(_, source)| !source.trim_start().starts_with("//!"))
        .map(|(path, _)| problem(path, 1, "open with `//!`: what this file owns, what not, what a newcomer gets wrong"))
        .collect()
}

/// No attribute switches a lint off for good.
pub fn no_allow(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.rust() {
        for piece in pieces(source).iter().filter(|piece| piece.kind == Kind::Code) {
            for (number, line) in piece.text.lines().enumerate() {
                if line.contains("#[allow(") || line.contains("#![allow(") {
                    problems.push(problem(path, piece.line + number, "use `expect` with a reason instead of `allow`"));
                }
            }
        }
    }
    problems
}

/// Floor 0 opens no file, no socket and no process (invariant I2).
pub fn floor_zero_is_pure(tree: &Tree) -> Vec<Problem> {
    const OUTSIDE: &[&str] = &["std::fs", "std::net", "std::process", "std::env", "std::thread"];
    let mut problems = Vec::new();
    let ground = |path: &str| matches!(crate_of(path), Some("base" | "disclosure"));
    for (path, source) in tree.sources().filter(|(path, _)| ground(path)) {
        for piece in product_pieces(path, source).iter().filter(|piece| piece.kind == Kind::Code) {
            for (number, line) in piece.text.lines().enumerate() {
                if let Some(found) = OUTSIDE.iter().find(|outside| line.contains(**outside)) {
                    problems.push(problem(
                        path,
                        piece.line + number,
                        format!("floor 0 uses `{found}`; take the bytes as an argument"),
                    ));
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_file_is_a_problem() {
        let tree = Tree::of(&[("crates/a/src/b.rs", "use x;"), ("crates/a/src/c.rs", "//! Says.\nuse x;")]);
        let found: Vec<String> = modules_documented(&tree).into_iter().map(|problem| problem.file).collect();
        assert_eq!(found, ["crates/a/src/b.rs"]);
    }

    #[test]
    fn an_allow_is_a_problem_and_the_word_alone_is_not() {
        let source = "//! A.\n// #[allow(x)]\nconst A: &str = \"#[allow(x)]\";\n#[allow(dead_code)]\nfn allow() {}";
        let found = no_allow(&Tree::of(&[("crates/a/src/b.rs", source)]));
        assert_eq!(found.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4]);
    }

    #[test]
    fn floor_zero_with_a_file_in_hand_is_a_problem() {
        let source = "//! A.\nuse std::fs;\n#[cfg(test)]\nmod tests { use std::fs; }";
        let tree = Tree::of(&[("crates/disclosure/src/b.rs", source), ("crates/store/src/b.rs", source)]);
        let found = floor_zero_is_pure(&tree);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].line, 2);
    }
}
