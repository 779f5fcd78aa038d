//! `iljari demo`: two real districts' published plans and an invented one, with people to sign in as.
//!
//! Owns: preparing the demo's data folder and telling how to look. Does not own: any act; the seeds
//! call the slices' own functions as the actor 시연자료.

mod day;
pub mod seed;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use iljari_base::{Date, Failure, Outcome, Refusal};
use iljari_plans::Books;
use iljari_web::{Office, Side};

use crate::data_folder::{self, Folders};
use crate::settings::LogForm;
use crate::{chores, serve};

/// What `demo` is told.
#[derive(Args)]
pub struct DemoArgs {
    #[command(subcommand)]
    what: Option<What>,
    /// 자료를 남길 폴더 [기본: 끝나면 지우는 임시 폴더]
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// 포트. 0이면 빈 포트를 고릅니다
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// 시연이 오늘로 삼을 날. 모집은 몇 주가 걸리므로 뒷날로 옮겨 이어서 볼 때 씁니다. 예: 2026-12-14 [기본: 오늘, 시연 모집이 모두 열리는 2026년 하반기를 벗어나면 그 안의 가까운 날]
    #[arg(long, value_name = "DATE", global = true)]
    day: Option<Date>,
    /// 준비하고 알려 준 뒤 끝냅니다
    #[arg(long)]
    once: bool,
}

#[derive(Subcommand)]
enum What {
    /// 그 담당자의 지금 인증 번호를 알려 줍니다.
    Code {
        /// 담당자 이름
        name: String,
    },
}

/// Prepares the demo, tells where to look, and serves it.
pub async fn run(args: DemoArgs) -> Outcome<ExitCode> {
    if let Some(What::Code { name }) = args.what {
        return code(args.data, &name).await;
    }
    serve::keep_a_log(LogForm::Text);
    let temporary = match &args.data {
        Some(_) => None,
        None => Some(tempfile::tempdir().map_err(|error| Failure::new(error).context("make a temporary folder"))?),
    };
    let data = match (&args.data, &temporary) {
        (Some(data), _) => data.clone(),
        (None, Some(folder)) => folder.path().join("data"),
        (None, None) => return Err(Failure::new("no data folder").into()),
    };
    let folders = Folders { data, keys: None, database: None };
    let (office, fresh) = data_folder::open_for_demo(&folders).await?;
    let office = day::on(office, &folders.data, args.day)?;
    if fresh {
        seed::all(&office).await?;
    }
    serve::prepare(&office).await?;
    if args.once {
        tell(&office, &folders, args.port, args.data.is_some()).await?;
        office.store.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    iljari_web::health::count();
    let listener = serve::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port))).await?;
    let port = listener.local_addr().map_err(|error| Failure::new(error).context("read the port"))?.port();
    tell(&office, &folders, port, args.data.is_some()).await?;
    let _newest = Newest::point_at(&folders.data);
    println!("끝내려면 Ctrl+C를 누르세요.");
    let chores = tokio::spawn(chores::daily(Arc::clone(&office)));
    serve::listen(listener, serve::router(&office, &Books::new(), &serve::sheet_reader(), Side::Both)).await?;
    chores.abort();
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn tell(office: &Office, folders: &Folders, port: u16, kept: bool) -> Outcome<()> {
    println!("http://127.0.0.1:{port} 에서 볼 수 있습니다.");
    println!("  광진구 http://127.0.0.1:{port}/districts/11215");
    println!("  은평구 http://127.0.0.1:{port}/districts/11380");
    println!("  나루구(예시) http://127.0.0.1:{port}/districts/99001");
    println!("시연의 오늘은 {}입니다.", office.clock.today().korean());
    println!("담당자 화면 http://127.0.0.1:{port}/office — 아래 사람은 모두 지어낸 사람입니다.");
    let password = seed::password(&folders.data)?;
    for officer in seed::OFFICERS {
        let code = iljari_people::present_code(office, officer.name).await?;
        println!(
            "{}  로그인 이름 {}  비밀번호 {password}  인증 번호 {code}  ({}, {})",
            officer.name, officer.name, officer.place, officer.what
        );
    }
    if kept {
        println!("새 인증 번호: iljari demo code 이름 --data {}", folders.data.display());
    } else {
        println!("새 인증 번호: 다른 창에서 iljari demo code 이름");
    }
    Ok(())
}

/// Remembers where the demo that was started last keeps its data, so that `demo code NAME` needs no
/// folder. Gone when that demo ends.
struct Newest(PathBuf);

impl Newest {
    fn path() -> PathBuf {
        std::env::temp_dir().join("iljari-demo-newest")
    }

    fn point_at(data: &std::path::Path) -> Option<Self> {
        let absolute = std::path::absolute(data).ok()?;
        std::fs::write(Self::path(), absolute.to_string_lossy().as_bytes()).ok()?;
        Some(Self(absolute))
    }

    fn read() -> Option<PathBuf> {
        let path = PathBuf::from(std::fs::read_to_string(Self::path()).ok()?);
        path.exists().then_some(path)
    }
}

impl Drop for Newest {
    fn drop(&mut self) {
        // Another demo may have been started since; its pointer stays.
        if Self::read().as_ref() == Some(&self.0) {
            let _ = std::fs::remove_file(Self::path());
        }
    }
}

async fn code(data: Option<PathBuf>, name: &str) -> Outcome<ExitCode> {
    let Some(data) = data.or_else(Newest::read) else {
        return Err(Refusal::new(
            "no-demo-running",
            "",
            "지금 도는 시연을 찾지 못했습니다. 어느 시연인지 --data 로 자료 폴더를 일러 주세요.",
        )
        .into());
    };
    let office = data_folder::open(&Folders { data: data.clone(), keys: None, database: None }).await?;
    let office = day::again(office, &data);
    let code = iljari_people::present_code(&office, name).await?;
    office.store.close().await;
    println!("{code}");
    Ok(ExitCode::SUCCESS)
}
