//! The words and the page of every error, in Korean and with the usual frame.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use iljari_base::Refusal;

use crate::office::{Duty, Viewer};
use crate::page_error::{FormFault, PageError};
use crate::prefs::DisplayPrefs;
use crate::shell::{Desk, PublicNav, Shell};
use crate::wall::Sample;

/// What is known of the error.
pub(crate) struct Cause {
    pub status: StatusCode,
    pub told: Option<Arc<PageError>>,
    pub cross_site: bool,
}

/// The page in the resident's frame.
#[derive(Template)]
#[template(path = "page/error_public.html")]
pub(crate) struct PublicErrorPage {
    shell: Shell,
    error: Words,
}

/// The same words in the officer's frame.
#[derive(Template)]
#[template(path = "page/error_office.html")]
pub(crate) struct OfficeErrorPage {
    shell: Shell,
    error: Words,
}

/// What the page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    pub title: String,
    pub what: String,
    pub reasons: Vec<Reason>,
    pub reference: String,
    pub sign_in: bool,
}

/// One refusal, with the rule it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub message: String,
    pub basis: String,
}

/// Draws the page. It cannot fail: without a template there is still the sentence.
pub(crate) fn draw(cause: &Cause, prefs: &DisplayPrefs, viewer: Option<&Viewer>, reference: &str) -> String {
    let error = words(cause, reference);
    let title = error.title.clone();
    let drawn = match viewer {
        Some(viewer) => {
            let shell = Shell::office(prefs, viewer, title.clone(), Desk::None);
            OfficeErrorPage { shell, error }.render()
        }
        None => {
            let shell = Shell::public(prefs, title.clone(), None, PublicNav::None);
            PublicErrorPage { shell, error }.render()
        }
    };
    drawn.unwrap_or(title)
}

/// The page for those who came while too many others did. Drawn once, at the start.
pub(crate) fn crowded(prefs: &DisplayPrefs) -> String {
    crowded_page(prefs).render().unwrap_or_else(|_| CROWDED.to_owned())
}

const CROWDED: &str = "지금 이용하는 분이 많습니다";

fn crowded_page(prefs: &DisplayPrefs) -> PublicErrorPage {
    let what = "10초쯤 뒤에 다시 해 주세요. 저장한 것은 없습니다. \
                신청은 동 주민센터에 오셔서 종이로 하셔도 똑같이 받습니다.";
    let error = Words { title: CROWDED.to_owned(), what: what.to_owned(), ..Words::default() };
    PublicErrorPage { shell: Shell::public(prefs, CROWDED, None, PublicNav::None), error }
}

/// The words for a cause.
pub(crate) fn words(cause: &Cause, reference: &str) -> Words {
    let say = |title: &str, what: &str| Words { title: title.to_owned(), what: what.to_owned(), ..Words::default() };
    match cause.told.as_deref() {
        Some(PageError::NoDuty(duty)) => say(
            "이 일을 할 권한이 없습니다",
            &format!(
                "‘{}’ 업무를 맡은 담당자만 할 수 있습니다. 맡아야 할 일이라면 ‘관리’ 업무 담당자에게 말씀하세요.",
                duty.korean()
            ),
        ),
        Some(PageError::NobodySignedIn) => Words {
            sign_in: true,
            ..say(
                "로그인이 끝나서 저장하지 않았습니다",
                "다른 창에서 로그인한 다음 이 화면을 새로 고치면, 적으신 내용을 다시 보낼 수 있습니다.",
            )
        },
        Some(PageError::Refused(refusals)) => Words {
            reasons: refusals
                .iter()
                .map(|refusal| Reason { message: refusal.message.clone(), basis: refusal.basis.to_owned() })
                .collect(),
            ..say("그대로는 할 수 없습니다", "이유는 아래와 같습니다. 저장한 것은 없습니다.")
        },
        Some(PageError::Form(fault)) => {
            let (title, what) = of_form(*fault);
            say(title, what)
        }
        Some(PageError::Crowded) => say(
            "지금 한꺼번에 몰려 처리하지 못했습니다",
            "저장한 것은 없습니다. 10초쯤 뒤에 이 화면을 새로 고쳐(F5) 주세요. 적으신 내용과 고르신 파일을 그대로 다시 보냅니다.",
        ),
        _ if cause.cross_site => {
            say("다른 사이트에서 보낸 것이라 받지 않았습니다", "이 사이트의 화면에서 다시 해 주세요.")
        }
        _ => by_status(cause.status, reference),
    }
}

/// The words for a form that was sent before.
fn of_form(fault: FormFault) -> (&'static str, &'static str) {
    match fault {
        FormFault::Changed => (
            "이미 보내신 양식이라 고친 내용은 받지 않았습니다",
            "처음에 보내신 내용은 처리되었습니다. 고치시려면 그 화면을 새로 열어 다시 적어 주세요.",
        ),
        FormFault::AtWork => (
            "처음에 보내신 것을 아직 처리하고 있습니다",
            "같은 양식을 두 번 받지 않습니다. 잠시 뒤에 결과를 확인해 주세요.",
        ),
        FormFault::SomebodyElses => (
            "다른 담당자가 보낸 양식입니다",
            "이번에는 아무것도 하지 않았습니다. 해야 할 일이라면 그 화면을 새로 열어 주세요.",
        ),
        FormFault::TooOld => (
            "연 지 일주일이 넘은 화면에서 보내셨습니다",
            "이미 보내신 것인지 알 수 없어 아무것도 하지 않았습니다. 그 화면을 새로 열어 다시 적어 주세요.",
        ),
        FormFault::Unreadable => {
            ("양식이 온전히 오지 않았습니다", "저장한 것은 없습니다. 그 화면을 새로 열어 다시 적어 주세요.")
        }
    }
}

fn by_status(status: StatusCode, reference: &str) -> Words {
    let (title, what) = match status {
        StatusCode::NOT_FOUND => (
            "찾으시는 화면이 없습니다",
            "주소가 바뀌었거나 없어진 화면입니다. 주소를 직접 적으셨다면 빠진 글자가 있는지 보아 주세요.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("이 주소로는 그렇게 보낼 수 없습니다", "앞 화면으로 돌아가 단추를 다시 눌러 주세요.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("보내신 것이 너무 큽니다", "글이라면 줄이고, 파일이라면 나누어 보내 주세요. 저장한 것은 없습니다.")
        }
        StatusCode::SERVICE_UNAVAILABLE => (
            "제때 답하지 못했습니다",
            "저장하는 일이었다면 이미 저장되었을 수 있습니다. 다시 하기 전에 먼저 확인해 주세요.",
        ),
        StatusCode::INSUFFICIENT_STORAGE => (
            "저장할 자리가 없어 저장하지 못했습니다",
            "보는 일은 그대로 됩니다. 적으신 것은 저장되지 않았습니다. 전산 담당자에게 아래 번호와 함께 알려 주시고, 자리가 난 뒤에 다시 해 주세요.",
        ),
        StatusCode::FORBIDDEN => ("이 화면은 볼 수 없습니다", "볼 수 있는 사람이 정해져 있는 화면입니다."),
        status if status.is_client_error() => {
            ("보내신 내용을 읽지 못했습니다", "앞 화면으로 돌아가 다시 해 주세요. 저장한 것은 없습니다.")
        }
        _ => (
            "저희 쪽 문제로 멈췄습니다",
            "잠시 뒤에 다시 해 주세요. 계속 멈추면 전화하시면서 아래 번호를 알려 주세요. 어디서 멈췄는지 찾을 수 있습니다.",
        ),
    };
    let reference = if status.is_server_error() { reference } else { "" };
    Words { title: title.to_owned(), what: what.to_owned(), reference: reference.to_owned(), ..Words::default() }
}

impl Sample for PublicErrorPage {
    fn samples() -> Vec<Self> {
        let page = |cause: Cause| {
            let error = words(&cause, "QGBN-PMAS");
            let shell = Shell::public(&DisplayPrefs::sample(), error.title.clone(), None, PublicNav::None);
            PublicErrorPage { shell, error }
        };
        every_cause().into_iter().map(page).chain([crowded_page(&DisplayPrefs::sample())]).collect()
    }
}

impl Sample for OfficeErrorPage {
    fn samples() -> Vec<Self> {
        let viewer = crate::gallery::sample_viewer();
        let page = |cause: Cause| {
            let error = words(&cause, "QGBN-PMAS");
            let shell = Shell::office(&DisplayPrefs::sample(), viewer.as_ref()?, error.title.clone(), Desk::None);
            Some(OfficeErrorPage { shell, error })
        };
        every_cause().into_iter().filter_map(page).collect()
    }
}

/// Each kind of error once, the refusal with as many reasons as a long form can give.
fn every_cause() -> Vec<Cause> {
    let told = |error: PageError| Cause { status: error.status(), told: Some(Arc::new(error)), cross_site: false };
    let bare = |status: StatusCode| Cause { status, told: None, cross_site: false };
    let reason = Refusal::new(
        "own-confirmation",
        "지침 제3조",
        "자기가 적은 숫자는 확인할 수 없습니다. 다른 담당자가 확인합니다",
    );
    vec![
        told(PageError::NotFound),
        told(PageError::NobodySignedIn),
        told(PageError::NoDuty(Duty::Disclose)),
        told(PageError::Refused(Vec::new())),
        told(PageError::Refused(vec![reason; 20])),
        told(PageError::Form(FormFault::Changed)),
        told(PageError::Form(FormFault::AtWork)),
        told(PageError::Form(FormFault::SomebodyElses)),
        told(PageError::Form(FormFault::TooOld)),
        told(PageError::Form(FormFault::Unreadable)),
        told(PageError::Crowded),
        told(PageError::Stumbled("a sample")),
        bare(StatusCode::BAD_REQUEST),
        bare(StatusCode::FORBIDDEN),
        bare(StatusCode::METHOD_NOT_ALLOWED),
        bare(StatusCode::PAYLOAD_TOO_LARGE),
        bare(StatusCode::SERVICE_UNAVAILABLE),
        bare(StatusCode::INSUFFICIENT_STORAGE),
        Cause { cross_site: true, ..bare(StatusCode::FORBIDDEN) },
    ]
}
