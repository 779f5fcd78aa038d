//! Signed notes (C2SP signed-note): a text, a blank line, signature lines.
//!
//! Owns: keys as text, signing, parsing, checking Ed25519. Does not own: where a key is kept; a
//! seed comes in as bytes. What a newcomer gets wrong: reading the text of a note before one of its
//! signatures has been verified by a key known beforehand.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The signature type of plain Ed25519 notes.
const ED25519: u8 = 0x01;
/// Longest note read: a manifest of 20,000 files is about a quarter of this.
pub const NOTE_MAX: usize = 8 << 20;
/// Most signature lines read.
pub const SIGNATURES_MAX: usize = 100;

/// Why a note, a key or a signature is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteFault {
    /// Not a signed note at all.
    #[error("서명 문서의 꼴이 아닙니다")]
    Malformed,
    /// Not a verifier or signer key.
    #[error("서명 키로 읽을 수 없습니다")]
    BadKey,
    /// A signature of a known key does not fit the text.
    #[error("서명이 본문과 맞지 않습니다")]
    BadSignature,
    /// No signature by a known key.
    #[error("알려진 키의 서명이 없습니다")]
    NotSigned,
}

/// Whether a text may name a key: not empty, no Unicode space, no plus, no control character.
fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|letter| letter.is_whitespace() || letter.is_control() || letter == '+')
}

/// Whether the coordinate in a public key is below 2^255 − 19. The library would reduce it, and one
/// point would then have two writings (RFC 8032 section 5.1.3 refuses the second).
fn is_reduced(public: &[u8; 32]) -> bool {
    let [low, middle @ .., high] = public;
    *low < 0xed || *high & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff)
}

fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let hasher = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(public);
    let full: [u8; 32] = hasher.finalize().into();
    [full[0], full[1], full[2], full[3]]
}

/// A public key that checks notes (검증 키), written `name+id+base64`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    /// The key's name; a log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The short id that stands in signature lines.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// What people compare (지문): the first 32 hexadecimal digits of the SHA-256 of the key's
    /// text, in groups of four.
    pub fn fingerprint(&self) -> String {
        let digest: [u8; 32] = Sha256::digest(self.to_string().as_bytes()).into();
        let groups: Vec<String> = digest.chunks(2).take(8).map(hex::encode).collect();
        groups.join(" ")
    }

    /// Whether a person meant this key: its whole text, or its fingerprint with any spacing.
    pub fn is_meant_by(&self, text: &str) -> bool {
        let bare = |text: &str| -> String {
            text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
        };
        text.trim() == self.to_string() || bare(text) == bare(&self.fingerprint())
    }

    fn accepts(&self, text: &str, signature: &[u8; 64]) -> bool {
        self.key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tagged = vec![ED25519];
        tagged.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(tagged))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for VerifierKey {
    type Err = NoteFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, id, public) = read_key(text)?;
        if !is_reduced(&public) {
            return Err(NoteFault::BadKey);
        }
        let key = VerifyingKey::from_bytes(&public).map_err(|_| NoteFault::BadKey)?;
        // A key of small order would accept signatures made without any secret.
        if key.is_weak() || key_id(name, &public) != id {
            return Err(NoteFault::BadKey);
        }
        Ok(Self { name: name.to_owned(), id, key })
    }
}

/// Takes `name+id+base64` apart. The base64 part may itself hold plus signs.
fn read_key(text: &str) -> Result<(&str, [u8; 4], [u8; 32]), NoteFault> {
    let (name, rest) = text.split_once('+').ok_or(NoteFault::BadKey)?;
    let (id_text, encoded) = rest.split_once('+').ok_or(NoteFault::BadKey)?;
    if !is_key_name(name) || id_text.len() != 8 || !super::tree::is_lower_hex(id_text) {
        return Err(NoteFault::BadKey);
    }
    let mut id = [0; 4];
    hex::decode_to_slice(id_text, &mut id).map_err(|_| NoteFault::BadKey)?;
    let tagged = STANDARD.decode(encoded).map_err(|_| NoteFault::BadKey)?;
    match tagged.split_first() {
        Some((&ED25519, key)) => Ok((name, id, key.try_into().map_err(|_| NoteFault::BadKey)?)),
        _ => Err(NoteFault::BadKey),
    }
}

/// A private key that signs notes (서명 키).
#[derive(Clone)]
pub struct Signer {
    verifier: VerifierKey,
    key: SigningKey,
}

impl Signer {
    /// A signer of this name from 32 secret bytes.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteFault> {
        if !is_key_name(name) {
            return Err(NoteFault::BadKey);
        }
        let key = SigningKey::from_bytes(seed);
        let public = key.verifying_key();
        let id = key_id(name, public.as_bytes());
        Ok(Self { verifier: VerifierKey { name: name.to_owned(), id, key: public }, key })
    }

    /// Reads the text of [`Signer::to_secret_text`].
    pub fn from_secret_text(text: &str) -> Result<Self, NoteFault> {
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or(NoteFault::BadKey)?;
        let (name, id, seed) = read_key(rest)?;
        let signer = Self::new(name, &seed)?;
        if signer.verifier.id != id { Err(NoteFault::BadKey) } else { Ok(signer) }
    }

    /// The secret as text, `PRIVATE+KEY+name+id+base64`: for the key folder, never for a log line.
    pub fn to_secret_text(&self) -> String {
        let mut tagged = vec![ED25519];
        tagged.extend_from_slice(self.key.as_bytes());
        let verifier = &self.verifier;
        format!("PRIVATE+KEY+{}+{}+{}", verifier.name, hex::encode(verifier.id), STANDARD.encode(tagged))
    }

    /// The public half.
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The signed note over a text. The text must end with a newline and hold no other control
    /// character.
    pub fn sign(&self, text: &str) -> Result<String, NoteFault> {
        if !is_note_text(text) {
            return Err(NoteFault::Malformed);
        }
        let mut signed = self.verifier.id.to_vec();
        signed.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n\u{2014} {} {}\n", self.verifier.name, STANDARD.encode(signed)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier)
    }
}

fn is_note_text(text: &str) -> bool {
    text.ends_with('\n') && !text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}

/// One signature line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// The key's name.
    pub name: String,
    /// The key's short id.
    pub id: [u8; 4],
    /// The signature itself.
    pub signature: Vec<u8>,
}

/// A parsed note. Parsing checks no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// Takes a note apart.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteFault> {
        if bytes.len() > NOTE_MAX {
            return Err(NoteFault::Malformed);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteFault::Malformed)?;
        if !is_note_text(whole) {
            return Err(NoteFault::Malformed);
        }
        // The text may hold empty lines; the last one separates it from the signatures.
        let cut = whole.rfind("\n\n").ok_or(NoteFault::Malformed)?;
        let (text, lines) = (&whole[..=cut], &whole[cut + 2..]);
        let mut signatures = Vec::new();
        for line in lines.split_terminator('\n') {
            if signatures.len() == SIGNATURES_MAX {
                return Err(NoteFault::Malformed);
            }
            signatures.push(read_signature(line).ok_or(NoteFault::Malformed)?);
        }
        if signatures.is_empty() {
            return Err(NoteFault::Malformed);
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, its last newline included. Trust it only after [`Note::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every signature line, known or not.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Checks the note against the keys known beforehand and returns its text. Signatures of other
    /// keys are ignored; a wrong signature by a known key refuses the whole note.
    pub fn verify(&self, known: &[&VerifierKey]) -> Result<&str, NoteFault> {
        let mut found = false;
        for line in &self.signatures {
            for key in known.iter().filter(|key| key.name == line.name && key.id == line.id) {
                let signature = line.signature.as_slice().try_into().map_err(|_| NoteFault::BadSignature)?;
                if !key.accepts(&self.text, signature) {
                    return Err(NoteFault::BadSignature);
                }
                found = true;
            }
        }
        if found { Ok(&self.text) } else { Err(NoteFault::NotSigned) }
    }
}

fn read_signature(line: &str) -> Option<SignatureLine> {
    let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (id, signature) = bytes.split_first_chunk::<4>()?;
    let whole = is_key_name(name) && !signature.is_empty();
    whole.then(|| SignatureLine { name: name.to_owned(), id: *id, signature: signature.to_vec() })
}
