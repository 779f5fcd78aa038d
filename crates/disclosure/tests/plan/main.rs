//! The plan format from outside: good districts, faulty files, counts, texts, and anything a disk may hold.

#![expect(clippy::expect_used, reason = "helpers of tests may stop a test")]

mod changes;
mod counts;
mod districts;
mod faulty;
mod format_page;
mod hostile;
mod queries;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

/// The repository's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The plan files right inside a folder, by name.
fn folder(path: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(path)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

/// A small district of one term plan, as text, to be changed by a test.
fn small() -> Vec<(String, String)> {
    let read = |name: &str| fs::read_to_string(root().join("districts/faulty").join(name)).expect("a readable file");
    vec![("district.yaml".to_owned(), read("district.yaml")), ("term.yaml".to_owned(), SMALL_PLAN.to_owned())]
}

const SMALL_PLAN: &str = "\
형식: 일자리-계획/1
종류: 종합계획
구: 99002
이름표: 종합-2023
제목: 가람구 일자리대책
기간: 2023~2026
출처: 계획서
금액 단위: 백만원
단계: [전략, 사업]
목표 묶음:
  - {번호: 일자리, 단위: 일자리 수, 집계: 합, 뜻: 구가 만든 일자리, 값: {2023: 100, 2024: 110, 2025: 120, 2026: 130}, 계: 460}
구조:
  - 번호: 상생
    이름: 상생 일자리
    하위:
      - {번호: 어르신, 이름: 어르신 일자리, 부문: 직접일자리 창출, 담당부서: 어르신복지과, 목표: {2023: 60}, 사업비: {2023: {국비: 6, 시비: 3, 구비: 1, 민자: 0, 계: 10}}}
      - {번호: 청년, 이름: 청년 일 경험, 부문: 창업지원, 담당부서: 일자리정책과, 목표: {2023: 40}}
";
