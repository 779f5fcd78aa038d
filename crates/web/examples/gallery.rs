//! Serves the gallery of all parts on a loopback port: `cargo run -p iljari-web --example gallery -- 8090`.

use std::sync::Arc;

use iljari_base::{Clock, Entropy, Failure, OsEntropy, SystemClock, Timestamp};
use iljari_store::Store;
use iljari_web::{Answer, Gate, Office, Side, Viewer, gallery};

/// Nobody is signed in at the gallery.
struct Nobody;

impl Gate for Nobody {
    fn who<'a>(&'a self, _: &'a str, _: Timestamp) -> Answer<'a, Option<Viewer>> {
        Box::pin(async { Ok(None) })
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "8090".to_owned());
    let folder = std::env::temp_dir().join(format!("iljari-gallery-{port}"));
    std::fs::create_dir_all(&folder).map_err(|err| Failure::new(err).context("making a folder"))?;
    let store = Store::open(&format!("sqlite:{}", folder.join("gallery.db").display())).await?;
    let office = Arc::new(Office {
        store,
        clock: Arc::new(SystemClock) as Arc<dyn Clock>,
        entropy: Arc::new(OsEntropy) as Arc<dyn Entropy>,
        demo: true,
        published: folder.clone(),
        keys: folder,
        gate: Arc::new(Nobody),
    });
    let router = gallery::routes().into_router(office, Side::Both);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .map_err(|err| Failure::new(err).context("listening"))?;
    axum::serve(listener, router).await.map_err(|err| Failure::new(err).context("serving"))
}
