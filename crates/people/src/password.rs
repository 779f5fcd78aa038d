//! Passwords (비밀번호): argon2id, a length, a list of leaked and common ones, words of this office; no rules of composition.
//!
//! Owns: judging a new password, hashing and checking one in a bounded queue off the async threads.
//! Does not own: whose password it is.
//! What a newcomer gets wrong: hashing is memory-bound and slow on purpose. Going round the queue
//! stops every other request of the machine.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use iljari_base::{Entropy, Failure, Outcome, Refusal, Stop};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Fewest characters of a password (ASVS 5.0 V6.2.1).
pub const SHORTEST: usize = 8;
/// Most characters: enough for every sentence, too few to keep the hash busy.
pub const LONGEST: usize = 200;
/// How long one waits for a place in the hashing queue.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Refusal code when the hashing queue is full; the page answers 503.
pub const TOO_BUSY: &str = "too-busy";

/// The hash of a password nobody knows, with our parameters: an unknown account costs as much.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aWxqYXJpLW5vYm9keS0wMQ$mdhIY3xNEH8n+5Wk2sRKjVzWQf0bLgT1cJyPqZ6uXvA";

/// Passwords that stand in published leaks, the commonest ones, and Korean ones as typed on a Latin keyboard; of eight letters or more,
/// in small letters, sorted. Where they come from: NOTICE.
static COMMON: &str = include_str!("common_passwords.txt");

/// Words that anybody outside guesses first, as said and as typed on a Latin keyboard: the program, what it is for, offices, duties,
/// places (ASVS 5.0 V6.1.2). With digits and signs around them they make no password.
const OFFICE_WORDS: [&str; 30] = [
    "일자리정책과",
    "주민센터",
    "공공근로",
    "비밀번호",
    "담당자",
    "관리자",
    "일자리",
    "나루구",
    "광진구",
    "은평구",
    "서울시",
    "구청",
    "나루",
    "광진",
    "은평",
    "서울",
    "동행",
    "password",
    "eunpyeong",
    "gwangjin",
    "dlfwkfl",
    "iljari",
    "office",
    "tjdnf",
    "rncjd",
    "seoul",
    "admin",
    "naru",
    "gov",
    "korea",
];

/// A password as typed; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed, as it is: leading blanks and pasted text are the person's business.
    pub fn typed(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text: to hash it, or to show a temporary one once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether a new password may be used: long enough, not leaked or common, not the account's own name or a word of this office.
pub fn judge(password: &Password, login: &str) -> Result<(), Refusal> {
    let text = password.reveal();
    let length = text.chars().count();
    let refuse = |code, message: String| Err(Refusal::new(code, "", message).at("new_password"));
    if length < SHORTEST {
        return refuse(
            "password-too-short",
            format!("비밀번호는 {SHORTEST}자 이상이어야 합니다. {length}자를 적으셨습니다."),
        );
    }
    if length > LONGEST {
        return refuse(
            "password-too-long",
            format!("비밀번호는 {LONGEST}자까지 쓸 수 있습니다. {length}자를 적으셨습니다."),
        );
    }
    let plain = text.trim().to_lowercase();
    if COMMON.lines().any(|common| common == plain) {
        return refuse("password-too-common", "많은 사람이 쓰는 비밀번호라서 쉽게 알아낼 수 있습니다. 다른 것을 적어 주세요. 낱말 서너 개를 이어 쓰면 외우기 쉽습니다.".to_owned());
    }
    if is_one_run(&plain) || (!login.is_empty() && plain.replace(login, "").chars().count() < 4) {
        return refuse(
            "password-too-plain",
            "로그인 이름이나 이어진 글자만으로 된 비밀번호는 쉽게 알아낼 수 있습니다. 다른 것을 적어 주세요."
                .to_owned(),
        );
    }
    if is_of_this_office(&plain) {
        return refuse(
            "password-of-this-office",
            "이 구청과 업무의 이름에 숫자만 붙인 비밀번호는 쉽게 알아낼 수 있습니다. 다른 것을 적어 주세요.".to_owned(),
        );
    }
    Ok(())
}

/// Whether nothing worth guessing stands beside the words of this office.
fn is_of_this_office(plain: &str) -> bool {
    let rest = OFFICE_WORDS.iter().fold(plain.to_owned(), |rest, word| rest.replace(word, ""));
    rest.len() < plain.len() && rest.chars().filter(|letter| letter.is_alphabetic()).count() < 4
}

/// `aaaaaaaa`, `34567890`, `hgfedcba`: each letter the same distance from the one before.
fn is_one_run(text: &str) -> bool {
    let letters: Vec<i64> = text.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let mut gaps = letters.windows(2).map(|pair| pair[1] - pair[0]);
    gaps.next().is_some_and(|first| (-1..=1).contains(&first) && gaps.all(|gap| gap == first))
}

/// A password for the first sign-in: four groups of four, without letters that look alike.
pub fn temporary(entropy: &dyn Entropy) -> Password {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(19);
    for place in 0..16 {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        let bound = u64::try_from(LETTERS.len()).unwrap_or(1);
        let chosen = usize::try_from(entropy.below(bound)).unwrap_or(0);
        text.push(LETTERS.get(chosen).map_or('a', |byte| char::from(*byte)));
    }
    Password::typed(text)
}

/// Hashes in the queue; the result is a PHC string.
pub async fn hash(password: Password, entropy: &dyn Entropy) -> Outcome<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    queued(move || hash_now(&password, &salt)).await?.map_err(Stop::Failed)
}

/// Hashes in the queue, however long it is: for officers who are made before anybody stands at the door.
pub(crate) async fn hash_with_patience(password: Password, entropy: &dyn Entropy) -> Outcome<String> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    queued_in(queue(), Duration::MAX, move || hash_now(&password, &salt)).await?.map_err(Stop::Failed)
}

/// Checks in the queue. Without a stored hash the same work is done and the answer is no.
pub async fn check(password: Password, stored: Option<String>) -> Outcome<bool> {
    queued(move || check_now(&password, stored.as_deref())).await
}

fn hash_now(password: &Password, salt: &[u8]) -> Result<String, Failure> {
    let hash: PasswordHash = hasher()?
        .hash_password_with_salt(password.reveal().as_bytes(), salt)
        .map_err(|err| Failure::new(err).context("hashing a password"))?;
    Ok(hash.to_string())
}

fn check_now(password: &Password, stored: Option<&str>) -> bool {
    let (Ok(hasher), Ok(hash)) = (hasher(), PasswordHash::new(stored.unwrap_or(NOBODYS))) else {
        return false;
    };
    // A hash from other times carries its own parameters; verification uses those.
    let same = hasher.verify_password(password.reveal().as_bytes(), &hash).is_ok();
    same && stored.is_some()
}

fn hasher() -> Result<Argon2<'static>, Failure> {
    let params = Params::new(19_456, 2, 1, None).map_err(|err| Failure::new(err).context("argon2 parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// As many hashes at once as the machine has cores; more only make each other wait.
fn queue() -> &'static Arc<Semaphore> {
    static QUEUE: OnceLock<Arc<Semaphore>> = OnceLock::new();
    QUEUE.get_or_init(|| {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Arc::new(Semaphore::new(cores))
    })
}

async fn queued<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Outcome<T> {
    queued_in(queue(), LONGEST_WAIT, work).await
}

async fn queued_in<T: Send + 'static>(
    places: &Arc<Semaphore>,
    wait: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Outcome<T> {
    let place = match tokio::time::timeout(wait, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(place)) => place,
        Ok(Err(_)) | Err(_) => {
            return Err(Refusal::new(TOO_BUSY, "", "로그인하려는 사람이 많습니다. 10초 뒤에 다시 해 주세요.").into());
        }
    };
    tokio::task::spawn_blocking(move || {
        let done = work();
        // The place is given back when the work ends, even if nobody waits for the answer any more.
        drop(place);
        done
    })
    .await
    .map_err(|err| Failure::new(err).context("hashing a password").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use iljari_base::SeededEntropy;

    #[test]
    fn a_new_password_is_judged_by_length_and_commonness_only() {
        let long = "가".repeat(LONGEST + 1);
        for (text, expected) in [
            ("", Some("password-too-short")),
            ("일곱글자입니다", Some("password-too-short")),
            ("Password1!", Some("password-too-common")),
            ("1Q2W3E4R", Some("password-too-common")),
            ("dkssudgktpdy", Some("password-too-common")),
            ("tkfkdgo1234", Some("password-too-common")),
            ("gggggggggggg", Some("password-too-plain")),
            ("3456789:;<=>", Some("password-too-plain")),
            ("zyxwvutsrq", Some("password-too-plain")),
            ("hansibeom12", Some("password-too-plain")),
            ("superman123", Some("password-too-common")),
            ("일자리2026!!", Some("password-of-this-office")),
            ("Gwangjin-2026", Some("password-of-this-office")),
            ("dlfwkfl!@#2027", Some("password-of-this-office")),
            ("구청 앞 감나무 두 그루", None),
            (long.as_str(), Some("password-too-long")),
            ("강가에 오리 세 마리", None),
            ("lower case only is fine", None),
            ("한글여덟글자입니다", None),
        ] {
            let found = judge(&Password::typed(text), "hansibeom").err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn the_list_is_sorted_long_enough_and_small() {
        let lines: Vec<&str> = COMMON.lines().collect();
        // At least the 3,000 commonest that the rules let through (ASVS 5.0 V6.2.4), and a set from leaks (V6.2.12).
        assert!(lines.len() > 15_000, "{}", lines.len());
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(lines.iter().all(|line| line.chars().count() >= SHORTEST && line.to_lowercase() == **line));
    }

    #[tokio::test]
    async fn only_the_same_password_opens_and_only_a_phc_string_is_kept() {
        let entropy = SeededEntropy::new("hash");
        let stored = hash(Password::typed("강가에 오리 세 마리"), &entropy).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(!stored.contains("오리"));
        assert!(check(Password::typed("강가에 오리 세 마리"), Some(stored.clone())).await.expect("checked"));
        assert!(!check(Password::typed("강가에 오리 네 마리"), Some(stored.clone())).await.expect("checked"));
        assert!(!check(Password::typed("강가에 오리 세 마리"), None).await.expect("checked"));
        let other = hash(Password::typed("강가에 오리 세 마리"), &entropy).await.expect("hashed");
        assert_ne!(stored, other, "each has its own salt");
    }

    #[test]
    fn an_unknown_account_costs_the_same_work() {
        let nobodys = PasswordHash::new(NOBODYS).expect("a PHC string");
        let ours = hash_now(&Password::typed("x"), &[7; 16]).expect("hashed");
        let ours = PasswordHash::new(&ours).expect("a PHC string");
        assert_eq!((nobodys.algorithm, nobodys.version, nobodys.params), (ours.algorithm, ours.version, ours.params));
        assert_eq!(nobodys.hash.map(|hash| hash.len()), ours.hash.map(|hash| hash.len()));
        assert_eq!(nobodys.salt.map(|salt| salt.len()), ours.salt.map(|salt| salt.len()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_answers_busy_after_two_seconds() {
        let places = Arc::new(Semaphore::new(1));
        let taken = Arc::clone(&places).acquire_owned().await.expect("a place");
        let before = tokio::time::Instant::now();
        let answer = queued_in(&places, LONGEST_WAIT, || 1).await;
        assert!(answer.expect_err("busy").has(TOO_BUSY));
        assert_eq!(before.elapsed().as_secs(), 2);
        drop(taken);
        assert_eq!(queued_in(&places, LONGEST_WAIT, || 1).await.expect("free"), 1);
    }

    #[test]
    fn a_temporary_password_is_accepted_as_a_password() {
        let password = temporary(&SeededEntropy::new("temporary"));
        assert_eq!(password.reveal().len(), 19);
        assert_eq!(judge(&password, "hansibeom"), Ok(()));
    }
}
