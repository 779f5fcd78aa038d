//! The commands of the real program, as a person at a terminal meets them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use iljari_disclosure::log::VerifierKey;
use iljari_disclosure::log::proof::Receipt;
use iljari_store::Store;
use serde_json::Value;
use tempfile::TempDir;

use super::town::{copy_folder, district_folder, template};

/// What a command said and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub fn iljari<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Said {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_iljari"))
        .args(arguments)
        .env_remove("ILJARI_DATABASE")
        .output()
        .expect("the program starts");
    Said {
        code: status.code().expect("it ends by itself"),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// What `demo --once` prepares; every test gets a copy.
static PREPARED: OnceLock<PathBuf> = OnceLock::new();

/// A demo that was prepared and is not running.
pub struct Demo {
    folder: TempDir,
}

impl Demo {
    pub fn prepared() -> Self {
        let once = PREPARED.get_or_init(|| {
            let folder = template("prepared");
            let said = iljari(&["demo", "--once", "--data", &folder.join("data").display().to_string()]);
            assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
            folder
        });
        let demo = Self { folder: tempfile::tempdir().expect("a folder") };
        copy_folder(once, demo.folder.path());
        demo
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub fn data(&self) -> String {
        self.path("data")
    }

    /// A command on this demo's data, for Gwangjin.
    fn gwangjin(&self, command: &[&str]) -> Said {
        let data = self.data();
        iljari(&[command, &["--data", data.as_str(), "--district", "11215"]].concat())
    }

    pub fn disclose(&self, out: &str, remark: &str) -> Said {
        let (data, out) = (self.data(), self.path(out));
        let approval = ["--approval-no", "일자리정책과-1 (예시)", "--approval-on", "2026-03-02"];
        let what =
            ["disclose", "--data", &data, "--district", "11215", "--year", "2025", "--out", &out, "--remark", remark];
        iljari(&[&what[..], &approval].concat())
    }

    fn key(&self) -> String {
        self.gwangjin(&["ledger", "key"]).out.lines().next().expect("a key").to_owned()
    }
}

/// Every file below a folder with its bytes.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_path_buf();
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

#[test]
fn a_demo_once_tells_where_and_who_and_ends() {
    let demo = Demo::prepared();
    let data = demo.data();
    let again = iljari(&["demo", "--once", "--data", &data, "--port", "8099"]);
    assert_eq!(again.code, 0, "its own folder is taken up again: {}", again.err);
    for place in ["http://127.0.0.1:8099/districts/11215", "/districts/11380", "/districts/99001", "/office"] {
        assert!(again.out.contains(place), "{place} is not told:\n{}", again.out);
    }
    let people: Vec<&str> = again.out.lines().filter(|line| line.contains("비밀번호")).collect();
    assert_eq!(people.len(), 9);
    for name in ["한시범", "김보기", "이견본", "박시연", "홍예시", "최모형", "오보기", "윤견본", "문시범"]
    {
        assert!(people.iter().any(|line| line.starts_with(name)), "{name} is not told:\n{}", again.out);
        let said = iljari(&["demo", "code", name, "--data", &data]);
        let code = said.out.trim();
        assert_eq!(said.code, 0);
        assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{name}: {code:?}");
    }
    let nobody = iljari(&["demo", "code", "아무개", "--data", &data]);
    assert_eq!(nobody.code, 1);
    assert!(nobody.err.contains("아무개") && nobody.out.is_empty(), "{}", nobody.err);
}

#[test]
fn a_demo_does_not_touch_a_folder_that_it_did_not_make() {
    let folder = tempfile::tempdir().expect("a folder");
    // Somebody's files.
    let theirs = folder.path().join("theirs");
    std::fs::create_dir(&theirs).expect("a folder");
    std::fs::write(theirs.join("장부.xlsx"), "소중한 것").expect("a file");
    // An office's database.
    let office = folder.path().join("office");
    let adopted = iljari(&[
        "plan",
        "adopt",
        "--data",
        &office.display().to_string(),
        &district_folder("naru").display().to_string(),
    ]);
    assert_eq!(adopted.code, 0, "{}", adopted.err);
    for place in [theirs, office] {
        let before = files(&place);
        let said = iljari(&["demo", "--once", "--data", &place.display().to_string()]);
        assert_eq!(said.code, 1, "{}", said.out);
        assert!(said.err.contains("시연이 만든 폴더가 아닙니다"), "{}", said.err);
        // SQLite may tidy its own side files; nothing else moves.
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| {
            files.keys().filter(|name| !name.display().to_string().contains("iljari.db-")).cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&files(&place)), names(&before));
        assert!(!place.join("demo-password").exists());
    }
}

/// A demo's passwords and codes are known (S-09). The addresses belong to documents, so nothing can listen there.
#[test]
fn a_demo_is_served_to_nobody_outside_this_machine() {
    let demo = Demo::prepared();
    for (public, office) in
        [("192.0.2.1:1", "127.0.0.1:1"), ("127.0.0.1:1", "[2001:db8::1]:1"), ("0.0.0.0:1", "0.0.0.0:2")]
    {
        let said = iljari(&["serve", "--data", &demo.path("data"), "--public", public, "--office", office]);
        assert_eq!(said.code, 1, "{}", said.out);
        assert!(said.err.contains("이 컴퓨터 안에서만"), "{}", said.err);
    }
}

#[test]
fn commands_on_a_folder_without_an_office_make_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("nowhere").display().to_string();
    for command in [vec!["ledger", "show", "--district", "11215"], vec!["rebuild"], vec!["demo", "code", "한시범"]] {
        let said = iljari(&[&command[..], &["--data", &data]].concat());
        assert_eq!(said.code, 1, "{command:?}: {}", said.out);
        assert!(said.err.contains("자료가 없습니다"), "{command:?}: {}", said.err);
    }
    assert!(!Path::new(&data).exists());
}

#[test]
fn both_real_plans_pass_the_check_with_their_warnings() {
    let (gwangjin, eunpyeong) = (district_folder("gwangjin"), district_folder("eunpyeong"));
    let both = [Path::new("plan"), Path::new("check"), &gwangjin, &eunpyeong];
    let said = iljari(&both);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let ends: Vec<&str> = said.out.lines().filter(|line| line.contains("검사했습니다")).collect();
    assert_eq!(ends.len(), 2, "{}", said.out);
    for end in ends {
        assert!(end.contains("오류 0개") && !end.contains("경고 0개"), "{end}");
    }
    assert!(said.out.contains("year-2025.yaml:21:"), "a problem names file, line and column");

    let english = iljari(&[&both[..], &[Path::new("--lang"), Path::new("en")]].concat());
    assert_eq!(english.code, 0);
    assert_eq!(english.out.matches(" files checked: 0 errors").count(), 2, "{}", english.out);

    let json = iljari(&["plan", "check", &gwangjin.display().to_string(), "--format", "json"]);
    let told: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!((json.code, told["errors"].as_i64()), (0, Some(0)));
    let problems = told["problems"].as_array().expect("a list");
    assert!(!problems.is_empty());
    for problem in problems {
        for key in ["code", "severity", "file"] {
            assert!(problem[key].is_string(), "{key} in {problem}");
        }
        assert!(
            problem["line"].is_u64() && problem["message"]["ko"].is_string() && problem["message"]["en"].is_string()
        );
    }
}

#[test]
fn a_faulty_plan_ends_in_1_and_names_the_fault_and_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["district.yaml", "cycle.yaml"] {
        std::fs::copy(district_folder("faulty").join(name), folder.path().join(name)).expect("copied");
    }
    let path = folder.path().display().to_string();
    let said = iljari(&["plan", "check", &path]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.out.contains("오류[cycle]") && said.out.contains("cycle.yaml:14:"), "{}", said.out);
    let json = iljari(&["plan", "check", &path, "--format", "json"]);
    assert_eq!(json.code, 1);
    let told: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(told["errors"].as_i64(), Some(1));
    let adopted = iljari(&["plan", "adopt", "--data", &folder.path().join("data").display().to_string(), &path]);
    assert_eq!(adopted.code, 1, "a faulty plan is not adopted");
    assert!(adopted.err.contains("오류가 있어 채택하지 않았습니다"), "{}", adopted.err);
    let nothing = tempfile::tempdir().expect("a folder");
    assert_eq!(iljari(&["plan", "check", &nothing.path().display().to_string()]).code, 1);
    assert_eq!(iljari(&["plan", "check", "/no/such/folder"]).code, 1);
}

#[test]
fn other_rules_are_tried_on_a_call_that_is_over() {
    let demo = Demo::prepared();
    let rules =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/naru/public-works-2027.yaml"));
    let rules = rules.expect("the invented rules");
    let written = |name: &str, text: &str| {
        let path = demo.path(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let tried = |path: &str, call: &str| {
        iljari(&["rules", "preview-call", path, "--data", &demo.data(), "--district", "99001", "--call", call])
    };
    // The large call of the demo under its own rules: nobody flips and nobody moves.
    let said = tried(&written("same.yaml", &rules), "2");
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let people = |said: &Said, what: &str| -> usize {
        let line = |line: &str| line.strip_prefix(what)?.strip_suffix("명")?.parse::<usize>().ok();
        said.out.lines().filter_map(line).sum()
    };
    let all = people(&said, "[일반] ") + people(&said, "[청년] ");
    assert!(all > 332, "{}", said.out);
    let still = people(&said, "가능 → 가능: ");
    assert!(still > 332 && !said.out.contains("가능 → 불가"), "{}", said.out);
    assert!(!said.out.contains("(조항 ") && !said.out.contains("순위 없음"), "{}", said.out);
    assert!(said.out.contains("순위는 견주지 않았습니다"), "somebody's papers were never seen:\n{}", said.out);
    assert!(said.out.contains("알 수 없음"), "what the verdicts do not keep is said to be unknown:\n{}", said.out);
    // A tighter limit of assets, on the edge of a bracket; its cases do not come out any more.
    let limit = rules.replace("출처: 지어냄, 값: 4억9900만원}", "출처: 지어냄, 값: 3억원}");
    assert_ne!(limit, rules);
    let said = tried(&written("tighter.yaml", &limit), "2");
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    let lost = people(&said, "가능 → 불가: ");
    assert!(lost > 0 && people(&said, "가능 → 가능: ") + lost == still, "{}", said.out);
    let flips: Vec<&str> = said.out.lines().filter(|line| line.contains("가능 → 불가 (조항")).collect();
    assert_eq!(flips.len(), lost);
    assert!(flips.iter().all(|line| line.trim().starts_with("26-002-") && line.ends_with("(조항 재산)")), "{flips:?}");
    // What cannot be tried ends in 1 and says why; rules that cannot be read, where.
    for (path, call, why) in [
        (written("same.yaml", &rules), "99", "모집공고를 찾지 못했습니다"),
        (written("same.yaml", &rules), "3", "아직 선발을 확정하지 않았습니다"),
        (
            written("other.yaml", &rules.replace("번호: 나루공공근로", "번호: 다른사업")),
            "2",
            "같은 사업의 규칙을 주세요",
        ),
        (written("broken.yaml", &rules.replace("이름: 나루 공공근로", "이름은: 나루")), "2", "broken.yaml:3:"),
    ] {
        let said = tried(&path, call);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{path} {call}");
        assert!(said.err.contains(why), "{why}: {}", said.err);
    }
}

#[test]
fn a_plan_is_shown_and_two_are_compared() {
    let old = district_folder("eunpyeong");
    let shown = iljari(&["plan", "show", &old.display().to_string()]);
    assert_eq!(shown.code, 0);
    for said in ["은평구 (11380)", "51,200", "13,931", "자료 없음"] {
        assert!(shown.out.contains(said), "{said} is not shown:\n{}", shown.out);
    }
    let new = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files(&old) {
        std::fs::write(new.path().join(name), bytes).expect("copied");
    }
    let same = iljari(&["plan", "diff", &old.display().to_string(), &new.path().display().to_string()]);
    assert_eq!(same.code, 0);
    assert!(!same.out.contains("13,931"), "{}", same.out);
    let plan = new.path().join("year-2025.yaml");
    let text = std::fs::read_to_string(&plan).expect("a plan");
    assert!(text.contains("{값: 13931,"));
    std::fs::write(&plan, text.replace("{값: 13931,", "{값: 13941,")).expect("written");
    let changed = iljari(&["plan", "diff", &old.display().to_string(), &new.path().display().to_string()]);
    assert_eq!(changed.code, 0);
    assert!(changed.out.contains("13,931개에서 13,941개로 10개 늘었습니다"), "{}", changed.out);
    let english =
        iljari(&["plan", "diff", &old.display().to_string(), &new.path().display().to_string(), "--lang", "en"]);
    assert!(english.out.contains("13,941") && !english.out.contains("늘었습니다"), "{}", english.out);
}

#[test]
fn the_ledger_is_shown_sealed_and_proven() {
    let demo = Demo::prepared();
    let shown = demo.gwangjin(&["ledger", "show"]);
    assert_eq!(shown.code, 0);
    let line = shown.out.lines().find(|line| line.contains("\"n\":2624")).expect("어르신 일자리 2,624");
    assert!(line.starts_with('#'), "sealed entries carry their place: {line}");
    let (_, leaf) = line.split_once('\t').expect("a leaf");
    let id = serde_json::from_str::<Value>(leaf).expect("JSON")["id"].as_str().expect("an id").to_owned();

    let sealed = demo.gwangjin(&["ledger", "seal"]);
    assert_eq!((sealed.code, sealed.out.trim()), (0, "봉인할 것이 없습니다."));
    let proof = demo.gwangjin(&["ledger", "prove", "--leaf", &id]);
    assert_eq!(proof.code, 0, "{}", proof.err);
    let key: VerifierKey = demo.key().parse().expect("a key");
    let receipt = Receipt::parse(&proof.out).expect("a receipt");
    receipt.verify(leaf.as_bytes(), &key).expect("the entry is in the log");
    assert!(receipt.verify(leaf.replace("2624", "2625").as_bytes(), &key).is_err(), "and no other one");
    let file = demo.path("receipt.tlog-proof");
    std::fs::write(&file, &proof.out).expect("written");
    let proven = iljari(&["verify", "--receipt", &file, "--key", &demo.key()]);
    assert_eq!(proven.code, 0, "{}{}", proven.out, proven.err);
    assert!(proven.out.contains("이 장부에 들어 있습니다. 내용이 사실임을 증명하지는 않습니다."), "{}", proven.out);
    assert!(proven.out.contains(leaf), "{}", proven.out);
    let by_fingerprint = iljari(&["verify", "--receipt", &file, "--key", &key.fingerprint()]);
    assert_eq!(by_fingerprint.code, 1, "a receipt carries no key to compare with a fingerprint");
    assert!(by_fingerprint.err.contains("지문만으로는 확인할 수 없습니다"), "{}", by_fingerprint.err);
    std::fs::write(&file, proof.out.replacen("\nindex ", "\nindex 1", 1)).expect("written");
    let moved = iljari(&["verify", "--receipt", &file, "--key", &demo.key(), "--json"]);
    assert_eq!(moved.code, 1, "{}", moved.out);
    assert_eq!(iljari(&["verify"]).code, 2, "neither a bundle nor a receipt");
    let unknown = demo.gwangjin(&["ledger", "prove", "--leaf", "00000000000000000000000000000000"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (1, ""));

    let key_said = demo.gwangjin(&["ledger", "key"]);
    assert!(key_said.out.contains(&format!("지문 {}", key.fingerprint())), "{}", key_said.out);
    let audit = demo.gwangjin(&["ledger", "audit"]);
    assert_eq!(audit.code, 0, "{}", audit.out);
}

#[test]
fn the_signing_key_is_replaced_and_the_log_goes_on() {
    let demo = Demo::prepared();
    let old = demo.key();
    let turned = demo.gwangjin(&["ledger", "rotate"]);
    assert_eq!(turned.code, 0, "{}", turned.err);
    let new = demo.key();
    assert!(new != old && turned.out.contains(&new), "{}", turned.out);
    let shown = demo.gwangjin(&["ledger", "show"]);
    assert!(shown.out.contains("\"k\":\"key\"") && shown.out.contains(&new), "the log names it");
    assert_eq!(demo.gwangjin(&["ledger", "audit"]).code, 0);
    assert_eq!(demo.gwangjin(&["ledger", "seal"]).code, 0);
}

#[tokio::test]
async fn an_audit_names_a_total_that_was_changed_behind_the_ledgers_back() {
    let demo = Demo::prepared();
    let store =
        Store::open(&format!("sqlite:{}", demo.folder.path().join("data/iljari.db").display())).await.expect("open");
    let changed = store
        .write(|tx| {
            Box::pin(async move {
                let set = "UPDATE total SET press = press + 1 WHERE district = $1 AND node = $2";
                Ok(tx.execute(set, iljari_store::args!["11215", "어르신일자리"]).await?)
            })
        })
        .await
        .expect("changed");
    assert_eq!(changed, 1);
    store.close().await;
    let audit = demo.gwangjin(&["ledger", "audit"]);
    assert_eq!(audit.code, 1);
    assert!(
        audit.out.contains("어르신일자리") && audit.out.contains("2625") && audit.out.contains("2624"),
        "{}",
        audit.out
    );
    assert_eq!(iljari(&["rebuild", "--data", &demo.data()]).code, 0);
    assert_eq!(demo.gwangjin(&["ledger", "audit"]).code, 0, "rebuilding mends it");
}

#[test]
fn published_files_rebuild_to_the_same_bytes() {
    let demo = Demo::prepared();
    assert_eq!(demo.disclose("bundle", "").code, 0);
    let published = demo.folder.path().join("data/published");
    let before = files(&published);
    let names: Vec<String> = before.keys().map(|name| name.display().to_string()).collect();
    assert!(
        names.iter().any(|name| name.contains("99001/disclosures")) && names.iter().any(|name| name.ends_with(".zip"))
    );
    let said = iljari(&["rebuild", "--data", &demo.data()]);
    assert_eq!(said.code, 0, "{}", said.err);
    let after = files(&published);
    assert_eq!(names, after.keys().map(|name| name.display().to_string()).collect::<Vec<_>>());
    for (name, bytes) in &before {
        assert!(after[name] == *bytes, "{} has other bytes", name.display());
    }
}

#[test]
fn a_bundle_is_disclosed_once_and_verified_by_anybody() {
    let demo = Demo::prepared();
    let first = demo.disclose("bundle", "");
    assert_eq!(first.code, 0, "{}", first.err);
    let over = demo.disclose("bundle", "고쳐서 다시 냅니다");
    assert_eq!(over.code, 1);
    assert!(over.err.contains("이미 있습니다"), "{}", over.err);
    let again = demo.disclose("other", "고쳐서 다시 냅니다");
    assert_eq!(again.code, 1, "nothing changed, so there is nothing to put right");
    assert!(!Path::new(&demo.path("other")).exists());

    let key = demo.key();
    for bundle in ["bundle", "bundle.zip"] {
        let bundle = demo.path(bundle);
        let named = iljari(&["verify", &bundle, "--key", &key]);
        assert_eq!(named.code, 0, "{}", named.out);
        assert!(named.out.contains("숫자가 모두 맞습니다."));
        let unnamed = iljari(&["verify", &bundle]);
        assert_eq!(unnamed.code, 3, "{}", unnamed.out);
        let wrong_key = iljari(&["verify", &bundle, "--key", "0000 0000 0000 0000 0000 0000 0000 0000"]);
        assert_eq!(wrong_key.code, 1, "{}", wrong_key.out);
    }
    let since = iljari(&["verify", &demo.path("bundle"), "--key", &key, "--since", &demo.path("bundle.zip"), "--json"]);
    assert_eq!(since.code, 0, "{}", since.out);
    let told: Value = serde_json::from_str(&since.out).expect("JSON");
    assert_eq!(told["exit"].as_i64(), Some(0));

    // One digit of one table: the number is named.
    let table = demo.folder.path().join("bundle/documents/totals.csv");
    let text = std::fs::read_to_string(&table).expect("a table");
    assert!(text.contains(",2624,"));
    std::fs::write(&table, text.replacen(",2624,", ",2625,", 1)).expect("written");
    let faulty = iljari(&["verify", &demo.path("bundle"), "--key", &key]);
    assert_eq!(faulty.code, 1);
    assert!(faulty.out.contains("2,625") || faulty.out.contains("2625"), "{}", faulty.out);
    assert!(faulty.out.contains("어르신"), "{}", faulty.out);

    assert_eq!(iljari(&["verify", &demo.path("nowhere")]).code, 1);
    assert_eq!(iljari(&["verify", &demo.path("data/iljari.db")]).code, 1, "not a bundle");
}

#[test]
fn a_round_goes_out_and_comes_back_by_the_command_line_and_nothing_is_confirmed_by_it() {
    let demo = Demo::prepared();
    let data = demo.data();
    let actuals = |what: &str, more: &[&str]| {
        iljari(&[&["actuals", what, "--data", &data, "--district", "99001", "--round", "1"], more].concat())
    };
    // The same workbooks twice, byte for byte.
    let (one, other) = (demo.path("workbooks"), demo.path("workbooks-again"));
    for out in [&one, &other] {
        let said = actuals("template", &["--out", out]);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    }
    let workbooks = files(Path::new(&one));
    assert_eq!(workbooks, files(Path::new(&other)));
    let names: Vec<String> = workbooks.keys().map(|name| name.display().to_string()).collect();
    assert!(names.contains(&"취합-1회차-건축과.xlsx".to_owned()), "{names:?}");
    assert!(names.contains(&"취합-1회차-모든 부서.zip".to_owned()), "{names:?}");

    let sheet = |name: &str, figure: &str| {
        let path = demo.path(name);
        let text = format!("\u{feff}사업 코드,사업명,당기\r\n5-1-1,우리동네 공사장 주민 고용,{figure}\r\n");
        std::fs::write(&path, text).expect("written");
        path
    };
    let faulty = actuals("import", &[&sheet("faulty.csv", "2O4")]);
    assert_eq!(faulty.code, 2, "{}{}", faulty.out, faulty.err);
    assert!(faulty.out.contains("고칠 칸 C2 ‘2O4’") && faulty.out.contains("204가 맞으면"), "{}", faulty.out);

    let counted = || iljari(&["ledger", "show", "--data", &data, "--district", "99001"]).out;
    let before = counted();
    let sound = sheet("sound.csv", "17");
    let said = actuals("import", &[&sound]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    assert!(said.out.contains("5-1-1 우리동네 공사장 주민 고용: ") && said.out.contains("(+17)"), "{}", said.out);
    assert!(said.out.contains("숫자 1개가 다른 담당자의 확인을 기다립니다"), "{}", said.out);
    assert_eq!(counted(), before, "a command stages and never confirms");
    let again = actuals("import", &[&sound]);
    assert_eq!(again.code, 0);
    assert!(again.out.contains("이미 처리한 파일입니다"), "{}", again.out);

    let nowhere = actuals("import", &[&demo.path("no-such-file.xlsx")]);
    assert_eq!(nowhere.code, 2);
    let drm = demo.path("drm.xlsx");
    std::fs::write(&drm, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].repeat(64)).expect("written");
    let wrapped = actuals("import", &[&drm]);
    assert_eq!(wrapped.code, 2);
    assert_eq!(wrapped.err.trim(), "문서보안(DRM) 또는 암호가 걸린 파일로 보입니다. 해제한 뒤 다시 올려 주세요");
    let resident = actuals("import", &[&sheet("resident.csv", "900101-1234567")]);
    assert_eq!(resident.code, 2);
    assert!(resident.err.contains("주민등록번호"), "{}", resident.err);
    let no_round = iljari(&["actuals", "template", "--data", &data, "--district", "99001", "--round", "77"]);
    assert_eq!(no_round.code, 2);
    assert!(no_round.err.contains("77회차가 없습니다"), "{}", no_round.err);
}
