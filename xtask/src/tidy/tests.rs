//! The house rules, held against this very workspace, so that `cargo test` is the whole truth.

use crate::workspace_root;

#[test]
fn the_workspace_keeps_its_house_rules() {
    let problems = super::problems(&workspace_root()).unwrap();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}
