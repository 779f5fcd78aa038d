//! Words that must not be in the repository.
//!
//! Owns the list: paths of somebody's machine, hosts of package registries, reminders without a
//! reason. It does not judge language. A newcomer pastes a path from a terminal: it works on one
//! machine and tells the world whose it was. The words are split here, or this file would be the
//! first to break its own rule.

use super::Problem;
use super::tree::{Tree, problem};

/// Paths of machines. A letter or digit before one makes it part of a longer, innocent path.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/tmp/te", "am")];

/// Registries are reached through their clients, by package name, so that a mirror works too.
const REGISTRY_HOSTS: &[&str] = &[
    concat!("npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("deb.debian", ".org"),
];

/// Reminders; each needs a colon and a reason of some length.
const REMINDERS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// The shortest text after a reminder that can be a reason.
const SHORTEST_REASON: usize = 15;

/// Files that tools write and that name their registry by themselves.
const WRITTEN_BY_TOOLS: &[&str] = &["Cargo.lock"];

/// None of the words above, in any text of the workspace.
pub fn none_forbidden(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in &tree.files {
        if WRITTEN_BY_TOOLS.contains(&path.as_str()) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let number = number + 1;
            if let Some(found) = MACHINE_PATHS.iter().find(|machine| stands_alone(machine, line)) {
                problems.push(problem(path, number, format!("‘{found}’ is a path of somebody's machine")));
            }
            if let Some(found) = REGISTRY_HOSTS.iter().find(|host| line.contains(**host)) {
                problems.push(problem(
                    path,
                    number,
                    format!("‘{found}’ is a registry's host; name the package and let its client find it"),
                ));
            }
            if let Some(found) = REMINDERS.iter().find(|word| is_bare(word, line)) {
                problems.push(problem(
                    path,
                    number,
                    format!("{found} without a reason: write `{found}: why, and until when`"),
                ));
            }
        }
    }
    problems
}

fn stands_alone(machine: &str, line: &str) -> bool {
    line.match_indices(machine)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}".contains(c)))
}

/// Whether a reminder stands in the line as a word and without a reason.
fn is_bare(word: &str, line: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        // A word in quotes is spoken about, not meant.
        let joined = before.ends_with(|c: char| c.is_alphanumeric() || "_\"".contains(c))
            || after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let reason = after.strip_prefix(':').is_some_and(|why| why.trim().len() >= SHORTEST_REASON);
        !joined && !reason
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        none_forbidden(&Tree::of(&[("a.md", text)])).into_iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn machine_paths_are_found_and_longer_paths_are_not() {
        for path in MACHINE_PATHS {
            assert_eq!(lines(&format!("fine\nsee {path}x")), [2], "{path}");
        }
        assert!(lines(&format!("net{}x and a{}y", MACHINE_PATHS[0], MACHINE_PATHS[1])).is_empty());
    }

    #[test]
    fn every_registry_host_is_found() {
        for host in REGISTRY_HOSTS {
            assert_eq!(lines(&format!("get it from {host}/x")), [1], "{host}");
        }
    }

    #[test]
    fn a_reminder_needs_a_reason() {
        for word in REMINDERS {
            assert_eq!(
                lines(&format!("// {word}\n// {word}: later\n// {word}: until the ministry answers the letter")),
                [1, 2]
            );
        }
        assert!(lines(&format!("A{}B \"{}\"", REMINDERS[2], REMINDERS[0])).is_empty());
    }
}
