//! `iljari backup` and `iljari restore`: data out and back in, with the proof that it is all there.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use iljari_base::quantity::grouped;
use iljari_base::{Clock as _, Outcome, Refusal, SystemClock};
use iljari_store::files::write_whole;

use crate::backup::{self, Restored};
use crate::data_folder::{self, Folders};

/// What `backup` is told.
#[derive(Args)]
pub struct BackupArgs {
    #[command(flatten)]
    folders: Folders,
    /// 백업을 모아 두는 폴더. 그 안에 날짜 이름으로 새 폴더를 만듭니다
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Makes a backup and says what is in it.
pub async fn backup(args: BackupArgs) -> Outcome<ExitCode> {
    let office = data_folder::open(&args.folders).await?;
    let made = backup::make(&office, &args.folders.data, &args.to).await;
    office.store.close().await;
    let (folder, manifest) = made?;
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    println!(
        "백업했습니다: {} (파일 {}개, {} KB)",
        folder.display(),
        manifest.files.len(),
        grouped(i64::try_from(bytes / 1000).unwrap_or(i64::MAX))
    );
    for district in &manifest.districts {
        println!(
            "{} {}: 봉인한 기록 {}건, 봉인 전 {}건",
            district.code, district.name, district.sealed, district.pending
        );
    }
    println!(
        "열쇠 폴더는 들어 있지 않습니다. 열쇠는 따로 백업하고, 이 백업이 되살아나는지 `iljari restore --drill`로 확인하세요."
    );
    Ok(ExitCode::SUCCESS)
}

/// What `restore` is told.
#[derive(Args)]
pub struct RestoreArgs {
    /// 백업 폴더(iljari-backup-…)
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// 되살린 자료를 둘 새 폴더
    #[arg(long, value_name = "DIR", required_unless_present = "drill")]
    data: Option<PathBuf>,
    /// 열쇠 폴더. 지금 쓰는 것을 그대로 씁니다 [기본: 자료 폴더 이름 뒤에 .keys]
    #[arg(long, value_name = "DIR", required_if_eq("drill", "true"))]
    keys: Option<PathBuf>,
    /// 연습: 임시 폴더에 되살려 점검만 하고 지웁니다
    #[arg(long, conflicts_with = "data")]
    drill: bool,
    /// 점검 결과를 적어 둘 파일
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
}

/// Puts a backup back, or shows that it could be.
pub async fn restore(args: RestoreArgs) -> Outcome<ExitCode> {
    let (restored, what) = match (&args.data, &args.keys, args.drill) {
        (_, Some(keys), true) => (backup::drill(&args.backup, keys).await?, "복구 연습"),
        (Some(data), keys, false) => {
            let folders = Folders { data: data.clone(), keys: keys.clone(), database: None };
            (backup::restore(&args.backup, &folders).await?, "되살리기")
        }
        _ => return Err(Refusal::new("no-folder", "", "되살릴 폴더(--data)나 --drill --keys를 주세요.").into()),
    };
    let text = words(&restored, what);
    print!("{text}");
    if let Some(proof) = &args.proof {
        write_whole(proof, text.as_bytes(), false)?;
    }
    if let (Some(data), true) = (&args.data, restored.check.good()) {
        println!("이제 열 수 있습니다: iljari serve --data {}", data.display());
    }
    Ok(if restored.check.good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn words(restored: &Restored, what: &str) -> String {
    let mut text = format!("{what} {}, {}에 만든 백업\n", SystemClock.now().korean(), restored.manifest.made_at);
    for line in &restored.check.lines {
        let _ = writeln!(text, "{} {}", if line.good { "[확인]" } else { "[틀림]" }, line.text);
    }
    text.push_str(if restored.check.good() {
        "모두 확인했습니다.\n"
    } else {
        "확인하지 못한 것이 있습니다. 위의 [틀림] 줄을 보고 다른 백업이나 맞는 열쇠 폴더로 다시 해 주세요.\n"
    });
    text
}
