//! Officers of the demo (시연자료), and the codes its reader needs to sign in as them.
//!
//! Owns: making an officer whose password and second factor are known beforehand. Does not own:
//! who they are; `app` says.
//! What a newcomer gets wrong: this is the only road around enrolment, and it exists in a demo only.

use iljari_base::{Actor, DistrictCode, Id, Outcome, Refusal, Stop, id};
use iljari_web::{Duty, Office};

use crate::admin::{self, InvitationWanted};
use crate::cx::Cx;
use crate::model::Login;
use crate::password::{self, Password};
use crate::seal::Sealer;
use crate::sign_in::totp_context;
use crate::{store, totp};

/// An officer to be, known through and through.
#[derive(Debug, Clone)]
pub struct SeedOfficer {
    /// The district.
    pub district: DistrictCode,
    /// What one signs in with.
    pub login: String,
    /// The name on pages.
    pub name: String,
    /// The department's code; must have been written down with [`admin::put_departments`].
    pub department: String,
    /// The duties, from today.
    pub duties: Vec<Duty>,
    /// The password.
    pub password: String,
    /// The second factor's secret: [`totp::SECRET_BYTES`] bytes.
    pub totp_secret: Vec<u8>,
}

fn demo_only(office: &Office) -> Result<(), Stop> {
    if office.demo {
        return Ok(());
    }
    Err(Refusal::new("not-a-demo", "", "시연에서만 쓸 수 있습니다.").into())
}

/// Makes an officer who can sign in at once. Refused outside the demo.
pub async fn seed(office: &Office, wanted: SeedOfficer) -> Outcome<Id<id::Officer>> {
    demo_only(office)?;
    let cx = Cx::inside(office, Actor::Demo, wanted.district.clone());
    let typed = Password::typed(wanted.password.as_str());
    let phc = password::hash_with_patience(typed, office.entropy.as_ref()).await?;
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let entropy = office.entropy.clone();
    office
        .store
        .write(move |tx| {
            Box::pin(async move {
                let invitation = InvitationWanted {
                    login: wanted.login,
                    name: wanted.name,
                    department: wanted.department,
                    duties: wanted.duties,
                };
                let id = admin::insert(tx, &cx, invitation, &phc, cx.now()).await?;
                let officer = admin::existing(tx, &cx.district, id).await?;
                let sealed = sealer.seal(entropy.as_ref(), &totp_context(&officer), &wanted.totp_secret)?;
                store::enrol(tx, &officer, &phc, sealed, None, cx.now()).await?;
                admin::remember(tx, &cx, id, "등록 마침", officer.login.to_string(), cx.today()).await?;
                Ok(id)
            })
        })
        .await
}

/// The code that would let this officer in now. Refused outside the demo.
pub async fn present_code(office: &Office, login: &str) -> Outcome<String> {
    demo_only(office)?;
    let nobody = || Stop::from(Refusal::new("no-such-officer", "", format!("시연에 없는 로그인 이름입니다: {login}")));
    let login_read: Login = login.parse().map_err(|_| nobody())?;
    let known = office.store.read(move |tx| Box::pin(async move { store::credentials(tx, &login_read).await })).await?;
    let sealer = Sealer::open(&office.keys, office.entropy.as_ref())?;
    let known = known.ok_or_else(nobody)?;
    let secret =
        known.totp_sealed.as_deref().and_then(|sealed| sealer.open_sealed(&totp_context(&known.officer), sealed));
    let secret = secret.ok_or_else(nobody)?;
    Ok(totp::next_usable_code(&secret, office.clock.now(), known.totp_last_step))
}
