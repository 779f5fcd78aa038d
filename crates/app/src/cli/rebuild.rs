//! `iljari rebuild`: published files and totals are derived; delete them and make them again (I5).

use std::process::ExitCode;

use clap::Args;
use iljari_base::{Failure, Outcome};

use crate::data_folder::{self, Folders};

/// What `rebuild` is told.
#[derive(Args)]
pub struct RebuildArgs {
    #[command(flatten)]
    folders: Folders,
}

/// Deletes `published/` and the totals of every district and makes both from the entries.
pub async fn run(args: RebuildArgs) -> Outcome<ExitCode> {
    let office = data_folder::open(&args.folders).await?;
    let districts = office.store.read(|tx| Box::pin(iljari_plans::store::districts(tx))).await?;
    // Data that is behind its own signature needs its published tiles to catch up: nothing is deleted then.
    for district in &districts {
        iljari_ledger::seal::catch_up_memory(&office, &district.code).await?;
    }
    if office.published.exists() {
        std::fs::remove_dir_all(&office.published)
            .map_err(|error| Failure::new(error).context(format!("remove {}", office.published.display())))?;
    }
    for district in districts {
        let (code, clock) = (district.code.clone(), office.clock.clone());
        office
            .store
            .write(move |tx| Box::pin(async move { iljari_ledger::totals::rebuild(tx, &*clock, &code).await }))
            .await?;
        iljari_ledger::publish::publish(&office, &district.code).await?;
        println!("{} {}: 합계와 공개 폴더를 기록에서 다시 만들었습니다.", district.code, district.name);
    }
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}
