//! `iljari plan check|show|diff|adopt`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use iljari_base::{Actor, Outcome, Refusal};
use iljari_disclosure::plan::{self, District, Lang};

use crate::adoption;
use crate::data_folder::{self, Folders};

/// What `plan` is told.
#[derive(Args)]
pub struct PlanArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 계획 파일의 문제를 한꺼번에 알려 줍니다. 오류가 있을 때만 1로 끝납니다.
    Check(CheckArgs),
    /// 구조, 목표, 사업비를 읽기 좋게 보여 줍니다.
    Show(ShowArgs),
    /// 두 계획에서 무엇이 달라졌는지 말해 줍니다.
    Diff(DiffArgs),
    /// 검토를 마친 계획 폴더를 채택합니다. 계획의 해시가 장부에 들어갑니다.
    Adopt(AdoptArgs),
}

#[derive(Args)]
struct CheckArgs {
    /// 구 폴더나 계획 파일
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// 말
    #[arg(long, value_enum, default_value_t = Language::Ko)]
    lang: Language,
    /// 모양
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Args)]
struct ShowArgs {
    /// 구 폴더
    path: PathBuf,
    /// 말
    #[arg(long, value_enum, default_value_t = Language::Ko)]
    lang: Language,
}

#[derive(Args)]
struct DiffArgs {
    /// 앞의 구 폴더
    old: PathBuf,
    /// 새 구 폴더
    new: PathBuf,
    /// 말
    #[arg(long, value_enum, default_value_t = Language::Ko)]
    lang: Language,
}

#[derive(Args)]
struct AdoptArgs {
    #[command(flatten)]
    folders: Folders,
    /// 구 폴더
    path: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Ko,
    En,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::Ko => Lang::Ko,
            Language::En => Lang::En,
        }
    }
}

/// Runs one of them.
pub fn run(args: PlanArgs) -> Outcome<ExitCode> {
    match args.what {
        What::Check(args) => check(&args),
        What::Show(args) => {
            print!("{}", plan::show(&read(&args.path)?, args.lang.into()));
            Ok(ExitCode::SUCCESS)
        }
        What::Diff(args) => {
            let (old, new) = (read(&args.old)?, read(&args.new)?);
            let changes = plan::diff(&old, &new);
            print!("{}", plan::render_changes(&changes, args.lang.into()));
            Ok(ExitCode::SUCCESS)
        }
        What::Adopt(args) => super::on_runtime(adopt(args)),
    }
}

fn check(args: &CheckArgs) -> Outcome<ExitCode> {
    let colour = std::io::IsTerminal::is_terminal(&std::io::stdout());
    let mut errors = false;
    for path in &args.paths {
        let files = files_of(path)?;
        let report = plan::check(&files);
        errors |= report.has_errors();
        match args.format {
            Format::Text => print!("{}", plan::render_text(&report, args.lang.into(), colour)),
            Format::Json => println!("{}", plan::render_json(&report)),
        }
    }
    Ok(if errors { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The plan files at a path, named as the user named it, so that a place can be clicked in an editor.
///
/// A single file is read with its folder's files of kind 구 and 출처: what it refers to stands there.
fn files_of(path: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let folder = if path.is_file() { path.parent().unwrap_or(Path::new("")) } else { path };
    let name_of = |name: &str| if folder.as_os_str().is_empty() { name.into() } else { folder.join(name) };
    let wanted = |name: &str, bytes: &[u8]| {
        path.is_dir() || name_of(name) == path || (!name.contains('/') && has_kind(bytes, &["구", "출처"]))
    };
    let within = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let files = if path.exists() { super::read_tree(within)? } else { super::read_tree(path)? };
    let is_plan = |name: &str| name.ends_with(".yaml") || name.ends_with(".yml");
    let plans: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .filter(|(name, bytes)| is_plan(name) && wanted(name, bytes))
        .map(|(name, bytes)| (name_of(&name).display().to_string(), bytes))
        .collect();
    if plans.is_empty() {
        return Err(Refusal::new("no-plan-files", "", format!("{}에 .yaml 파일이 없습니다.", path.display())).into());
    }
    Ok(plans)
}

/// Whether a plan file says that it is of one of these kinds, on a line of its own.
fn has_kind(bytes: &[u8], kinds: &[&str]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().filter_map(|line| line.strip_prefix("종류:")).any(|kind| kinds.contains(&kind.trim()))
}

fn read(path: &Path) -> Outcome<District> {
    let report = plan::check(&files_of(path)?);
    report.district.ok_or_else(|| {
        Refusal::new(
            "unreadable-plan",
            "",
            format!("{}을(를) 읽지 못했습니다. `iljari plan check`로 까닭을 보세요.", path.display()),
        )
        .into()
    })
}

async fn adopt(args: AdoptArgs) -> Outcome<ExitCode> {
    let files: Vec<(String, Vec<u8>)> = super::read_tree(&args.path)?
        .into_iter()
        .filter(|(name, _)| name.ends_with(".yaml") || name.ends_with(".yml"))
        .collect();
    let office = data_folder::open_or_make(&args.folders).await?;
    let adopted = adoption::adopt(&office, &files, Actor::Operator).await?;
    office.store.close().await;
    println!("{} {}: 파일 {}개를 새로 채택했습니다.", adopted.code, adopted.name, adopted.new_files);
    Ok(ExitCode::SUCCESS)
}
