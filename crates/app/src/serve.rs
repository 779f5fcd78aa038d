//! The listeners: one for residents, one for officers, or both on one port in the demo.
//!
//! Owns: binding, the composed route table, the graceful end. Does not own: any route.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use clap::Args;
use iljari_base::{Failure, Outcome, Refusal, Stop};
use iljari_plans::Books;
use iljari_programs::shelf::Shelf;
use iljari_sheets::Reader;
use iljari_web::{Hints, Office, RouteTable, Side, health};
use tokio::net::TcpListener;

use crate::data_folder;
use crate::settings::{LogForm, Settings, Wanted};
use crate::{chores, notify};

/// What `serve` is told.
#[derive(Args)]
pub struct ServeArgs {
    /// 설정 파일(TOML). 함께 준 다른 값이 파일보다 앞섭니다
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 설정만 살펴보고 끝냅니다
    #[arg(long)]
    check_config: bool,
    /// 자료 폴더
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// 열쇠 폴더. 자료 폴더와 그 백업 밖에 둡니다 [기본: 자료 폴더 이름 뒤에 .keys]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 데이터베이스 주소 [기본: 자료 폴더의 SQLite]
    #[arg(long, value_name = "URL", env = "ILJARI_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// 주민이 보는 통로 [기본: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    public: Option<SocketAddr>,
    /// 담당자가 쓰는 통로. 담당자 화면은 여기에만 있습니다 [기본: 127.0.0.1:8081]
    #[arg(long, value_name = "ADDR")]
    office: Option<SocketAddr>,
    /// 기록의 꼴 [기본: text]
    #[arg(long, value_enum)]
    log: Option<LogForm>,
}

impl ServeArgs {
    fn settings(self) -> Outcome<Settings> {
        let file = self.config.as_deref().map(Wanted::read).transpose()?.unwrap_or_default();
        let flags = Wanted {
            data: self.data,
            keys: self.keys,
            database: self.database,
            public: self.public,
            office: self.office,
            log: self.log,
        };
        flags.or(file).settled().map_err(Stop::Refused)
    }
}

/// Every route of the binary.
pub fn routes() -> RouteTable {
    RouteTable::new()
        .merge(iljari_plans::routes())
        .merge(iljari_ledger::routes())
        .merge(iljari_collection::routes())
        .merge(iljari_programs::routes())
        .merge(iljari_people::routes())
}

/// The rooms that have something to say on the office's first page.
const HINTS: Hints = Hints(&[iljari_collection::hints, iljari_programs::hints, iljari_people::hints]);

/// The router of one listener.
pub fn router(office: &Arc<Office>, books: &Books, reader: &Arc<Reader>, side: Side) -> Router {
    let (shelf, books, reader) = (Extension(shelf(office)), Extension(books.clone()), Extension(Arc::clone(reader)));
    let around = |routes: Router| routes.layer(shelf).layer(books).layer(reader).layer(Extension(HINTS));
    routes().into_router_with(Arc::clone(office), side, around)
}

/// The rules inside the binary and those in `rules/` of the data folder, which is the published folder's parent.
/// A file with a fault is left out and named; residents are answered by the others.
fn shelf(office: &Office) -> Shelf {
    match Shelf::open(&office.published.with_file_name("rules")) {
        Ok((shelf, faulty)) => {
            for name in faulty {
                eprintln!("rules/{name}: 고칠 곳이 있어 쓰지 않습니다. iljari rules check로 확인해 주세요.");
            }
            shelf
        }
        Err(stop) => {
            eprintln!("규칙 폴더를 읽지 못해 프로그램에 든 규칙만 씁니다: {stop:?}");
            Shelf::built_in()
        }
    }
}

/// Reads strangers' sheets in a child process: this same binary under a hidden subcommand.
pub fn sheet_reader() -> Arc<Reader> {
    // Where the system does not tell, the name alone is looked up; a child that does not start is a failure.
    Arc::new(Reader::new(std::env::current_exe().unwrap_or_else(|_| "iljari".into())))
}

/// Lets failures be read: one line each on standard error, warnings and worse unless `ILJARI_LOG` says otherwise.
pub fn keep_a_log(form: LogForm) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("ILJARI_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, as tests make, finds the log already kept.
    let _ = match form {
        LogForm::Text => log.try_init(),
        LogForm::Json => log.json().try_init(),
    };
}

/// How often what runs by the clock is looked after.
const CHORES_EVERY: Duration = Duration::from_secs(60 * 60);

/// Does what is due once an hour, as long as the program runs. Each chore may come again and does nothing more.
fn keep_chores(office: &Arc<Office>) {
    let office = Arc::clone(office);
    tokio::spawn(async move {
        let mut hours = tokio::time::interval(CHORES_EVERY);
        loop {
            hours.tick().await;
            if let Err(stop) = iljari_programs::chores::run(&office).await {
                eprintln!("정해진 때 도는 일을 마치지 못했습니다. 한 시간 뒤에 다시 합니다: {stop:?}");
            }
        }
    });
}

/// Serves both networks until it is told to end.
pub async fn run(args: ServeArgs) -> Outcome<ExitCode> {
    let check = args.check_config;
    let settings = args.settings()?;
    if check {
        println!(
            "설정이 맞습니다. 자료 {}, 열쇠 {}",
            settings.folders.data.display(),
            settings.folders.keys().display()
        );
        println!("주민용 http://{}  담당자용 http://{}/office", settings.public, settings.office);
        return Ok(ExitCode::SUCCESS);
    }
    keep_a_log(settings.log);
    health::count();
    let office = data_folder::open(&settings.folders).await?;
    if office.demo && ![settings.public, settings.office].iter().all(|address| address.ip().is_loopback()) {
        return Err(demo_stays_here().into());
    }
    prepare(&office).await?;
    keep_chores(&office);
    let (books, reader) = (Books::new(), sheet_reader());
    let public = bind(settings.public).await?;
    let officers = bind(settings.office).await?;
    println!("주민용 http://{}  담당자용 http://{}/office", settings.public, settings.office);
    notify::tell("READY=1");
    notify::keep_alive(&office.store);
    let chores = tokio::spawn(chores::daily(Arc::clone(&office)));
    let both = async {
        let (one, other) = tokio::join!(
            listen(public, router(&office, &books, &reader, Side::Public)),
            listen(officers, router(&office, &books, &reader, Side::Office)),
        );
        one.and(other)
    };
    let ended = tokio::select! {
        ended = both => ended,
        () = out_of_patience() => Ok(()),
    };
    notify::tell("STOPPING=1");
    chores.abort();
    ended?;
    office.store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// A demo's passwords lie in a file, its codes are told to whoever asks: nobody else may reach it.
fn demo_stays_here() -> Refusal {
    let message = "시연이 만든 폴더는 이 컴퓨터 안에서만 열 수 있습니다. 비밀번호와 인증 번호가 알려져 있기 때문입니다. \
                   --public과 --office에 127.0.0.1로 시작하는 주소를 주거나, 새 자료 폴더를 주세요.";
    Refusal::new("demo-stays-here", "", message)
}

/// What every start does: what a restored backup brought back is erased again before anybody can look, confirmed
/// uploads go on where a stop left them, and the key folder's memory and the published files catch up with the database.
pub async fn prepare(office: &Arc<Office>) -> Outcome<()> {
    chores::run(office).await;
    iljari_collection::apply::resume(office).await?;
    iljari_programs::chores::run(office).await?;
    for district in office.store.read(|tx| Box::pin(iljari_plans::store::districts(tx))).await? {
        // A ledger that is behind its own signature is read, but not signed and not published over.
        match iljari_ledger::seal::catch_up_memory(office, &district.code).await {
            Err(Stop::Refused(refusals)) => {
                for refusal in refusals {
                    eprintln!("{}: {}", district.name, refusal.message);
                }
            }
            outcome => {
                outcome?;
                iljari_ledger::publish::publish(office, &district.code).await?;
            }
        }
    }
    Ok(())
}

/// Takes a port, or says which one is taken.
pub async fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            Refusal::new(
                "port-taken",
                "",
                format!("{address}은(는) 다른 프로그램이 쓰고 있습니다. --port로 다른 번호를 주세요."),
            )
            .into()
        } else {
            Failure::new(error).context(format!("listen on {address}")).into()
        }
    })
}

/// Answers until a signal comes; what is under way is finished first.
pub async fn listen(listener: TcpListener, router: Router) -> Outcome<()> {
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(time_to_close())
        .await
        .map_err(|error| Failure::new(error).context("serve").into())
}

/// How long the doors stay open after the signal. Whoever stands before them already, connected and not yet let in,
/// would otherwise be cut off without an answer.
const STILL_OPEN: Duration = Duration::from_millis(500);

async fn time_to_close() {
    told_to_end().await;
    health::end();
    tokio::time::sleep(STILL_OPEN).await;
}

/// How long answers that are under way may take after the signal. One who never finishes asking is not waited for.
const PATIENCE: Duration = Duration::from_secs(20);

async fn out_of_patience() {
    told_to_end().await;
    tokio::time::sleep(PATIENCE).await;
}

async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}
