//! What `serve` is told (설정): by flags, by a file in TOML, or by both.
//!
//! Owns: the keys of the file, what beats what, and what cannot be right. Does not own: the data folder
//! (`data_folder`). What a newcomer gets wrong: a key that is misspelt. It is refused by name and line; a setting that
//! silently does nothing is found on the day it was needed.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use iljari_base::{Failure, Outcome, Refusal};
use serde::Deserialize;

use crate::data_folder::Folders;

/// How lines of the log look (기록의 꼴).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogForm {
    /// For people.
    #[default]
    Text,
    /// For programs: an object a line.
    Json,
}

/// What a file of settings may hold; the flags of `serve` are called the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// 자료 폴더.
    pub data: Option<PathBuf>,
    /// 열쇠 폴더.
    pub keys: Option<PathBuf>,
    /// 데이터베이스 주소.
    pub database: Option<String>,
    /// 주민이 보는 통로.
    pub public: Option<SocketAddr>,
    /// 담당자가 쓰는 통로.
    pub office: Option<SocketAddr>,
    /// 기록의 꼴.
    pub log: Option<LogForm>,
}

/// Settings that can be served with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where things are kept.
    pub folders: Folders,
    /// The residents' listener.
    pub public: SocketAddr,
    /// The officers' listener.
    pub office: SocketAddr,
    /// How the log looks.
    pub log: LogForm,
}

/// Where the two listeners are, if nobody says otherwise.
const PUBLIC: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
const OFFICE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8081);

impl Wanted {
    /// Reads a file of settings.
    ///
    /// Refusals: `settings-not-there`, `settings-broken` (with the line and what was expected).
    pub fn read(path: &Path) -> Outcome<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!("설정 파일 {}이(가) 없습니다.", path.display());
                return Err(Refusal::new("settings-not-there", "", message).into());
            }
            Err(error) => return Err(Failure::new(error).context(format!("read {}", path.display())).into()),
        };
        Ok(Self::parse(&text, &path.display().to_string())?)
    }

    fn parse(text: &str, name: &str) -> Result<Self, Refusal> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
            let message = format!(
                "{name} {line}번째 줄을 고쳐 주세요: {}. 쓸 수 있는 이름은 data, keys, database, public, office, log입니다.",
                error.message()
            );
            Refusal::new("settings-broken", "", message)
        })
    }

    /// These, and what another has where these are silent.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            keys: self.keys.or(other.keys),
            database: self.database.or(other.database),
            public: self.public.or(other.public),
            office: self.office.or(other.office),
            log: self.log.or(other.log),
        }
    }

    /// Settings to serve with, or everything that cannot be right.
    pub fn settled(self) -> Result<Settings, Vec<Refusal>> {
        let mut wrong = Vec::new();
        let (public, office) = (self.public.unwrap_or(PUBLIC), self.office.unwrap_or(OFFICE));
        if public == office {
            let message = format!("public과 office가 같은 주소({public})입니다. 두 통로는 서로 다른 주소여야 합니다.");
            wrong.push(Refusal::new("one-address-twice", "", message).at("office"));
        }
        let Some(data) = self.data else {
            wrong.push(Refusal::new("no-data-named", "", "자료 폴더(data)를 적어 주세요.").at("data"));
            return Err(wrong);
        };
        let folders = Folders { data, keys: self.keys, database: self.database };
        if folders.keys().starts_with(&folders.data) {
            let message =
                "열쇠 폴더(keys)가 자료 폴더(data) 안에 있습니다. 자료의 백업에 열쇠가 들어가지 않도록 밖에 두세요.";
            wrong.push(Refusal::new("keys-inside-data", "", message).at("keys"));
        }
        if wrong.is_empty() {
            Ok(Settings { folders, public, office, log: self.log.unwrap_or_default() })
        } else {
            Err(wrong)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_beat_the_file_and_the_file_beats_what_is_usual() {
        let file = "data = \"/자료\"\npublic = \"127.0.0.1:9000\"\nlog = \"json\"\n";
        let file = Wanted::parse(file, "iljari.toml").expect("read");
        let flags = Wanted { public: Some("127.0.0.1:9100".parse().expect("an address")), ..Wanted::default() };
        let settings = flags.or(file).settled().expect("settled");
        assert_eq!((settings.public.port(), settings.office, settings.log), (9100, OFFICE, LogForm::Json));
        assert_eq!(settings.folders.keys(), Path::new("/자료.keys"));
    }

    #[test]
    fn what_cannot_be_right_is_named_with_its_line() {
        for (text, said) in [
            ("data = \"/d\"\n\ndatta = 1\n", "3번째 줄"),
            ("data = 7\n", "1번째 줄"),
            ("public = \"here\"\n", "1번째 줄"),
            ("log = \"loud\"\n", "1번째 줄"),
            ("data = \"/d\"\ndata = \"/e\"\n", "2번째 줄"),
            ("[data]\n", "1번째 줄"),
        ] {
            let refusal = Wanted::parse(text, "iljari.toml").expect_err(text);
            assert!(refusal.message.contains(said), "{text}: {}", refusal.message);
        }
    }

    #[test]
    fn folders_and_addresses_that_contradict_are_all_told() {
        let codes = |text: &str| {
            let wrong = Wanted::parse(text, "iljari.toml").expect("read").settled().expect_err("refused");
            wrong.iter().map(|refusal| refusal.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("office = \"127.0.0.1:8080\"\n"), ["one-address-twice", "no-data-named"]);
        assert_eq!(codes("data = \"/d\"\nkeys = \"/d/keys\"\n"), ["keys-inside-data"]);
    }
}
