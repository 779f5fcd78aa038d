//! The one binary: composes everything, owns nothing (iljari, 일자리).
//!
//! Owns: the list of commands and how an end becomes an exit code. Does not own: any command; those
//! stand in the library beside it, where the walls of `tests/` reach them too.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use iljari_app::{cli, demo, serve};
use iljari_base::{FailureKind, Stop};

/// 지역 일자리 계획을 약속에서 확인된 숫자까지.
#[derive(Parser)]
#[command(name = "iljari", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 지어낸 사람들과 공개된 숫자로 시연합니다.
    Demo(demo::DemoArgs),
    /// 두 통로(주민용, 담당자용)를 엽니다.
    Serve(serve::ServeArgs),
    /// 계획 파일을 살피고 보여 주고 견줍니다.
    Plan(cli::plan::PlanArgs),
    /// 자격 규칙을 살피고 시험하고 설명합니다.
    Rules(cli::rules::RulesArgs),
    /// 장부를 보고, 봉인하고, 증명하고, 점검합니다.
    Ledger(cli::ledger::LedgerArgs),
    /// 공개 폴더와 합계를 지우고 기록에서 다시 만듭니다.
    Rebuild(cli::rebuild::RebuildArgs),
    /// 한 해를 공시 묶음으로 냅니다.
    Disclose(cli::disclose::DiscloseArgs),
    /// 공시한 문서를 꺼내거나, 공시하기 전의 문서를 만듭니다.
    Print(cli::print::PrintArgs),
    /// 주민이 보는 화면을 파일로 내보냅니다. 서버 없이도 열립니다.
    Publish(cli::publish::PublishArgs),
    /// 공시 묶음의 모든 숫자를 다시 계산합니다. 인터넷도 계정도 필요 없습니다.
    Verify(cli::verify::VerifyArgs),
    /// 부서별 취합 서식을 내고, 받은 파일을 살펴 확인에 올립니다.
    Actuals(cli::actuals::ActualsArgs),
    /// 자료를 한 폴더로 백업합니다. 열쇠는 넣지 않습니다.
    Backup(cli::backup::BackupArgs),
    /// 백업을 되살리거나, 되살아나는지 연습합니다.
    Restore(cli::backup::RestoreArgs),
    /// 담당자를 만듭니다(처음 한 사람은 이 명령으로만 만들 수 있습니다).
    Officer(cli::officer::OfficerArgs),
}

fn main() -> ExitCode {
    // The child that reads strangers' sheets: nothing is done, opened or allocated before it limits itself.
    if std::env::args_os().nth(1).is_some_and(|word| word == iljari_sheets::child::SUBCOMMAND) {
        return iljari_sheets::child::main();
    }
    let cli = Cli::parse();
    // Commands that need no server stay off the runtime: they start in a blink.
    let outcome = match cli.command {
        Command::Plan(args) => cli::plan::run(args),
        Command::Rules(args) => cli::rules::run(args),
        Command::Verify(args) => cli::verify::run(args),
        Command::Demo(args) => cli::on_runtime(demo::run(args)),
        Command::Serve(args) => cli::on_runtime(serve::run(args)),
        Command::Ledger(args) => cli::on_runtime(cli::ledger::run(args)),
        Command::Rebuild(args) => cli::on_runtime(cli::rebuild::run(args)),
        Command::Disclose(args) => cli::on_runtime(cli::disclose::run(args)),
        Command::Actuals(args) => cli::on_runtime(cli::actuals::run(args)),
        Command::Print(args) => cli::on_runtime(cli::print::run(args)),
        Command::Publish(args) => cli::on_runtime(cli::publish::run(args)),
        Command::Backup(args) => cli::on_runtime(cli::backup::backup(args)),
        Command::Restore(args) => cli::on_runtime(cli::backup::restore(args)),
        Command::Officer(args) => cli::on_runtime(cli::officer::run(args)),
    };
    match outcome {
        Ok(code) => code,
        Err(stop) => {
            eprintln!("{stop}");
            match stop {
                // `EX_CONFIG`: whoever restarts programs need not try this one again.
                Stop::Failed(failure) if failure.kind == FailureKind::NewerData => ExitCode::from(78),
                _ => ExitCode::FAILURE,
            }
        }
    }
}
