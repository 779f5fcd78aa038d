//! `iljari disclose`: a year as a bundle, from the same act as the officers' page.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use iljari_base::{Actor, Date, DistrictCode, Failure, Outcome, Refusal, Year};
use iljari_ledger::disclose::{self, Wish};
use iljari_ledger::publish;
use iljari_people::Cx;

use super::district;
use crate::data_folder::{self, Folders};

/// What `disclose` is told.
#[derive(Args)]
pub struct DiscloseArgs {
    #[command(flatten)]
    folders: Folders,
    /// 자치구 코드, 예: 11215
    #[arg(long, value_parser = district)]
    district: DistrictCode,
    /// 공시할 해
    #[arg(long)]
    year: Year,
    /// 묶음을 담을 새 폴더. 옆에 같은 이름의 ZIP도 둡니다
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// 결재 문서번호
    #[arg(long, default_value = "")]
    approval_no: String,
    /// 결재 일자(2026-03-27)
    #[arg(long)]
    approval_on: Option<Date>,
    /// 결재가 아직 없거나 다시 내는 까닭
    #[arg(long, default_value = "")]
    remark: String,
}

/// Discloses and copies the bundle out.
pub async fn run(args: DiscloseArgs) -> Outcome<ExitCode> {
    if args.out.exists() {
        return Err(Refusal::new(
            "out-exists",
            "",
            format!("{}이(가) 이미 있습니다. 새 이름을 주세요.", args.out.display()),
        )
        .into());
    }
    let office = data_folder::open(&args.folders).await?;
    let cx = Cx::inside(&office, Actor::Operator, args.district.clone());
    let wish =
        Wish { year: args.year, approval_no: args.approval_no, approval_on: args.approval_on, remark: args.remark };
    let disclosure = disclose::disclose(&office, &cx, wish).await?;
    let from = publish::bundle_folder(&office, &args.district, disclosure.no);
    for (name, bytes) in super::read_tree(&from)? {
        let to = args.out.join(&name);
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::new(error).context(format!("make {}", folder.display())))?;
        }
        std::fs::write(&to, bytes).map_err(|error| Failure::new(error).context(format!("write {}", to.display())))?;
    }
    let mut zip = args.out.clone().into_os_string();
    zip.push(".zip");
    let from = publish::bundle_zip(&office, &args.district, disclosure.no);
    std::fs::copy(&from, &zip).map_err(|error| Failure::new(error).context(format!("copy {}", from.display())))?;
    office.store.close().await;
    println!("{}년을 공시했습니다({}번째 공시). 묶음: {}", disclosure.year, disclosure.no, args.out.display());
    println!("누구나 확인할 수 있습니다: iljari verify {}", args.out.display());
    Ok(ExitCode::SUCCESS)
}
