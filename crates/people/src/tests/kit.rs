//! A test office: a fixed clock, seeded chance, and officers with memorable names.

use std::sync::Arc;

use iljari_base::{Actor, Date, DistrictCode, FixedClock, Id, Outcome, SeededEntropy, Stop, Timestamp, id};
use iljari_store::{Act, Store, Tx};
use iljari_web::{Duty, Office, Viewer};
use tempfile::TempDir;

use crate::cx::{ClientAddress, Cx};
use crate::password::Password;
use crate::sign_in::{Attempt, Entrance, sign_in};
use crate::{OfficeGate, SeedOfficer, admin, present_code, seed};

/// Everybody's password.
pub const PASSWORD: &str = "강가에 오리 세 마리";
/// The address of the usual desk.
pub const DESK: &str = "10.0.0.7";

pub struct TestOffice {
    pub office: Arc<Office>,
    pub clock: Arc<FixedClock>,
    /// Holds the key folder for as long as the office stands.
    _folder: TempDir,
}

pub fn district() -> DistrictCode {
    "11999".parse().expect("a code")
}

pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

impl TestOffice {
    /// 2026-11-23, ten in the morning in Seoul.
    pub async fn over(store: Store) -> Self {
        let clock = Arc::new(FixedClock::at("2026-11-23T01:00:00.000000Z".parse().expect("an instant")));
        let folder = tempfile::tempdir().expect("a folder");
        let office = Office {
            gate: Arc::new(OfficeGate::new(store.clone())),
            store,
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new("people")),
            demo: true,
            published: folder.path().join("published"),
            keys: folder.path().join("keys"),
        };
        let this = Self { office: Arc::new(office), clock, _folder: folder };
        let cx = this.inside();
        this.act(move |tx| {
            Box::pin(async move {
                let departments = [("10", "일자리정책과"), ("20", "감사담당관")]
                    .map(|(code, name)| (code.to_owned(), name.to_owned()));
                admin::put_departments(tx, &cx, &departments).await
            })
        })
        .await
        .expect("departments");
        this
    }

    /// Does an act.
    pub async fn act<T, F>(&self, act: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> Act<'t, T> + Send + 'static,
    {
        self.office.store.write(act).await
    }

    /// The demo's own hand.
    pub fn inside(&self) -> Cx {
        Cx::inside(&self.office, Actor::Demo, district())
    }

    /// An officer's hand, from the usual desk.
    pub fn by(&self, officer: Id<id::Officer>) -> Cx {
        Cx { actor: Actor::Officer(officer), address: DESK.to_owned(), ..self.inside() }
    }

    /// An officer who can sign in.
    pub async fn officer(&self, login: &str, duties: &[Duty]) -> Id<id::Officer> {
        let wanted = SeedOfficer {
            district: district(),
            login: login.to_owned(),
            name: login.to_owned(),
            department: "10".to_owned(),
            duties: duties.to_vec(),
            password: PASSWORD.to_owned(),
            totp_secret: login.bytes().cycle().take(crate::totp::SECRET_BYTES).collect(),
        };
        seed(&self.office, wanted).await.expect("an officer")
    }

    /// One try at the door.
    pub async fn try_door(
        &self,
        login: &str,
        password: &str,
        code: &str,
        address: &str,
        device: Option<&str>,
    ) -> Outcome<Entrance> {
        let attempt = Attempt {
            login: login.to_owned(),
            password: Password::typed(password),
            code: code.to_owned(),
            address: ClientAddress(address.to_owned()),
            device: device.map(str::to_owned),
        };
        sign_in(&self.office, attempt).await
    }

    /// Signs in rightly from a browser; the session's token and the device's.
    pub async fn enter(&self, login: &str, address: &str, device: Option<&str>) -> Outcome<(String, String)> {
        let code = present_code(&self.office, login).await.expect("a code");
        // Each code opens once; the story does not wait for the next.
        self.clock.advance_seconds(30);
        match self.try_door(login, PASSWORD, &code, address, device).await? {
            Entrance::Office { opened, device } => Ok((opened.token, device)),
            Entrance::Enrolment { .. } => panic!("{login} has enrolled already"),
        }
    }

    /// Signs in from the usual desk.
    pub async fn token(&self, login: &str) -> String {
        self.enter(login, DESK, None).await.expect("signed in").0
    }

    /// Whom the gate sees behind a token now.
    pub async fn who(&self, token: &str) -> Option<Viewer> {
        use iljari_base::Clock;
        self.office.gate.who(token, self.clock.now()).await.expect("the gate")
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        use iljari_base::Clock;
        self.clock.now()
    }
}

/// The codes of a refusal, in order.
pub fn codes<T>(outcome: Outcome<T>) -> Vec<&'static str> {
    match outcome {
        Err(Stop::Refused(refusals)) => refusals.iter().map(|refusal| refusal.code).collect(),
        Err(other) => panic!("not a refusal: {other}"),
        Ok(_) => Vec::new(),
    }
}
