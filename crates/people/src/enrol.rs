//! The first sign-in's second half: a password and a second factor of one's own (등록).
//!
//! Owns: the sealed ticket between the two pages, and the act that makes an invited officer active.
//! Does not own: the temporary password (`admin`), the page.
//! What a newcomer gets wrong: looking for the ticket in a table. It is carried by its holder; what
//! makes it worthless is the officer's state.

use iljari_base::{Actor, DistrictCode, Id, Outcome, Refusal, Stop, Timestamp, id};
use iljari_web::Office;

use crate::access::{Access, Whose, log_access};
use crate::cx::{ClientAddress, Cx};
use crate::model::{Officer, OfficerState};
use crate::password::{self, Password};
use crate::seal::Sealer;
use crate::session::{self, Opened, token_hash};
use crate::sign_in::totp_context;
use crate::{store, totp};

/// Minutes a ticket to the enrolment page is good for.
pub const TICKET_MINUTES: i64 = 20;

/// What the enrolment page knows of its visitor: carried in a sealed cookie, kept nowhere.
pub struct Ticket {
    /// The district.
    pub district: DistrictCode,
    /// The officer.
    pub officer: Id<id::Officer>,
    /// The invitation it came from; another invitation makes it worthless.
    invited_until: Timestamp,
    /// The second factor to be.
    pub secret: Vec<u8>,
    good_until: Timestamp,
}

const TICKET_CONTEXT: &str = "enrolment ticket";

impl Ticket {
    /// A ticket with a fresh secret, for an invitation that runs until then.
    pub(crate) fn fresh(cx: &Cx, officer: &Officer, invited_until: Timestamp) -> Self {
        let mut secret = vec![0; totp::SECRET_BYTES];
        cx.entropy.fill(&mut secret);
        let good_until = cx.now().plus_seconds(TICKET_MINUTES * 60).min(invited_until);
        Self { district: officer.district.clone(), officer: officer.id, invited_until, secret, good_until }
    }

    /// As its holder's cookie carries it.
    pub(crate) fn sealed(&self, office: &Office) -> Outcome<String> {
        let plain = format!(
            "{} {} {} {} {}",
            self.district,
            self.officer,
            self.invited_until,
            self.good_until,
            hex::encode(&self.secret)
        );
        let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
        Ok(hex::encode(sealer.seal(office.entropy.as_ref(), TICKET_CONTEXT, plain.as_bytes())?))
    }

    /// Reads the cookie; `None` when it is not ours or too old.
    pub fn read(office: &Office, cookie: &str) -> Outcome<Option<Ticket>> {
        let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
        let opened = hex::decode(cookie).ok().and_then(|sealed| sealer.open_sealed(TICKET_CONTEXT, &sealed));
        let ticket = opened.as_ref().and_then(|plain| std::str::from_utf8(plain).ok()).and_then(Self::parsed);
        Ok(ticket.filter(|ticket| office.clock.now() < ticket.good_until))
    }

    fn parsed(plain: &str) -> Option<Self> {
        let mut words = plain.split(' ');
        Some(Self {
            district: words.next()?.parse().ok()?,
            officer: words.next()?.parse().ok()?,
            invited_until: words.next()?.parse().ok()?,
            good_until: words.next()?.parse().ok()?,
            secret: hex::decode(words.next()?).ok()?,
        })
    }
}

/// The officer a ticket is for, while the invitation it came from is open.
pub async fn ticket_holder(office: &Office, ticket: &Ticket) -> Outcome<Option<Officer>> {
    let (district, officer, until) = (ticket.district.clone(), ticket.officer, ticket.invited_until);
    office
        .store
        .read(move |tx| {
            Box::pin(async move {
                let officer = store::officer(tx, &district, officer).await?;
                Ok(officer.filter(|officer| officer.state == OfficerState::Invited { until }))
            })
        })
        .await
}

/// Sets up password and second factor at the first sign-in, and opens a session.
pub async fn enrol(
    office: &Office,
    ticket: Ticket,
    chosen: Password,
    code: &str,
    address: ClientAddress,
) -> Outcome<(Opened, String)> {
    let expired = || {
        Stop::from(Refusal::new(
            "ticket-expired",
            "",
            "등록할 수 있는 시간이 지났습니다. 임시 비밀번호로 다시 로그인해 주세요.",
        ))
    };
    let Some(officer) = ticket_holder(office, &ticket).await? else {
        return Err(expired());
    };
    let now = office.clock.now();
    let mut refusals = Vec::new();
    refusals.extend(password::judge(&chosen, officer.login.as_str()).err());
    let step = totp::matching_step(&ticket.secret, code, now, None);
    if step.is_none() {
        let message = "인증 번호가 맞지 않습니다. 앱에 지금 보이는 여섯 자리를 적어 주세요. 계속 다르면 휴대전화 시각이 자동으로 맞춰져 있는지 보세요.";
        refusals.push(Refusal::new("code-wrong", "", message).at("code"));
    }
    if !refusals.is_empty() {
        return Err(Stop::Refused(refusals));
    }
    let phc = password::hash(chosen, office.entropy.as_ref()).await?;
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let sealed = sealer.seal(office.entropy.as_ref(), &totp_context(&officer), &ticket.secret)?;
    let cx = Cx {
        clock: office.clock.clone(),
        entropy: office.entropy.clone(),
        actor: Actor::Officer(officer.id),
        district: officer.district.clone(),
        address: address.0,
    };
    let opened = office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let still = store::officer(tx, &officer.district, officer.id).await?;
                if still.is_none_or(|still| still.state != officer.state)
                    || !store::enrol(tx, &officer, &phc, sealed, step, cx.now()).await?
                {
                    return Ok(None);
                }
                crate::admin::remember(tx, &cx, officer.id, "등록 마침", officer.login.to_string(), cx.today()).await?;
                log_access(tx, &cx, Access::to("인증 앱과 비밀번호 등록", Whose::Officer(officer.id))).await?;
                let device = session::fresh_token(&cx);
                store::remember_device(tx, &officer, &token_hash(&device), cx.now()).await?;
                Ok(Some((session::open(tx, &cx, &officer).await?, device)))
            })
        })
        .await?;
    opened.ok_or_else(expired)
}
