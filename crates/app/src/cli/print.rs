//! `iljari print`: a year's documents, as disclosed or as a draft of what stands now.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use iljari_base::korean::with_particle;
use iljari_base::{DistrictCode, Failure, Outcome, Refusal, Year};
use iljari_ledger::documents::{DocumentKind, files};
use iljari_ledger::store;
use iljari_print::Format;

use super::district;
use crate::data_folder::{self, Folders};

/// What `print` is told.
#[derive(Args)]
pub struct PrintArgs {
    #[command(flatten)]
    folders: Folders,
    /// 자치구 코드, 예: 11215
    #[arg(long, value_parser = district)]
    district: DistrictCode,
    /// 해. 적지 않으면 마지막으로 공시한 해
    #[arg(long)]
    year: Option<Year>,
    /// 종합계획, 세부계획, 추진실적 가운데 하나 [기본: 모두]
    #[arg(long, value_parser = kind)]
    kind: Option<DocumentKind>,
    /// html, pdf, xlsx, hwpx, json, csv 가운데 하나 [기본: 모두]
    #[arg(long, value_parser = form)]
    format: Option<Form>,
    /// 담을 새 폴더
    #[arg(long, value_name = "DIR", default_value = "문서")]
    out: PathBuf,
    /// 공시하기 전에, 지금까지 확인된 기록으로 만듭니다. 쪽마다 '확정 전'이 적힙니다
    #[arg(long)]
    draft: bool,
}

/// A format as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    One(Format),
    Csv,
}

fn kind(text: &str) -> Result<DocumentKind, String> {
    DocumentKind::from_text(text).ok_or_else(|| "종합계획, 세부계획, 추진실적 가운데 하나를 적어 주세요".to_owned())
}

fn form(text: &str) -> Result<Form, String> {
    let one = Format::ALL.into_iter().find(|format| format.ending() == text).map(Form::One);
    let csv = (text == "csv").then_some(Form::Csv);
    one.or(csv).ok_or_else(|| "html, pdf, xlsx, hwpx, json, csv 가운데 하나를 적어 주세요".to_owned())
}

/// Makes a draft, or hands out what was disclosed, byte for byte.
pub async fn run(args: PrintArgs) -> Outcome<ExitCode> {
    if args.out.exists() {
        let out = with_particle(&args.out.display().to_string(), "이/가");
        return Err(Refusal::new("out-exists", "", format!("{out} 이미 있습니다. 새 이름을 주세요.")).into());
    }
    let office = data_folder::open(&args.folders).await?;
    let made = if args.draft { draft(&office, &args).await } else { disclosed(&office, &args).await };
    office.store.close().await;
    let found = made?;
    if found.is_empty() {
        return Err(
            Refusal::new("no-such-document", "", "그런 문서가 없습니다. --kind 와 --format 을 살펴 주세요.").into()
        );
    }
    for (name, bytes) in &found {
        let to = args.out.join(name);
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| Failure::new(error).context(format!("make {}", folder.display())))?;
        }
        std::fs::write(&to, bytes).map_err(|error| Failure::new(error).context(format!("write {}", to.display())))?;
        println!("{}", to.display());
    }
    Ok(ExitCode::SUCCESS)
}

async fn draft(office: &iljari_web::Office, args: &PrintArgs) -> Outcome<files::Files> {
    let year = args.year.unwrap_or_else(|| office.clock.today().year());
    let facts = files::draft_facts(office, &args.district, year).await?;
    let kinds: Vec<DocumentKind> = args.kind.map_or_else(|| DocumentKind::ALL.to_vec(), |kind| vec![kind]);
    let (formats, csv) = match args.format {
        None => (Format::ALL.to_vec(), true),
        Some(Form::One(format)) => (vec![format], false),
        Some(Form::Csv) => (Vec::new(), true),
    };
    let mut found = files::of(&facts, &kinds, &formats, csv)?;
    if args.kind.is_none() && args.format.is_none() {
        found.extend(files::letter_files(&facts)?);
    }
    Ok(found)
}

async fn disclosed(office: &iljari_web::Office, args: &PrintArgs) -> Outcome<files::Files> {
    let (at, year) = (args.district.clone(), args.year);
    let newest = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let every = store::disclosures(tx, &at).await?;
                Ok(every.into_iter().rev().find(|one| year.is_none_or(|year| one.year == year)))
            })
        })
        .await?;
    let Some(disclosure) = newest else {
        return Err(Refusal::new(
            "not-disclosed",
            "",
            "그해의 공시가 없습니다. 공시하기 전의 문서는 --draft 를 붙이면 만듭니다.",
        )
        .into());
    };
    let mut found = files::disclosed(office, &args.district, disclosure.no).await?;
    found.retain(|name, _| is_wanted(args, name));
    Ok(found)
}

fn is_wanted(args: &PrintArgs, name: &str) -> bool {
    let of_kind = args.kind.is_none_or(|kind| name.trim_start_matches("csv/").starts_with(kind.as_str()));
    let of_format = args.format.is_none_or(|form| match form {
        Form::One(format) => !name.contains('/') && name.ends_with(&format!(".{}", format.ending())),
        Form::Csv => name.starts_with("csv/"),
    });
    of_kind && of_format
}
