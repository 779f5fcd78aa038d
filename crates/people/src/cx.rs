//! What an act is done with: clock, chance, who, for which district, from where.

use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use iljari_base::{Actor, Clock, Date, DistrictCode, Entropy, Timestamp};
use iljari_web::{Office, Viewer};

/// Where a request came from when nobody said (명령줄에서 한 일).
pub const NO_ADDRESS: &str = "서버 안";

/// The surroundings of an act. Cheap to clone, so that it can move into `store.write`.
#[derive(Clone)]
pub struct Cx {
    /// The clock (I7).
    pub clock: Arc<dyn Clock>,
    /// The randomness (I7).
    pub entropy: Arc<dyn Entropy>,
    /// Who acts.
    pub actor: Actor,
    /// The district whose data is touched.
    pub district: DistrictCode,
    /// The client's address, for the access log (접속지).
    pub address: String,
}

impl Cx {
    /// An officer's request.
    pub fn of(office: &Office, viewer: &Viewer, address: &ClientAddress) -> Self {
        Self {
            clock: Arc::clone(&office.clock),
            entropy: Arc::clone(&office.entropy),
            actor: viewer.actor(),
            district: viewer.district.clone(),
            address: address.0.clone(),
        }
    }

    /// An act without a request: a command, the clock, the demo.
    pub fn inside(office: &Office, actor: Actor, district: DistrictCode) -> Self {
        Self {
            clock: Arc::clone(&office.clock),
            entropy: Arc::clone(&office.entropy),
            actor,
            district,
            address: NO_ADDRESS.to_owned(),
        }
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Today in Seoul.
    pub fn today(&self) -> Date {
        self.clock.today()
    }
}

/// The address a request came from (접속지): the peer of the connection.
///
/// Headers such as `X-Forwarded-For` are not read: anybody can write them. The server must be
/// started with `into_make_service_with_connect_info::<SocketAddr>()`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAddress(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>();
        Ok(Self(peer.map_or_else(|| NO_ADDRESS.to_owned(), |peer| peer.0.ip().to_canonical().to_string())))
    }
}
