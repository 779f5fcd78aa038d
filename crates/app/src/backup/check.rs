//! What a restored backup shows (되살린 자료 점검): a line for each question, with what was found.
//!
//! Owns: the questions and their order. Does not own: the answers; each slice gives its own.

use std::path::Path;

use iljari_base::quantity::grouped;
use iljari_base::{DistrictCode, Failure, Outcome, Stop};
use iljari_ledger::keys::KeyFolder;
use iljari_people::residents::{Safe, readable};
use iljari_web::Office;

use super::make::listed;
use super::manifest::{District, Manifest};

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether it is as it should be.
    pub good: bool,
    /// What was found, in Korean.
    pub text: String,
}

/// Everything that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// The answers, in order.
    pub lines: Vec<Line>,
}

fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX))
}

impl Check {
    /// Whether every answer is good.
    pub fn good(&self) -> bool {
        self.lines.iter().all(|line| line.good)
    }

    fn say(&mut self, good: bool, text: impl Into<String>) {
        self.lines.push(Line { good, text: text.into() });
    }

    /// The files of a backup are those of its list.
    pub(super) fn files(&mut self, folder: &Path, manifest: &Manifest) -> Outcome<()> {
        let mut faults = Vec::new();
        for file in &manifest.files {
            if !inside(&file.path) {
                faults.push(format!("{}: 백업 밖을 가리킵니다", file.path));
            } else if !folder.join(&file.path).is_file() {
                faults.push(format!("{}: 없습니다", file.path));
            } else if listed(folder, file.path.clone())? != *file {
                faults.push(format!("{}: 목록과 다릅니다", file.path));
            }
        }
        match faults.is_empty() {
            true => self.say(true, format!("파일 {}개가 백업 목록과 같습니다.", manifest.files.len())),
            false => self.say(false, format!("목록과 다른 파일이 있습니다. {}", faults.join(", "))),
        }
        Ok(())
    }

    /// The database is sound and holds as many rows as when it was copied.
    pub(super) async fn database(&mut self, office: &Office, manifest: &Manifest) -> Outcome<()> {
        let health = office.store.health().await?;
        match (health.damage.first(), health.broken_references) {
            (None, 0) => self.say(true, "데이터베이스에 깨진 곳이 없고, 없는 줄을 가리키는 줄도 없습니다."),
            (Some(damage), _) => self.say(false, format!("데이터베이스가 깨졌습니다: {damage}")),
            (None, broken) => self.say(false, format!("없는 줄을 가리키는 줄이 {broken}개 있습니다.")),
        }
        let differing: Vec<&str> = manifest
            .rows
            .iter()
            .filter(|(table, rows)| health.rows.get(*table) != Some(rows))
            .map(|(table, _)| table.as_str())
            .collect();
        let sum: u64 = manifest.rows.values().sum();
        match differing.is_empty() {
            true => {
                self.say(true, format!("표 {}개의 줄 {}개가 백업할 때와 같습니다.", manifest.rows.len(), count(sum)));
            }
            false => self.say(false, format!("줄 수가 백업할 때와 다른 표: {}", differing.join(", "))),
        }
        Ok(())
    }

    /// Each district's log has the root that was sealed, under the key at hand, and totals are its fold.
    pub(super) async fn logs(&mut self, office: &Office, manifest: &Manifest) -> Outcome<()> {
        for district in &manifest.districts {
            let code: DistrictCode =
                district.code.parse().map_err(|fault| Failure::new(fault).context("read a district's code"))?;
            self.log(office, district, &code).await?;
        }
        Ok(())
    }

    async fn log(&mut self, office: &Office, district: &District, code: &DistrictCode) -> Outcome<()> {
        let (name, at) = (&district.name, code.clone());
        let asked = office
            .store
            .read(move |tx| {
                Box::pin(async move {
                    let standing = iljari_ledger::seal::standing(tx, &at).await?;
                    Ok((standing, iljari_ledger::totals::audit(tx, &at).await?.len()))
                })
            })
            .await;
        let (standing, differences) = match asked {
            Ok(found) => found,
            Err(Stop::Inconsistent(what)) => {
                self.say(false, format!("{name}: 기록이 봉인한 그대로가 아닙니다({what})."));
                return Ok(());
            }
            Err(stop) => return Err(stop),
        };
        let root = standing.last.as_ref().map_or("", |seal| seal.root.as_str());
        if root != district.root || standing.sealed != district.sealed {
            self.say(false, format!("{name}: 장부의 뿌리가 백업할 때와 다릅니다."));
        } else {
            let sealed = count(standing.sealed);
            self.say(true, format!("{name}: 봉인한 기록 {sealed}건의 뿌리가 백업할 때와 같습니다."));
        }
        match differences {
            0 => self.say(true, format!("{name}: 합계가 모두 기록을 더한 값과 같습니다.")),
            many => self.say(false, format!("{name}: 합계 {many}개가 기록과 다릅니다.")),
        }
        let keys = KeyFolder::new(&office.keys, office.demo);
        match keys.verifier(code)? {
            None if standing.last.is_none() => {}
            None => self.say(false, format!("{name}: 열쇠 폴더에 장부의 열쇠가 없습니다. 봉인을 이어 갈 수 없습니다.")),
            Some(key) if !standing.signed_by(&key) => {
                self.say(false, format!("{name}: 열쇠 폴더의 열쇠는 이 장부에 서명한 열쇠가 아닙니다."));
            }
            Some(_) => self.say(true, format!("{name}: 열쇠 폴더의 열쇠가 마지막 봉인에 서명한 열쇠입니다.")),
        }
        let later = keys.last_signed(code)?.map_or(0, |last| last.size.saturating_sub(standing.sealed));
        if later > 0 {
            let text = format!(
                "{name}: 백업 뒤에 기록 {}건을 더 봉인했습니다. 그 기록을 채우기(`iljari ledger recover`) 전에는 봉인하지 않습니다.",
                count(later)
            );
            self.say(true, text);
        }
        Ok(())
    }

    /// The keys at hand open what is sealed in the database.
    pub(super) async fn residents(&mut self, office: &Office) -> Outcome<()> {
        let safe = Safe::existing(&office.keys, office.clock.as_ref())?;
        let asked = office.store.read(move |tx| Box::pin(async move { readable(tx, &safe).await })).await;
        match asked {
            Ok(found) if found.living == 0 => self.say(true, "봉해 둔 주민 정보가 없습니다."),
            Ok(found) if found.opens == found.living => {
                self.say(
                    true,
                    format!("주민 정보 {}건을 봉한 열쇠가 있고, 주마다 한 건을 열어 보았습니다.", count(found.living)),
                );
            }
            Ok(found) => {
                let closed = count(found.living.saturating_sub(found.opens));
                let text = format!(
                    "주민 정보 {closed}건은 그 주의 열쇠가 없어져 열리지 않습니다. 35일이 지난 백업이라면 약속한 대로입니다."
                );
                self.say(false, text);
            }
            Err(Stop::Inconsistent(what)) => {
                self.say(false, format!("열쇠 폴더의 열쇠로 주민 정보가 열리지 않습니다({what})."));
            }
            Err(stop) => return Err(stop),
        }
        Ok(())
    }
}

/// A path that stays inside the backup.
fn inside(path: &str) -> bool {
    !path.is_empty()
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains('\\'))
}
