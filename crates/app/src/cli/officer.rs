//! `iljari officer invite`: the first officer of a district; the others are invited on the pages.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use iljari_base::{Actor, DistrictCode, Outcome, Refusal};
use iljari_people::Cx;
use iljari_people::admin::{self, InvitationWanted};
use iljari_web::Duty;

use super::district;
use crate::data_folder::{self, Folders};

/// What `officer` is told.
#[derive(Args)]
pub struct OfficerArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 관리 업무를 맡을 첫 담당자를 초대합니다.
    Invite(InviteArgs),
}

#[derive(Args)]
struct InviteArgs {
    #[command(flatten)]
    folders: Folders,
    /// 자치구 코드, 예: 11215
    #[arg(long, value_parser = district)]
    district: DistrictCode,
    /// 로그인 이름
    #[arg(long)]
    login: String,
    /// 이름
    #[arg(long)]
    name: String,
    /// 부서 이름
    #[arg(long)]
    department: String,
}

/// Invites the district's first officer and prints the temporary password once.
///
/// Refused where somebody already keeps the officers: from then on they are invited by that person.
pub async fn run(args: OfficerArgs) -> Outcome<ExitCode> {
    let What::Invite(args) = args.what;
    let office = data_folder::open_or_make(&args.folders).await?;
    let cx = Cx::inside(&office, Actor::Operator, args.district.clone());
    let (acting, department) = (cx.clone(), args.department.clone());
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                if !admin::officers(tx, &acting.district).await?.is_empty() {
                    return Err(Refusal::new(
                        "not-the-first",
                        "",
                        "이 구에는 이미 담당자가 있습니다. 관리 업무를 맡은 담당자가 ‘담당자와 업무’ 화면에서 초대해 주세요.",
                    )
                    .into());
                }
                admin::put_departments(tx, &acting, &[(department.clone(), department)]).await
            })
        })
        .await?;
    let invited = admin::invite(
        &office,
        &cx,
        InvitationWanted {
            login: args.login.clone(),
            name: args.name,
            department: args.department,
            duties: vec![Duty::Administer],
        },
    )
    .await?;
    println!("{} 님을 초대했습니다. 임시 비밀번호(한 번만 보입니다): {}", args.login, invited.temporary.reveal());
    println!("{}까지 /office/sign-in에서 등록을 마쳐 주세요.", invited.until.korean());
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}
