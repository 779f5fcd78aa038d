//! `iljari actuals template|import`: a collection round from the command line.
//!
//! Owns: paths, and what is printed. Does not own: any rule; both commands call the acts of the pages. An
//! import stages and never confirms (I9). Exit codes: 0 staged, or nothing to do; 1 broken; 2 refused, or
//! cells to mend.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use iljari_base::quantity::grouped;
use iljari_base::{Actor, DistrictCode, Failure, Outcome, Refusal, Stop};
use iljari_collection::hand_in::{self, HandedIn, Incoming};
use iljari_collection::model::{Fault, departments};
use iljari_collection::stands::Stands;
use iljari_collection::weigh::{Verdict, weigh};
use iljari_collection::{store, submit, template};
use iljari_people::Cx;
use iljari_plans::Books;
use iljari_web::Office;

use super::district;
use crate::data_folder::{self, Folders};
use crate::serve;

/// What `actuals` is told.
#[derive(Args)]
pub struct ActualsArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 부서마다의 서식을 냅니다. 모두 묶은 ZIP도 함께 둡니다.
    Template(TemplateArgs),
    /// 받은 파일을 읽어 살피고, 고칠 칸이 없으면 확인에 올립니다. 확인은 다른 사람이 화면에서 합니다.
    Import(ImportArgs),
}

/// A round of a district.
#[derive(Args)]
struct Of {
    #[command(flatten)]
    folders: Folders,
    /// 자치구 코드, 예: 11215
    #[arg(long, value_parser = district)]
    district: DistrictCode,
    /// 회차 번호
    #[arg(long, value_name = "N")]
    round: i64,
}

#[derive(Args)]
struct TemplateArgs {
    #[command(flatten)]
    of: Of,
    /// 서식을 둘 폴더
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

#[derive(Args)]
struct ImportArgs {
    #[command(flatten)]
    of: Of,
    /// 살피기만 하고 올리지 않습니다
    #[arg(long)]
    preview: bool,
    /// 받은 파일: XLSX, CSV, ZIP
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Cells to mend, or a refusal.
const TO_MEND: u8 = 2;

/// Runs one of them.
pub async fn run(args: ActualsArgs) -> Outcome<ExitCode> {
    let outcome = match args.what {
        What::Template(args) => template(args).await,
        What::Import(args) => import(args).await,
    };
    match outcome {
        Err(Stop::Refused(refusals)) => {
            for refusal in refusals {
                eprintln!("{}", refusal.message);
            }
            Ok(ExitCode::from(TO_MEND))
        }
        other => other,
    }
}

async fn template(args: TemplateArgs) -> Outcome<ExitCode> {
    let office = data_folder::open(&args.of.folders).await?;
    let (at, no) = (args.of.district.clone(), args.of.round);
    let books = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let round = store::round_of(tx, &at, no).await?.ok_or_else(|| no_round(no))?;
                let asks = store::asks(tx, &at, no).await?;
                let stands = Stands::read(tx, &at).await?;
                let mut books = vec![template::all_workbooks(&at, &round, &asks, &stands)?];
                for department in departments(&asks) {
                    books.push(template::workbook(&at, &round, &asks, department, &stands)?);
                }
                Ok(books)
            })
        })
        .await?;
    office.store.close().await;
    std::fs::create_dir_all(&args.out)
        .map_err(|error| Failure::new(error).context(format!("make {}", args.out.display())))?;
    for book in books {
        let to = args.out.join(&book.file_name);
        std::fs::write(&to, book.bytes)
            .map_err(|error| Failure::new(error).context(format!("write {}", to.display())))?;
        println!("{}", to.display());
    }
    Ok(ExitCode::SUCCESS)
}

async fn import(args: ImportArgs) -> Outcome<ExitCode> {
    let mut files = Vec::new();
    for path in &args.files {
        let bytes = std::fs::read(path).map_err(|error| {
            Stop::from(Refusal::new(
                "no-such-path",
                "",
                format!("{}: 파일을 읽지 못했습니다({error}).", path.display()),
            ))
        })?;
        files.push(Incoming { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes });
    }
    let office = data_folder::open(&args.of.folders).await?;
    let parts = hand_in::read(&serve::sheet_reader(), files).await?;
    let cx = Cx::inside(&office, Actor::Operator, args.of.district.clone());
    let (acting, no) = (cx.clone(), args.of.round);
    let handed_in = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                store::round_of(tx, &acting.district, no).await?.ok_or_else(|| no_round(no))?;
                hand_in::hand_in(tx, &acting, no, parts).await
            })
        })
        .await?;
    let upload = match handed_in {
        HandedIn::New(upload) => upload,
        HandedIn::Known(upload) => {
            println!("이미 처리한 파일입니다: {upload}번으로 올린 것과 내용이 같습니다.");
            office.store.close().await;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let faulty = tell(&office, &cx, no, upload).await?;
    if faulty || args.preview {
        office.store.close().await;
        return Ok(if faulty { ExitCode::from(TO_MEND) } else { ExitCode::SUCCESS });
    }
    let done = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let book = Books::new().within(tx, &cx.district).await?.ok_or_else(|| no_round(no))?;
                submit::submit(tx, &cx, &book, upload).await
            })
        })
        .await?;
    office.store.close().await;
    println!(
        "{upload}번으로 올렸습니다. 숫자 {}개가 다른 담당자의 확인을 기다립니다. 달라지지 않는 답은 {}개입니다.",
        done.staged, done.same
    );
    Ok(ExitCode::SUCCESS)
}

/// Prints what the preview page shows: faults at their cells, then the differences. `true` where a cell has
/// to be mended.
async fn tell(office: &Office, cx: &Cx, round_no: i64, upload: i64) -> Outcome<bool> {
    let cx = cx.clone();
    let (weighed, mut faults) = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let round = store::round_of(tx, &cx.district, round_no).await?.ok_or_else(|| no_round(round_no))?;
                let asks = store::asks(tx, &cx.district, round_no).await?;
                let book = Books::new().within(tx, &cx.district).await?.ok_or_else(|| no_round(round_no))?;
                let rows = store::rows_of(tx, &cx.district, upload).await?;
                let weighed = weigh(tx, &cx, &book, &round, &asks, rows).await?;
                Ok((weighed, store::faults_of(tx, &cx.district, upload).await?))
            })
        })
        .await?;
    for it in &weighed {
        if let Verdict::Faulty(of_row) = &it.verdict {
            faults.extend(of_row.iter().cloned());
        }
    }
    for fault in &faults {
        println!("{}", line(fault));
    }
    for it in &weighed {
        if let Verdict::Changes(_, by) = it.verdict {
            let now = it.now.map_or_else(|| "없음".to_owned(), grouped);
            let after = grouped(it.after().unwrap_or(0));
            let sign = if by < 0 { "−" } else { "+" };
            println!("{} {}: {now} → {after} ({sign}{})", it.ask.node, it.ask.name, grouped(by.saturating_abs()));
        }
    }
    Ok(faults.iter().any(|fault| fault.blocks))
}

fn line(fault: &Fault) -> String {
    let mark = if fault.blocks { "고칠 칸" } else { "살펴볼 것" };
    let place = if fault.cell.is_empty() { "파일" } else { fault.cell.as_str() };
    let stood = if fault.stood.is_empty() { String::new() } else { format!(" ‘{}’", fault.stood) };
    format!("{mark} {place}{stood}: {}. {}.", fault.what, fault.todo)
}

fn no_round(no: i64) -> Stop {
    Refusal::new("no-such-round", "", format!("{no}회차가 없습니다. 회차는 담당자 화면의 ‘취합’에서 엽니다.")).into()
}
