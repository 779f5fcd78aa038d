//! Who may import whom (invariants I1 and I2), held against what cargo knows.
//!
//! Owns the table of floors. A newcomer adds a dependency because it compiles: the table is the
//! picture of ARCHITECTURE.md in code, and a line in it is a decision, not a formality.

use serde_json::Value;

use super::Problem;
use super::tree::problem;
use crate::Outcome;

/// Each package of the workspace and those of the workspace that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("iljari-base", &[]),
    ("iljari-authored", &["iljari-base"]),
    ("iljari-disclosure", &["iljari-base", "iljari-authored"]),
    ("iljari-rules", &["iljari-base", "iljari-authored"]),
    ("iljari-store", &["iljari-base"]),
    ("iljari-web", &["iljari-base", "iljari-store"]),
    ("iljari-print", &["iljari-base"]),
    ("iljari-sheets", &["iljari-base"]),
    ("iljari-people", &["iljari-base", "iljari-store", "iljari-web"]),
    ("iljari-plans", &["iljari-base", "iljari-disclosure", "iljari-store", "iljari-web", "iljari-people"]),
    (
        "iljari-ledger",
        &[
            "iljari-base",
            "iljari-disclosure",
            "iljari-store",
            "iljari-web",
            "iljari-print",
            "iljari-people",
            "iljari-plans",
        ],
    ),
    (
        "iljari-collection",
        &[
            "iljari-base",
            "iljari-disclosure",
            "iljari-store",
            "iljari-web",
            "iljari-sheets",
            "iljari-people",
            "iljari-plans",
            "iljari-ledger",
        ],
    ),
    (
        "iljari-programs",
        &[
            "iljari-base",
            "iljari-authored",
            "iljari-rules",
            "iljari-disclosure",
            "iljari-store",
            "iljari-web",
            "iljari-print",
            "iljari-sheets",
            "iljari-people",
            "iljari-plans",
            "iljari-ledger",
        ],
    ),
    (
        "iljari-app",
        &[
            "iljari-base",
            "iljari-authored",
            "iljari-rules",
            "iljari-disclosure",
            "iljari-store",
            "iljari-web",
            "iljari-people",
            "iljari-plans",
            "iljari-ledger",
            "iljari-print",
            "iljari-sheets",
            "iljari-collection",
            "iljari-programs",
        ],
    ),
    // Benches time what the product calls, and nothing else of ours calls them.
    (
        "iljari-bench",
        &[
            "iljari-base",
            "iljari-authored",
            "iljari-rules",
            "iljari-disclosure",
            "iljari-store",
            "iljari-web",
            "iljari-print",
            "iljari-people",
            "iljari-plans",
            "iljari-ledger",
        ],
    ),
    // The journeys drive the binary from outside and xtask must build while the product does not.
    ("iljari-e2e", &[]),
    ("xtask", &[]),
];

/// The packages of floor 0, and the crates that would give them the outside world.
const FLOOR_ZERO: &[&str] = &["iljari-base", "iljari-authored", "iljari-disclosure", "iljari-rules"];
const OUTSIDE_WORLD: &[&str] = &["tokio", "sqlx", "axum", "axum-extra", "tower-http", "tempfile", "fantoccini"];

/// Every import between our packages points down, and floor 0 has no way out.
pub fn imports_point_down(metadata: &Value) -> Outcome<Vec<Problem>> {
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut problems = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let manifest = manifest_of(package, metadata);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(known, _)| *known == name) else {
            problems.push(problem(
                &manifest,
                0,
                format!("`{name}` has no floor yet; give it a line in the table of floors"),
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let wanted = dependency["name"].as_str().unwrap_or_default();
            // A crate's own tests may import the crate itself with other features.
            if ours.contains(&wanted) && wanted != name && !allowed.contains(&wanted) {
                problems.push(problem(&manifest, 0, format!("`{name}` imports `{wanted}`, which is not below it")));
            }
            let for_tests = dependency["kind"].as_str() == Some("dev");
            if FLOOR_ZERO.contains(&name) && OUTSIDE_WORLD.contains(&wanted) && !for_tests {
                problems.push(problem(
                    &manifest,
                    0,
                    format!("floor 0 does no input or output, so `{name}` has no use for `{wanted}`"),
                ));
            }
        }
    }
    Ok(problems)
}

/// The path of a package's manifest from the root of the workspace.
fn manifest_of(package: &Value, metadata: &Value) -> String {
    let full = package["manifest_path"].as_str().unwrap_or("Cargo.toml");
    let root = metadata["workspace_root"].as_str().unwrap_or_default();
    full.strip_prefix(root).unwrap_or(full).trim_start_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(name: &str, dependency: Value) -> Vec<String> {
        let metadata = json!({
            "workspace_root": "/r",
            "packages": [
                {"name": name, "manifest_path": "/r/crates/x/Cargo.toml", "dependencies": [dependency]},
                {"name": "iljari-store", "manifest_path": "/r/crates/store/Cargo.toml", "dependencies": []},
                {"name": "iljari-ledger", "manifest_path": "/r/crates/ledger/Cargo.toml", "dependencies": []},
            ],
        });
        imports_point_down(&metadata).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_import_that_points_up_or_sideways_is_a_problem() {
        let up = found("iljari-plans", json!({"name": "iljari-ledger", "kind": null}));
        assert_eq!(up, ["crates/x/Cargo.toml: `iljari-plans` imports `iljari-ledger`, which is not below it"]);
        let sideways = found("iljari-disclosure", json!({"name": "iljari-store", "kind": "dev"}));
        assert_eq!(sideways.len(), 1, "{sideways:?}");
    }

    #[test]
    fn an_import_that_points_down_is_none() {
        assert!(found("iljari-people", json!({"name": "iljari-store", "kind": null})).is_empty());
    }

    #[test]
    fn floor_zero_may_not_reach_the_outside_world_except_in_tests() {
        assert_eq!(found("iljari-base", json!({"name": "tokio", "kind": null})).len(), 1);
        assert!(found("iljari-base", json!({"name": "tempfile", "kind": "dev"})).is_empty());
    }

    #[test]
    fn a_package_without_a_floor_is_a_problem() {
        assert_eq!(found("iljari-new", json!({"name": "serde", "kind": null})).len(), 1);
    }
}
