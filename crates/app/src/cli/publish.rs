//! `iljari publish`: the public side as static files that any web server, or none, can show.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use iljari_base::quantity::grouped;
use iljari_base::{Outcome, Refusal};

use crate::data_folder::{self, Folders};
use crate::site;

/// What `publish` is told.
#[derive(Args)]
pub struct PublishArgs {
    #[command(flatten)]
    folders: Folders,
    /// 파일을 담을 폴더. 이 명령이 앞서 만든 폴더면 통째로 바꿉니다
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// 이 폴더가 놓일 주소, 예: https://jobs.example.go.kr
    #[arg(long, value_name = "URL", default_value = "", value_parser = base)]
    base: String,
}

fn base(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let web = text.starts_with("https://") || text.starts_with("http://");
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '?' | '#' | '\\'));
    if text.is_empty() || (web && plain) {
        Ok(text.to_owned())
    } else {
        Err("https://로 시작하는 주소를 주세요. 예: https://jobs.example.go.kr".to_owned())
    }
}

/// Writes the folder and says what is in it.
pub async fn run(args: PublishArgs) -> Outcome<ExitCode> {
    if args.out.file_name().is_none() {
        return Err(Refusal::new("out-without-name", "", "담을 폴더의 이름을 주세요.").into());
    }
    let office = data_folder::open(&args.folders).await?;
    // Data that is behind its own signature is not put out over what was already published.
    for district in office.store.read(|tx| Box::pin(iljari_plans::store::districts(tx))).await? {
        iljari_ledger::seal::catch_up_memory(&office, &district.code).await?;
        iljari_ledger::publish::publish(&office, &district.code).await?;
    }
    let written = site::write(&office, &args.out, &args.base).await?;
    office.store.close().await;
    let count = |number: usize| grouped(i64::try_from(number).unwrap_or(i64::MAX));
    println!(
        "{}까지의 자료를 화면 {}개, 파일 {}개로 내보냈습니다: {}",
        written.as_of.korean(),
        count(written.pages),
        count(written.files),
        args.out.display()
    );
    if written.replaced > 0 {
        println!("앞서 내보낸 파일 {}개는 남기지 않고 바꿨습니다.", count(written.replaced));
    }
    for (address, page) in &written.dropped {
        println!("열리지 않아 뺀 링크: {address} ({page})");
    }
    Ok(ExitCode::SUCCESS)
}
