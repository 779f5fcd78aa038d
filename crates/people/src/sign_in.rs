//! Signing in (로그인): password and one-time code, in one step for the person and five for us.
//!
//! Owns: the order of the steps, changing a password. Does not own: the first sign-in's second half
//! (`enrol`), cookies and pages.
//! What a newcomer gets wrong: saying why. Whatever is wrong, the answer is the same sentence after
//! the same work, except that one has to wait.
//!
//! ```text
//!  look up ─▶ admit (counts as wrong) ─▶ hash (queue) ─▶ code ─▶ settle: open, or write down
//!  read       write                       no transaction          write, everything read again
//! ```
//!
//! A crash between "admit" and "settle" leaves an attempt counted: annoying, never unsafe.

use iljari_base::{Actor, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_store::Tx;
use iljari_web::Office;

use crate::access::{Access, Whose, log_access};
use crate::cx::{ClientAddress, Cx};
use crate::enrol::Ticket;
use crate::model::{Login, Officer, OfficerState};
use crate::password::{self, Password};
use crate::seal::Sealer;
use crate::session::{self, Opened, token_hash};
use crate::store::{self, Credentials};
use crate::throttle::{self, Pace};
use crate::totp;

/// What somebody typed into the sign-in page.
#[derive(Debug)]
pub struct Attempt {
    /// The name.
    pub login: String,
    /// The password.
    pub password: Password,
    /// The six digits; empty at the first sign-in.
    pub code: String,
    /// From where.
    pub address: ClientAddress,
    /// The device cookie, where the browser has one.
    pub device: Option<String>,
}

/// Which door opened.
pub enum Entrance {
    /// Into the office.
    Office {
        /// The new session.
        opened: Opened,
        /// For the device cookie.
        device: String,
    },
    /// To the enrolment page, with a ticket for its cookie.
    Enrolment {
        /// A sealed [`Ticket`].
        ticket: String,
    },
}

/// The one sentence for everything that is wrong.
fn refused() -> Stop {
    Refusal::new("sign-in-refused", "", "로그인 이름, 비밀번호, 인증 번호 가운데 맞지 않는 것이 있습니다. 셋 다 다시 적어 주세요. 인증 번호는 30초마다 바뀌고 한 번만 쓸 수 있습니다.").into()
}

fn too_many(seconds: i64) -> Stop {
    let message = format!(
        "여러 번 틀려서 잠시 막았습니다. {} 뒤에 다시 해 주세요. 계정은 그대로 있습니다.",
        throttle::korean_wait(seconds)
    );
    Refusal::new("too-many-attempts", "개인정보의 안전성 확보조치 기준 제5조 제6항", message).into()
}

/// Tries to sign in.
pub async fn sign_in(office: &Office, attempt: Attempt) -> Outcome<Entrance> {
    let login = attempt.login.parse::<Login>().ok();
    // A name that cannot be one has a lane too, or its faster answer would tell.
    let name = login.as_ref().map_or_else(|| attempt.login.trim().to_lowercase(), Login::to_string);
    let device_hash = attempt.device.as_deref().map(token_hash);

    let looked = office.store.read(move |tx| Box::pin(async move { look_up(tx, login, device_hash).await })).await?;
    let (known, device_hash) = (looked.credentials, looked.device_hash);
    let lanes = Lanes::of(&name, &attempt.address.0, device_hash.as_deref());
    let now = office.clock.now();
    lanes.clone().admit(office, &name, &attempt.address.0, now).await?;

    let phc = known.as_ref().map(|known| known.password_phc.clone());
    let password_fits = password::check(attempt.password, phc).await?;
    let right = match &known {
        Some(known) if password_fits => second_step(office, known, &attempt.code, now)?,
        _ => None,
    };

    let cx = |officer: &Officer| Cx {
        clock: office.clock.clone(),
        entropy: office.entropy.clone(),
        actor: Actor::Officer(officer.id),
        district: officer.district.clone(),
        address: attempt.address.0.clone(),
    };
    let settle = Settle { name, device: device_hash.map(|_| attempt.device.clone().unwrap_or_default()), lanes };
    match (known, right) {
        (Some(known), Some(right)) => {
            let cx = cx(&known.officer);
            let ticket = match right {
                Right::Code(_) => None,
                Right::Invited(until) => Some(Ticket::fresh(&cx, &known.officer, until).sealed(office)?),
            };
            let officer = known.officer;
            let opened = office
                .store
                .write(move |tx| Box::pin(async move { settle.right(tx, &cx, &officer, right).await }))
                .await?;
            match (opened, ticket) {
                (Some((opened, device)), _) => Ok(Entrance::Office { opened, device }),
                (None, Some(ticket)) => Ok(Entrance::Enrolment { ticket }),
                (None, None) => Err(refused()),
            }
        }
        (known, _) => {
            let known = known.map(|known| cx(&known.officer));
            let (clock, entropy, address) = (office.clock.clone(), office.entropy.clone(), attempt.address.0);
            office
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        let id = Id::fresh(clock.as_ref(), entropy.as_ref());
                        settle.wrong(tx, known.as_ref(), id, &address, clock.now()).await
                    })
                })
                .await?;
            Err(refused())
        }
    }
}

struct LookedUp {
    credentials: Option<Credentials>,
    /// Kept only when this account has signed in from that browser before.
    device_hash: Option<String>,
}

async fn look_up(tx: &mut Tx, login: Option<Login>, device_hash: Option<String>) -> Outcome<LookedUp> {
    let credentials = match login {
        Some(login) => store::credentials(tx, &login).await?,
        None => None,
    };
    let device_hash = match (&credentials, device_hash) {
        (Some(known), Some(hash)) if store::knows_device(tx, &known.officer, &hash).await? => Some(hash),
        _ => None,
    };
    Ok(LookedUp { credentials, device_hash })
}

/// What was right.
#[derive(Clone, Copy)]
enum Right {
    /// Password and the code of this step.
    Code(i64),
    /// The temporary password of an invitation that runs until then.
    Invited(Timestamp),
}

/// The password fits: does the rest?
fn second_step(office: &Office, known: &Credentials, code: &str, now: Timestamp) -> Outcome<Option<Right>> {
    match known.officer.state {
        OfficerState::Left { .. } => Ok(None),
        OfficerState::Invited { until } => Ok((now < until).then_some(Right::Invited(until))),
        OfficerState::Active { .. } => {
            let Some(sealed) = &known.totp_sealed else { return Ok(None) };
            let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
            let Some(secret) = sealer.open_sealed(&totp_context(&known.officer), sealed) else {
                let fault = "a second factor does not open with the key in the key folder";
                return Err(iljari_base::Failure::new(fault).into());
            };
            Ok(totp::matching_step(&secret, code, now, known.totp_last_step).map(Right::Code))
        }
    }
}

/// What a sealed second factor is sealed for.
pub(crate) fn totp_context(officer: &Officer) -> String {
    format!("totp {} {}", officer.district, officer.id)
}

/// The lanes an attempt runs in.
#[derive(Clone)]
struct Lanes(Vec<(String, Pace)>);

impl Lanes {
    /// A browser the account knows has its own lane; everybody else shares two.
    fn of(name: &str, address: &str, device_hash: Option<&str>) -> Self {
        Self(match device_hash {
            Some(hash) => vec![(throttle::device_lane(name, hash), throttle::ACCOUNT)],
            None => vec![
                (throttle::account_lane(name), throttle::ACCOUNT),
                (throttle::address_lane(address), throttle::ADDRESS),
            ],
        })
    }

    /// Counts the attempt, or says how long to wait.
    async fn admit(self, office: &Office, name: &str, address: &str, now: Timestamp) -> Outcome<()> {
        let id = Id::fresh(office.clock.as_ref(), office.entropy.as_ref());
        let (account, address) = (throttle::account_hash(name), address.to_owned());
        let wait = office
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let mut admitted = Vec::new();
                    let mut longest: Option<i64> = None;
                    for (name, pace) in self.0 {
                        match pace.admit(store::lock_lane(tx, &name, now).await?, now) {
                            Ok(lane) => admitted.push((name, lane)),
                            Err(seconds) => longest = longest.max(Some(seconds)),
                        }
                    }
                    match longest {
                        // One lane that says wait leaves the others as they were.
                        Some(_) => store::add_attempt(tx, id, &account, &address, "기다려야 함", now).await?,
                        None => {
                            for (name, lane) in admitted {
                                store::put_lane(tx, &name, lane).await?;
                            }
                        }
                    }
                    Ok(longest)
                })
            })
            .await?;
        wait.map_or(Ok(()), |seconds| Err(too_many(seconds)))
    }
}

/// The last step: everything that is written once the answer is known.
struct Settle {
    name: String,
    /// The token of the known device the attempt came from.
    device: Option<String>,
    lanes: Lanes,
}

impl Settle {
    /// Opens a session, or nothing for an invitation. The rows are read again: between looking and
    /// here the officer may have left or the code may have been used.
    async fn right(self, tx: &mut Tx, cx: &Cx, officer: &Officer, right: Right) -> Outcome<Option<(Opened, String)>> {
        let now = cx.now();
        let id = Id::fresh(cx.clock.as_ref(), cx.entropy.as_ref());
        let account = throttle::account_hash(&self.name);
        let fresh = store::officer(tx, &officer.district, officer.id).await?;
        let Some(officer) = fresh.filter(|fresh| fresh.state == officer.state) else {
            store::add_attempt(tx, id, &account, &cx.address, "틀림", now).await?;
            return Ok(None);
        };
        if let Right::Code(step) = right
            && !store::use_step(tx, &officer, step).await?
        {
            store::add_attempt(tx, id, &account, &cx.address, "틀림", now).await?;
            return Ok(None);
        }
        for (name, pace) in &self.lanes.0 {
            let lane = store::lock_lane(tx, name, now).await?;
            // A right attempt takes back its own count. An address stays as slow as others made it.
            let failures = match (lane, *pace == throttle::ADDRESS) {
                (Some(lane), true) => lane.failures - 1,
                _ => 0,
            };
            store::put_lane(tx, name, throttle::Lane { failures, last_at: now, next_at: now }).await?;
        }
        let what =
            if matches!(right, Right::Code(_)) { "로그인" } else { "처음 로그인(인증 앱 등록 시작)" };
        store::add_attempt(tx, id, &account, &cx.address, "맞음", now).await?;
        log_access(tx, cx, Access::to(what, Whose::Nobody)).await?;
        if let Right::Invited(_) = right {
            return Ok(None);
        }
        let device = self.device.unwrap_or_else(|| session::fresh_token(cx));
        store::remember_device(tx, &officer, &token_hash(&device), now).await?;
        Ok(Some((session::open(tx, cx, &officer).await?, device)))
    }

    async fn wrong(
        self,
        tx: &mut Tx,
        known: Option<&Cx>,
        id: Id<id::Access>,
        address: &str,
        now: Timestamp,
    ) -> Outcome<()> {
        store::add_attempt(tx, id, &throttle::account_hash(&self.name), address, "틀림", now).await?;
        if let Some(cx) = known {
            log_access(tx, cx, Access::to("로그인 실패", Whose::Nobody)).await?;
        }
        Ok(())
    }
}

/// Changes one's own password: the old one is asked for, all other sessions end.
pub async fn change_password(
    office: &Office,
    cx: &Cx,
    session: Id<id::Session>,
    old: Password,
    new: Password,
) -> Outcome<()> {
    let Actor::Officer(id) = cx.actor else {
        return Err(Refusal::new("no-such-officer", "", "담당자만 비밀번호를 바꿀 수 있습니다.").into());
    };
    let district = cx.district.clone();
    let known = office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let officer = crate::admin::existing(tx, &district, id).await?;
                store::credentials(tx, &officer.login).await
            })
        })
        .await?;
    let Some(known) = known else { return Err(refused()) };
    password::judge(&new, known.officer.login.as_str())?;
    // The same lane as signing in, or an unwatched desk could guess here as fast as it likes.
    let lanes = Lanes(vec![(throttle::device_lane(known.officer.login.as_str(), "own page"), throttle::ACCOUNT)]);
    lanes.clone().admit(office, known.officer.login.as_str(), &cx.address, cx.now()).await?;
    if !password::check(old, Some(known.password_phc)).await? {
        let message = "지금 쓰는 비밀번호가 맞지 않습니다. 다시 적어 주세요.";
        return Err(Refusal::new("old-password-wrong", "", message).at("old_password").into());
    }
    let phc = password::hash(new, cx.entropy.as_ref()).await?;
    let cx = cx.clone();
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                store::set_password(tx, &known.officer, &phc).await?;
                store::end_sessions(tx, &known.officer, Some(session), "password-changed", cx.now()).await?;
                for (name, _) in &lanes.0 {
                    store::put_lane(tx, name, throttle::Lane { failures: 0, last_at: cx.now(), next_at: cx.now() })
                        .await?;
                }
                log_access(tx, &cx, Access::to("비밀번호 바꾸기", Whose::Officer(known.officer.id))).await?;
                Ok(())
            })
        })
        .await
}
