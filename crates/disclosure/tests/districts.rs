//! tmp
use iljari_disclosure::plan;
fn files(name: &str) -> Vec<(String, Vec<u8>)> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../districts").join(name);
    let mut v: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap())).collect();
    v.sort();
    v
}
#[test]
fn show() {
    for name in ["gwangjin", "eunpyeong", "naru"] {
        let r = plan::check(&files(name));
        println!("== {name} {} problems", r.problems.len());
        for p in r.problems.iter().take(80) {
            println!("{} {} {:?} {} | {} | {} | {}", p.place, p.code.as_str(), p.severity, p.title.ko, p.found.ko, p.expected.ko, p.todo.ko);
        }
    }
}
