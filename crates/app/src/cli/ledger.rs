//! `iljari ledger show|seal|prove|audit|key|rotate|recover`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use iljari_base::{Actor, DistrictCode, Outcome, Refusal};
use iljari_disclosure::log::proof::Receipt;
use iljari_disclosure::log::tree::{self, Hash};
use iljari_ledger::keys::KeyFolder;
use iljari_ledger::recover::Recovered;
use iljari_ledger::{recover, rotate, seal, store, totals};

use super::district;
use crate::data_folder::{self, Folders};

/// What `ledger` is told.
#[derive(Args)]
pub struct LedgerArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// 기록과 봉인을 보여 줍니다.
    Show(Of),
    /// 확인된 기록을 봉인합니다.
    Seal(Of),
    /// 기록 한 건이 장부에 들어 있다는 증명(tlog-proof)을 냅니다.
    Prove(ProveArgs),
    /// 합계를 기록에서 다시 더하고 봉인과 견줍니다.
    Audit(Of),
    /// 장부의 공개 열쇠와 지문을 보여 줍니다.
    Key(Of),
    /// 서명 열쇠를 바꿉니다. 지금 열쇠가 새 열쇠를 장부에 적고 서명합니다.
    Rotate(Of),
    /// 오래된 백업을 되살린 뒤, 그 뒤에 봉인한 기록을 공개 폴더에서 되찾습니다.
    Recover(RecoverArgs),
}

/// A district of a data folder.
#[derive(Args)]
struct Of {
    #[command(flatten)]
    folders: Folders,
    /// 자치구 코드, 예: 11215
    #[arg(long, value_parser = district)]
    district: DistrictCode,
}

#[derive(Args)]
struct ProveArgs {
    #[command(flatten)]
    of: Of,
    /// 기록 번호(32자리)
    #[arg(long)]
    leaf: String,
}

#[derive(Args)]
struct RecoverArgs {
    #[command(flatten)]
    of: Of,
    /// 공개한 파일이 있는 구의 폴더: 잃은 자료 폴더의 published/11215나 그 사본
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

/// Runs one of them.
pub async fn run(args: LedgerArgs) -> Outcome<ExitCode> {
    match args.what {
        What::Show(of) => show(of).await,
        What::Seal(of) => seal_now(of).await,
        What::Prove(args) => prove(args).await,
        What::Audit(of) => audit(of).await,
        What::Key(of) => key(of).await,
        What::Rotate(of) => rotate_key(of).await,
        What::Recover(args) => take_back(args).await,
    }
}

async fn show(of: Of) -> Outcome<ExitCode> {
    let office = data_folder::open(&of.folders).await?;
    let at = of.district.clone();
    let (entries, seals) = office
        .store
        .read(move |tx| Box::pin(async move { Ok((store::entries(tx, &at).await?, store::seals(tx, &at).await?)) }))
        .await?;
    for entry in &entries {
        let place = entry.sealed.map_or_else(|| "봉인 전".to_owned(), |sealed| format!("#{}", sealed.leaf_index));
        println!("{place}\t{}", String::from_utf8_lossy(&entry.body));
    }
    for seal in &seals {
        println!("봉인 {}\t기록 {}건\t{}\t{}", seal.no, seal.size, seal.root, seal.sealed_at.korean());
    }
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn seal_now(of: Of) -> Outcome<ExitCode> {
    let office = data_folder::open(&of.folders).await?;
    match seal::seal(&office, &of.district, Actor::Operator).await? {
        Some(seal) => println!("봉인 {}: 기록 {}건, {}", seal.no, seal.size, seal.root),
        None => println!("봉인할 것이 없습니다."),
    }
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn rotate_key(of: Of) -> Outcome<ExitCode> {
    let office = data_folder::open(&of.folders).await?;
    let key = rotate::rotate(&office, &of.district, Actor::Operator).await?;
    println!("새 열쇠: {key}\n지문: {}", key.fingerprint());
    println!("지난 열쇠는 열쇠 폴더에 남습니다. 새 지문을 알리고, 열쇠 폴더를 백업해 주세요.");
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn take_back(args: RecoverArgs) -> Outcome<ExitCode> {
    let office = data_folder::open(&args.of.folders).await?;
    let recovered = recover::recover(&office, &args.of.district, &args.from, Actor::Operator).await?;
    match &recovered {
        None => println!("빠진 기록이 없습니다. 서명한 기록이 이 자료에 모두 있습니다."),
        Some(recovered) => tell(recovered),
    }
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Says what came back, what did not, and what is to be done by hand.
fn tell(recovered: &Recovered) {
    let Recovered { before, size, pending, with_words, bare, seals, .. } = recovered;
    println!("기록 {before}건에서 {size}건으로 되찾았습니다(봉인 {seals}개). 이제 이어서 봉인할 수 있습니다.");
    println!("- 봉인을 기다리던 기록 {pending}건과 확인을 기다리던 기록 {with_words}건은 근거와 설명도 있습니다.");
    println!("- {bare}건은 공개한 줄만 되찾았습니다. 근거와 설명, 작성자와 확인자는 공개한 적이 없어 되찾지 못합니다.");
    for no in &recovered.disclosures {
        println!("- 공시 {no}번을 되찾았습니다. 결재 문서번호는 문서에만 있습니다. 알린 곳은 다시 적어 주세요.");
    }
    if !recovered.jobs.is_empty() {
        println!(
            "- 한 사람씩 센 기록 {}건은 누구의 것인지 이 자료에 없습니다. 그분의 참여 시작을 다시 확인하면 두 번 세어지므로, 확인한 뒤 아래 기록을 ‘중복’으로 정정해 주세요.",
            recovered.jobs.len()
        );
        recovered.jobs.iter().for_each(|leaf| println!("    {leaf}"));
    }
    for (since, leaf) in &recovered.twice {
        println!(
            "- 되살린 뒤에 다시 적은 {since}이(가) 되찾은 {leaf}와(과) 같은 달을 셉니다. 하나를 ‘중복’으로 정정해 주세요."
        );
    }
    println!("- 주민 정보, 신청과 참여, 부서 취합, 담당자와 권한은 공개하지 않으므로 백업한 때의 것입니다.");
}

async fn prove(args: ProveArgs) -> Outcome<ExitCode> {
    let office = data_folder::open(&args.of.folders).await?;
    let (at, leaf) = (args.of.district.clone(), args.leaf.clone());
    let found = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let entry = store::entry_of_leaf(tx, &at, &leaf).await?;
                let lines = store::leaf_lines(tx, &at).await?;
                Ok((entry, lines, store::latest_seal(tx, &at).await?))
            })
        })
        .await?;
    office.store.close().await;
    let (Some(entry), lines, Some(last)) = found else {
        return Err(Refusal::new("no-such-entry", "", "그런 기록이 없거나 아직 봉인이 없습니다.").into());
    };
    let Some(sealed) = entry.sealed else {
        return Err(
            Refusal::new("not-sealed-yet", "", "이 기록은 다음 봉인을 기다립니다. 봉인한 뒤 다시 해 주세요.").into()
        );
    };
    let leaves: Vec<Hash> = lines.iter().map(|line| tree::leaf_hash(line)).collect();
    let index = u64::try_from(sealed.leaf_index).unwrap_or(u64::MAX);
    match Receipt::issue(&leaves, index, &last.checkpoint, Some(entry.body.clone())) {
        Some(receipt) => {
            eprintln!("이 기록이 장부에 들어 있습니다. 내용이 사실임을 증명하지는 않습니다.");
            eprintln!("{}", String::from_utf8_lossy(&entry.body));
            print!("{receipt}");
            Ok(ExitCode::SUCCESS)
        }
        None => Err(iljari_base::Failure::new("the leaf is not below the last checkpoint").into()),
    }
}

async fn audit(of: Of) -> Outcome<ExitCode> {
    let office = data_folder::open(&of.folders).await?;
    seal::catch_up_memory(&office, &of.district).await?;
    let at = of.district.clone();
    let differences = office.store.read(move |tx| Box::pin(async move { totals::audit(tx, &at).await })).await?;
    for difference in &differences {
        let key = &difference.key;
        println!(
            "{}년 {} {} {}: 합계표에는 {}, 기록을 더하면 {}, 기록 표의 수를 더하면 {}",
            key.year,
            key.node,
            key.field,
            key.unit,
            difference.kept_up.total(),
            difference.from_entries.total(),
            difference.in_columns.total()
        );
    }
    office.store.close().await;
    if differences.is_empty() {
        println!("기록은 봉인한 그대로이고, 합계는 모두 기록을 더한 값과 같습니다.");
        Ok(ExitCode::SUCCESS)
    } else {
        println!("합계 {}개가 기록과 다릅니다. 합계표는 `iljari rebuild`로 다시 더할 수 있습니다.", differences.len());
        if differences.iter().any(|difference| difference.in_columns != difference.from_entries) {
            println!("기록 표의 수가 봉인한 글과 다릅니다. 누가 표를 고쳤습니다. 백업을 되살려야 합니다.");
        }
        Ok(ExitCode::FAILURE)
    }
}

async fn key(of: Of) -> Outcome<ExitCode> {
    let office = data_folder::open(&of.folders).await?;
    let key = KeyFolder::new(&office.keys, office.demo).verifier(&of.district)?;
    let Some(key) = key else {
        return Err(
            Refusal::new("no-key-yet", "", "이 구의 장부에는 아직 열쇠가 없습니다. 처음 봉인할 때 생깁니다.").into()
        );
    };
    println!("{key}");
    println!("지문 {}", key.fingerprint());
    let (at, today) = (of.district.clone(), office.clock.today());
    if let Some(key) =
        office.store.read(move |tx| Box::pin(async move { rotate::in_use(tx, &at, today).await })).await?
    {
        let due =
            if key.is_due() { " 한 달이 지났습니다. iljari ledger rotate로 바꿔 주세요." } else { "" };
        println!("{}부터 {}일째 씁니다.{due}", key.since.korean(), key.days);
    }
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}
