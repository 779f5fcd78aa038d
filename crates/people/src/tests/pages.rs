//! Every sample of every page against the wall.

#[test]
fn every_sample_of_every_page_stands() {
    let all = crate::samples();
    let mut names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    names.dedup();
    // A template without a sample would be one nobody looks at.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let templates =
        std::fs::read_dir(folder).expect("the templates").filter_map(|file| file.ok()?.file_name().into_string().ok());
    for template in templates.filter(|file| !file.starts_with('_')) {
        let page = template.trim_end_matches(".html");
        assert!(names.contains(&page), "{page} has no sample");
        assert!(all.iter().filter(|(name, _)| *name == page).count() >= 2, "{page} has too few samples");
    }
    let mut findings = Vec::new();
    for (place, (name, html)) in all.into_iter().enumerate() {
        let html = html.expect("rendered");
        findings.extend(
            iljari_web::check_html(&html).into_iter().map(|finding| format!("{name}, sample {place}: {finding}")),
        );
    }
    assert_eq!(findings, Vec::<String>::new());
}
