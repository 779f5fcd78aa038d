//! Telling the service manager how we are (`sd_notify(3)`): ready, ending, still alive.
//!
//! Owns: the datagrams. Does not own: when a manager restarts us. Where nobody asked to be told, nothing is sent.

use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use iljari_store::Store;

/// Tells one state, e.g. `READY=1`. A manager that cannot be reached is no reason to end.
pub fn tell(state: &str) {
    let Some(place) = std::env::var_os("NOTIFY_SOCKET") else { return };
    if let Err(error) = send(&place.to_string_lossy(), state) {
        tracing::warn!("the service manager could not be told {state}: {error}");
    }
}

fn send(place: &str, state: &str) -> std::io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    match place.strip_prefix('@') {
        #[cfg(target_os = "linux")]
        Some(name) => {
            use std::os::linux::net::SocketAddrExt as _;
            socket.send_to_addr(state.as_bytes(), &SocketAddr::from_abstract_name(name)?)?;
        }
        _ => {
            socket.send_to_addr(state.as_bytes(), &SocketAddr::from_pathname(place)?)?;
        }
    }
    Ok(())
}

/// Says that we are alive, as often as the manager wants (`WATCHDOG_USEC`), while the data can be read.
pub fn keep_alive(store: &Store) {
    let every =
        std::env::var("WATCHDOG_USEC").ok().and_then(|text| text.parse::<u64>().ok()).filter(|every| *every > 0);
    let Some(every) = every else { return };
    let store = store.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_micros(every / 2));
        loop {
            ticks.tick().await;
            if store.read(|_| Box::pin(async { Ok(()) })).await.is_ok() {
                tell("WATCHDOG=1");
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_arrives_at_a_path_and_at_a_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let manager = UnixDatagram::bind(&path).expect("bound");
        send(&path.display().to_string(), "READY=1").expect("sent");
        let mut said = [0; 16];
        let count = manager.recv(&mut said).expect("received");
        assert_eq!(&said[..count], b"READY=1");
        #[cfg(target_os = "linux")]
        {
            use std::os::linux::net::SocketAddrExt as _;
            let name = format!("iljari-test-{}", std::process::id());
            let manager =
                UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).expect("a name")).expect("bound");
            send(&format!("@{name}"), "STOPPING=1").expect("sent");
            let count = manager.recv(&mut said).expect("received");
            assert_eq!(&said[..count], b"STOPPING=1");
        }
        assert!(send("/nowhere/at/all", "READY=1").is_err());
    }
}
