//! `iljari verify`: a stranger rebuilds every number of a bundle, or checks one receipt, without
//! network and without trust.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use iljari_base::korean::with_particle;
use iljari_base::{Failure, Outcome, Refusal};
use iljari_disclosure::bundle::{self, Bundle, Options, Report};
use iljari_disclosure::log::VerifierKey;
use iljari_disclosure::log::proof::{self, Proven, ReceiptFault};

/// What `verify` is told.
#[derive(Args)]
pub struct VerifyArgs {
    /// 공시 묶음: 폴더 또는 ZIP 파일
    #[arg(required_unless_present = "receipt")]
    bundle: Option<PathBuf>,
    /// 묶음 대신 확인증 파일 하나를 봅니다. 이때 --key 에는 지문이 아니라 공개 키 글 전체가 있어야 합니다
    #[arg(long, value_name = "FILE", conflicts_with_all = ["bundle", "since"])]
    receipt: Option<PathBuf>,
    /// 누구의 열쇠여야 하는지: 열쇠 글이나 지문, 또는 그것이 든 파일
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// 앞서 받은 묶음. 그 기록이 이 묶음의 앞부분 그대로인지 봅니다
    #[arg(long, value_name = "OLD")]
    since: Option<PathBuf>,
    /// 기계가 읽을 답
    #[arg(long)]
    json: bool,
}

/// Checks the bundle. Exit 0: all well; 1: something differs; 3: all well, but nobody named the key.
pub fn run(args: VerifyArgs) -> Outcome<ExitCode> {
    let key = args.key.map(|key| match std::fs::read_to_string(&key) {
        Ok(text) => text.trim().to_owned(),
        Err(_) => key,
    });
    if let Some(receipt) = &args.receipt {
        return check_receipt(receipt, key.as_deref(), args.json);
    }
    let read = read_bundle(args.bundle.as_deref().unwrap_or(Path::new("")))?;
    let since = args.since.as_deref().map(read_bundle).transpose()?;
    let report = bundle::verify(&read, &Options { key: key.as_deref(), since: since.as_ref() });
    if args.json {
        print_json(&report)
    } else {
        print_words(&report)
    }
    Ok(ExitCode::from(report.exit_code()))
}

/// One receipt: is its leaf where it says, in a log that this key signed?
fn check_receipt(path: &Path, key: Option<&str>, json: bool) -> Outcome<ExitCode> {
    let key: VerifierKey = key.and_then(|key| key.parse().ok()).ok_or_else(|| {
        Refusal::new(
            "key-needed",
            "",
            "확인증에는 키가 들어 있지 않습니다. --key 에 공개 키 글 전체나 그것이 든 파일을 일러 주세요. 지문만으로는 확인할 수 없습니다.",
        )
    })?;
    let text = read_file(path)?;
    let checked = String::from_utf8(text).map_err(|_| ReceiptFault::Malformed);
    let checked = checked.and_then(|text| proof::check(&text, &key));
    if json {
        println!("{}", receipt_json(&checked));
    } else {
        match &checked {
            Ok(proven) => {
                println!("{}", proof::PROVES);
                println!("기록: {}", proven.leaf.to_line());
                println!("장부 {}: {}건 가운데 {}번째", proven.head.origin, proven.head.size, proven.index + 1);
            }
            Err(fault) => println!("확인증이 맞지 않습니다. {fault}."),
        }
        println!("견준 열쇠의 지문: {}", key.fingerprint());
    }
    Ok(ExitCode::from(u8::from(checked.is_err())))
}

fn receipt_json(checked: &Result<Proven, ReceiptFault>) -> serde_json::Value {
    match checked {
        Ok(proven) => serde_json::json!({
            "exit": 0, "leaf": proven.leaf.to_line(), "index": proven.index, "origin": proven.head.origin,
            "size": proven.head.size, "root": proven.head.root.to_string(), "ko": proof::PROVES,
        }),
        Err(fault) => serde_json::json!({ "exit": 1, "ko": fault.to_string() }),
    }
}

fn read_file(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            let path = with_particle(&path.display().to_string(), "을/를");
            Refusal::new("no-such-path", "", format!("{path} 찾지 못했습니다.")).into()
        } else {
            iljari_base::Stop::from(Failure::new(error).context(format!("read {}", path.display())))
        }
    })
}

fn read_bundle(path: &Path) -> Outcome<Bundle> {
    if path.is_dir() {
        let mut bundle = Bundle::new();
        for (name, bytes) in super::read_tree(path)? {
            bundle.insert(bundle::canonical_path(&name), bytes);
        }
        return Ok(bundle);
    }
    let bytes = read_file(path)?;
    bundle::from_zip(&bytes).map_err(|fault| {
        Refusal::new("not-a-bundle", "", format!(
                "{}은(는) 공시 묶음으로 읽을 수 없습니다: {fault}. 받는 동안 깨졌거나 누가 바꾼 파일일 수도 있으니 구의 공시 화면에서 다시 받아 보세요.",
                path.display()
            ))
            .into()
    })
}

fn print_words(report: &Report) {
    if let Some(disclosed) = &report.disclosure {
        println!(
            "{} {}년 공시(그해 {}번째), 장부 {}",
            disclosed.district, disclosed.year, disclosed.no, disclosed.origin
        );
    }
    for check in &report.checks {
        println!("{} {} — {}", if check.ok { "[맞음]" } else { "[다름]" }, check.name, check.note);
    }
    for problem in &report.problems {
        println!("  ✗ {} ({}: {})", problem.sentence_ko, problem.code.as_str(), problem.path);
    }
    if report.further > 0 {
        println!("  … 그 밖에 {}건 더", report.further);
    }
    if let Some(fingerprint) = &report.fingerprint {
        println!("서명 열쇠 지문: {fingerprint}");
    }
    println!("기록 {}건, 숫자 {}개를 다시 계산했습니다.", report.leaves, report.numbers_checked);
    println!(
        "{}",
        match report.exit_code() {
            0 => "숫자가 모두 맞습니다.",
            3 => "숫자가 모두 맞습니다. 다만 누구의 열쇠인지는 확인하지 않았습니다: --key 로 열쇠를 일러 주세요.",
            _ => "맞지 않는 것이 있습니다.",
        }
    );
}

fn print_json(report: &Report) {
    let problems: Vec<serde_json::Value> = report
        .problems
        .iter()
        .map(|problem| {
            serde_json::json!({
                "code": problem.code.as_str(), "path": problem.path, "ko": problem.sentence_ko, "en": problem.sentence_en
            })
        })
        .collect();
    let checks: Vec<serde_json::Value> = report
        .checks
        .iter()
        .map(|check| serde_json::json!({ "name": check.name, "ok": check.ok, "note": check.note }))
        .collect();
    println!(
        "{}",
        serde_json::json!({
            "exit": report.exit_code(), "leaves": report.leaves, "numbers": report.numbers_checked,
            "fingerprint": report.fingerprint, "key_named": report.key_named,
            "checks": checks, "problems": problems, "further": report.further
        })
    );
}
