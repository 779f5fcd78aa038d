//! Templates that nobody renders.
//!
//! Owns that every template file is named by some Rust source or by another template. Whether a
//! template is well-formed is the compiler's matter. A newcomer leaves an old page lying beside
//! the new one: the next reader would mend the wrong file.

use super::Problem;
use super::rust::{Kind, pieces};
use super::tree::{Tree, problem};

/// Every file under a crate's `templates` folder is referred to by its path from that folder.
pub fn all_used(tree: &Tree) -> Vec<Problem> {
    let templates: Vec<(&str, &str)> = tree
        .files
        .keys()
        .filter(|path| path.starts_with("crates/"))
        .filter_map(|path| Some((path.as_str(), path.split_once("/templates/")?.1)))
        .collect();
    let mut quoted = String::new();
    for (_, source) in tree.rust() {
        for piece in pieces(source).iter().filter(|piece| piece.kind == Kind::Text) {
            quoted.push_str(piece.text);
            quoted.push('\n');
        }
    }
    for (path, name) in &templates {
        // A template may name another by its path from the folder or by its place beside itself.
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
        for tag in tree.files[*path].split("{%").skip(1) {
            let tag = tag.split("%}").next().unwrap_or_default();
            for named in tag.split('"').skip(1).step_by(2) {
                quoted.push_str(&format!("\"{named}\" \"{folder}/{named}\"\n"));
            }
        }
    }
    templates
        .iter()
        .filter(|(_, name)| !quoted.contains(&format!("\"{name}\"")))
        .map(|(path, name)| problem(path, 0, format!("nothing renders, extends or includes \"{name}\"; delete it")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_that_nothing_names_is_a_problem() {
        let tree = Tree::of(&[
            (
                "crates/web/templates/layout/public.html",
                "<html>{% include \"_head.html\" %}{% import \"component/tag.html\" as tag %}",
            ),
            ("crates/web/templates/component/tag.html", "<b>"),
            ("crates/plans/templates/home.html", "{% extends \"layout/public.html\" %}"),
            ("crates/web/templates/layout/_head.html", "<head>"),
            ("crates/web/templates/page/_head.html", "<head>"),
            ("crates/plans/templates/old.html", "old"),
            ("crates/plans/src/pages.rs", "#[template(path = \"home.html\")] // \"old.html\"\nstruct Home;"),
        ]);
        let found: Vec<String> = all_used(&tree).into_iter().map(|problem| problem.file).collect();
        assert_eq!(found, ["crates/plans/templates/old.html", "crates/web/templates/page/_head.html"]);
    }
}
