//! `iljari rules check|test|explain|screen|preview|preview-call|hash`: rule files by hand, before an office relies on them.
//!
//! Owns: the arguments and what is printed. Does not own: any judgement (`rules`).

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use iljari_authored::Lang;
use iljari_base::{Actor, Date, DistrictCode, Failure, Outcome, Refusal};
use iljari_people::Cx;
use iljari_programs::left;
use iljari_rules::preview::{self, OpenRow};
use iljari_rules::{
    Code, Evidence, Known, Person, Proof, RuleSet, check, eval, explain, explain_evidence, publishable, screen,
};

use super::{district, read_tree};
use crate::data_folder::{self, Folders};

/// 자격 규칙을 살피고, 시험하고, 설명하고, 여러 사람에게 한꺼번에 대 봅니다.
#[derive(Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 규칙 파일의 잘못을 한꺼번에 알려 줍니다.
    Check {
        /// 파일이나 폴더
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// JSON으로 냅니다
        #[arg(long)]
        json: bool,
    },
    /// 규칙 파일에 적힌 시험을 한 줄씩 보여 줍니다.
    Test {
        /// 파일이나 폴더
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// 한 사람의 판정과 사유를 보여 줍니다. 적지 않은 사실은 모르는 것으로 봅니다.
    Explain {
        /// 규칙 파일
        path: PathBuf,
        /// 기준일
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Date,
        /// 아는 사실. 여러 번 적을 수 있습니다
        #[arg(long = "fact", value_name = "이름=값")]
        facts: Vec<String>,
        /// 그 사실을 보여 주는 서류의 날짜나 조회일. 여러 번 적을 수 있습니다
        #[arg(long = "dated", value_name = "이름=YYYY-MM-DD")]
        dated: Vec<String>,
    },
    /// 표(CSV, UTF-8)의 모든 줄을 판정해 표로 냅니다.
    Screen {
        /// 규칙 파일
        path: PathBuf,
        /// 기준일
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Date,
        /// 첫 줄에 사실의 이름이 있는 표
        #[arg(long, value_name = "FILE")]
        csv: PathBuf,
    },
    /// 규칙을 바꾸면 누구의 결과가 어떻게 바뀌는지 미리 보여 줍니다.
    Preview {
        /// 지금 규칙 파일
        old: PathBuf,
        /// 바꾼 규칙 파일. 시험이 아직 맞지 않아도 됩니다
        new: PathBuf,
        /// 기준일
        #[arg(long, value_name = "YYYY-MM-DD")]
        as_of: Date,
        /// 첫 줄에 사실의 이름이 있는 표. 없으면 지어낸 사람들에게 대 봅니다
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
        /// 지어낸 사람들의 씨앗. 같은 씨앗은 같은 사람들입니다
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// 지어낼 사람 수
        #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        people: u32,
    },
    /// 결과를 발표한 모집을 바꾼 규칙에 다시 대 봅니다. 남아 있는 판정과 배점 구간만 쓰며 아무것도 바꾸지 않습니다.
    PreviewCall {
        /// 바꾼 규칙 파일. 시험이 아직 맞지 않아도 됩니다
        new: PathBuf,
        #[command(flatten)]
        folders: Folders,
        /// 자치구 코드, 예: 11215
        #[arg(long, value_parser = district)]
        district: DistrictCode,
        /// 모집공고의 번호
        #[arg(long, value_name = "NO")]
        call: i64,
    },
    /// 공고에 고정할 해시를 냅니다. 공고할 수 없는 규칙은 까닭을 알려 줍니다.
    Hash {
        /// 규칙 파일
        path: PathBuf,
    },
}

/// Runs the command. Ends with 1 when something is wrong with the rules or a case.
pub fn run(args: RulesArgs) -> Outcome<ExitCode> {
    match args.command {
        Command::Check { paths, json } => check_files(&paths, json),
        Command::Test { paths } => test(&paths),
        Command::Explain { path, as_of, facts, dated } => explain_one(&path, as_of, &facts, &dated),
        Command::Screen { path, as_of, csv } => screen_table(&path, as_of, &csv),
        Command::Preview { old, new, as_of, csv, seed, people } => {
            preview_change(&old, &new, as_of, csv.as_ref(), (seed, people))
        }
        Command::PreviewCall { new, folders, district, call } => {
            super::on_runtime(preview_call(&new, folders, district, call))
        }
        Command::Hash { path } => hash(&path),
    }
}

fn read(paths: &[PathBuf]) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for path in paths {
        for (name, bytes) in read_tree(path)? {
            let shown =
                if path.is_file() { path.display().to_string() } else { path.join(&name).display().to_string() };
            if path.is_file() || name.ends_with(".yaml") {
                files.push((shown, bytes));
            }
        }
    }
    if files.is_empty() {
        return Err(Refusal::new("no-rule-files", "", "규칙 파일(.yaml)이 없습니다. 경로를 봐 주세요.").into());
    }
    Ok(files)
}

fn end(sound: bool) -> ExitCode {
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check_files(paths: &[PathBuf], json: bool) -> Outcome<ExitCode> {
    let (_, report) = check(&read(paths)?);
    if json {
        print!("{}", iljari_authored::render_json(&report, "iljari-rules-check/1"));
    } else {
        print!(
            "{}",
            iljari_authored::render_text(&report, Lang::Ko, std::io::IsTerminal::is_terminal(&std::io::stdout()))
        );
    }
    Ok(end(!report.has_errors()))
}

/// The one sound set of a file, or its problems on standard error.
fn one(path: &PathBuf) -> Outcome<Option<RuleSet>> {
    let (mut sets, report) = check(&read(std::slice::from_ref(path))?);
    if report.has_errors() || sets.len() != 1 {
        eprint!("{}", iljari_authored::render_text(&report, Lang::Ko, false));
        return Ok(None);
    }
    Ok(sets.pop())
}

fn test(paths: &[PathBuf]) -> Outcome<ExitCode> {
    let (sets, report) = check(&read(paths)?);
    let failed: Vec<_> =
        report.problems.iter().filter(|problem| problem.code == iljari_rules::Code::CaseFails).collect();
    for rules in &sets {
        println!("{} · {}", rules.name, rules.edition);
        for case in &rules.cases {
            let person = Person { facts: case.facts.clone(), as_of: case.as_of };
            let (outcome, _) = eval::outcome(rules, &person);
            let wrong = failed.iter().any(|problem| problem.place == case.place);
            let mark = if wrong { "다름" } else { "맞음" };
            println!("  {mark}  {}: {}", case.name, outcome.korean());
        }
    }
    let cases: usize = sets.iter().map(|rules| rules.cases.len()).sum();
    println!("시험 {cases}개 가운데 다른 것 {}개.", failed.len());
    // A file that cannot be read has cases nobody has seen.
    Ok(end(!report.has_errors()))
}

fn explain_one(path: &PathBuf, as_of: Date, facts: &[String], dated: &[String]) -> Outcome<ExitCode> {
    let Some(rules) = one(path)? else { return Ok(ExitCode::FAILURE) };
    let mut person = Person { facts: vec![None; rules.facts.len()], as_of };
    let mut faults = Vec::new();
    for text in facts {
        let Some((name, value)) = text.split_once('=') else {
            faults.push(Refusal::new("fact-form", "", format!("'{text}': '이름=값'으로 적어 주세요.")));
            continue;
        };
        let Some(place) = rules.fact(name.trim()) else {
            let known: Vec<&str> = rules.facts.iter().map(|fact| fact.name.as_str()).collect();
            let message = format!("'{}' 사실이 이 규칙에 없습니다. 있는 사실: {}.", name.trim(), known.join(", "));
            faults.push(Refusal::new("unknown-fact", "", message));
            continue;
        };
        match rules.facts[place].kind.read(value) {
            Ok(value) => person.facts[place] = Some(value),
            Err(expected) => faults.push(Refusal::new("bad-value", "", format!("'{}': {expected}.", name.trim()))),
        }
    }
    let mut evidence = Evidence {
        facts: person.facts.into_iter().map(|value| value.map(|value| Known { value, proof: None })).collect(),
        as_of,
    };
    for text in dated {
        let read =
            text.split_once('=').and_then(|(name, day)| Some((rules.fact(name.trim())?, day.trim().parse().ok()?)));
        let known =
            read.and_then(|(place, day): (usize, Date)| Some((place, day, evidence.facts.get_mut(place)?.as_mut()?)));
        match known {
            Some((place, day, known)) => {
                let document = rules.facts.get(place).map(|fact| fact.document.clone()).unwrap_or_default();
                known.proof = Some(Proof { document, dated: day });
            }
            None => {
                let message = format!("'{text}': --fact로 적은 사실의 이름과 날짜를 '이름=2026-01-09'로 적어 주세요.");
                faults.push(Refusal::new("dated-form", "", message));
            }
        }
    }
    if !faults.is_empty() {
        return Err(iljari_base::Stop::Refused(faults));
    }
    let (person, _) = evidence.person(&rules);
    if !rules.in_force_on(as_of) {
        eprintln!("이 규칙은 {}부터 쓰입니다. {as_of}에 그대로 대 봅니다.", rules.from);
    }
    print!("{}", explain_evidence(&rules, &evidence).text(&rules, &eval::points(&rules, &person)));
    if let Some(question) = iljari_rules::next_question(&[(&rules, &person)])
        && let Some(fact) = rules.facts.iter().find(|fact| fact.name == question)
    {
        println!("  다음에 물을 것: {}", fact.question);
    }
    Ok(ExitCode::SUCCESS)
}

/// Rows that are read, judged and written in one go.
const ROWS_AT_ONCE: usize = 16_384;

fn screen_table(path: &PathBuf, as_of: Date, table: &PathBuf) -> Outcome<ExitCode> {
    let Some(rules) = one(path)? else { return Ok(ExitCode::FAILURE) };
    let failed = |error: csv::Error| Failure::new(error).context(format!("read {}", table.display()));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(table).map_err(failed)?;
    let head: Vec<String> =
        reader.headers().map_err(failed)?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let columns = screen::Columns::of(&rules, &head);
    if !columns.absent.is_empty() {
        eprintln!("표에 없는 사실은 모르는 것으로 봅니다: {}.", columns.absent.join(", "));
    }
    let mut writer = csv::Writer::from_writer(std::io::stdout());
    let mut write =
        |row: &[String]| writer.write_record(row).map_err(|error| Failure::new(error).context("write the table"));
    let first = head.first().cloned().unwrap_or_default();
    write(&[
        "줄".to_owned(),
        first,
        "판정".to_owned(),
        "걸리는 조항".to_owned(),
        "아직 모름".to_owned(),
        "점수".to_owned(),
    ])?;
    let mut unreadable = 0_u64;
    let mut records = (2_u64..).zip(reader.records());
    loop {
        let (mut rows, mut people) = (Vec::new(), Vec::new());
        for (number, record) in records.by_ref().take(ROWS_AT_ONCE) {
            let row: Vec<String> = record.map_err(failed)?.iter().map(str::to_owned).collect();
            let label = row.first().cloned().unwrap_or_default();
            let read = columns.person(&rules, &row, as_of).map(|person| people.push(person));
            rows.push((number, label, read));
        }
        if rows.is_empty() {
            break;
        }
        let mut judged = screen::screen_all(&rules, as_of, &people).into_iter();
        for (number, label, read) in rows {
            unreadable += u64::from(read.is_err());
            write(&screened_row(&rules, number, label, read.map(|()| judged.next())))?;
        }
    }
    drop(writer);
    let faultless = unreadable == 0;
    if !faultless {
        eprintln!("{unreadable}줄을 읽지 못했습니다. 위의 칸을 고쳐 다시 돌려 주세요.");
    }
    Ok(end(faultless))
}

/// A set that can be read, whether or not its cases come out yet.
fn draft(path: &PathBuf) -> Outcome<Option<RuleSet>> {
    let (mut sets, report) = check(&read(std::slice::from_ref(path))?);
    let unreadable = report.problems.iter().any(|problem| {
        problem.severity == iljari_authored::Severity::Error && !matches!(problem.code, Code::NoCase | Code::CaseFails)
    });
    if unreadable || sets.len() != 1 {
        eprint!("{}", iljari_authored::render_text(&report, Lang::Ko, false));
        return Ok(None);
    }
    Ok(sets.pop())
}

fn preview_change(
    old: &PathBuf,
    new: &PathBuf,
    as_of: Date,
    table: Option<&PathBuf>,
    (seed, people): (u64, u32),
) -> Outcome<ExitCode> {
    let (Some(old), Some(new)) = (draft(old)?, draft(new)?) else { return Ok(ExitCode::FAILURE) };
    let (rows, faultless) = match table {
        Some(table) => open_rows(&old, &new, as_of, table)?,
        None => {
            println!("지어낸 사람 {people}명(씨앗 {seed})입니다. 구민 가운데 몇 명인지는 이것으로 알 수 없습니다.");
            let count = usize::try_from(people).unwrap_or(usize::MAX);
            (preview::invented(&old, &new, as_of, seed, count), true)
        }
    };
    print!("{}", preview::open(&old, &new, &rows).text());
    Ok(end(faultless))
}

/// The result that stands under other rules, pool by pool.
async fn preview_call(new: &PathBuf, folders: Folders, district: DistrictCode, no: i64) -> Outcome<ExitCode> {
    let Some(new) = draft(new)? else { return Ok(ExitCode::FAILURE) };
    let office = data_folder::open(&folders).await?;
    let cx = Cx::inside(&office, Actor::Operator, district);
    let read = office.store.read(move |tx| Box::pin(async move { left::of_round(tx, &cx, no).await })).await;
    office.store.close().await;
    let (call, old, pools) = read?;
    if old.id != new.id {
        let message =
            format!("이 공고의 규칙은 ‘{}’인데 파일은 ‘{}’입니다. 같은 사업의 규칙을 주세요.", old.id, new.id);
        return Err(Refusal::new("other-program", "", message).into());
    }
    println!("{}", call.terms.title);
    println!("공고한 규칙 ‘{}’ → 바꾼 규칙 ‘{}’, 기준일 {}", old.edition, new.edition, call.terms.as_of_on);
    println!("남은 판정과 배점 구간으로만 견줍니다. 그것으로 정해지지 않는 사람은 ‘알 수 없음’입니다.");
    println!("순위는 점수로만 매깁니다. 점수가 같으면 같은 순위입니다.");
    for (pool, rows) in pools {
        println!("[{pool}] {}명", rows.len());
        print!("{}", preview::closed(&old, &new, call.terms.as_of_on, &rows).text());
    }
    Ok(ExitCode::SUCCESS)
}

/// The rows of a table as both editions read them, and whether all could be read.
fn open_rows(old: &RuleSet, new: &RuleSet, as_of: Date, table: &PathBuf) -> Outcome<(Vec<OpenRow>, bool)> {
    let failed = |error: csv::Error| Failure::new(error).context(format!("read {}", table.display()));
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(table).map_err(failed)?;
    let head: Vec<String> =
        reader.headers().map_err(failed)?.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect();
    let (of_old, of_new) = (screen::Columns::of(old, &head), screen::Columns::of(new, &head));
    // A first column that is no fact names the row; personal values never stand in the answer.
    let is_labelled = head.first().is_some_and(|name| of_old.others.contains(name) && of_new.others.contains(name));
    let (mut rows, mut faultless) = (Vec::new(), true);
    for (number, record) in (2_u64..).zip(reader.records()) {
        let row: Vec<String> = record.map_err(failed)?.iter().map(str::to_owned).collect();
        match (of_old.person(old, &row, as_of), of_new.person(new, &row, as_of)) {
            (Ok(before), Ok(after)) => {
                let named = row.first().filter(|label| is_labelled && !label.is_empty()).cloned();
                let label = named.unwrap_or_else(|| format!("{number}번째 줄"));
                let (before, after) = (preview::on_the_day(old, before), preview::on_the_day(new, after));
                rows.push(OpenRow { label, before, after });
            }
            (before, after) => {
                faultless = false;
                // Both editions complain of the same cell; it is told once.
                let mut faults: Vec<_> = before.err().into_iter().chain(after.err()).flatten().collect();
                faults.sort();
                faults.dedup();
                for (fact, expected) in faults {
                    eprintln!("{number}번째 줄, {fact}: {expected}.");
                }
            }
        }
    }
    Ok((rows, faultless))
}

fn hash(path: &PathBuf) -> Outcome<ExitCode> {
    let (sets, report) = check(&read(std::slice::from_ref(path))?);
    if let [rules] = sets.as_slice()
        && let Ok(frozen) = publishable(rules)
    {
        println!("{}", frozen.hash());
        return Ok(ExitCode::SUCCESS);
    }
    eprint!("{}", iljari_authored::render_text(&report, Lang::Ko, false));
    Ok(ExitCode::FAILURE)
}

/// A row of the answer. What is wrong with the cells of one that cannot be read is told beside it.
fn screened_row(
    rules: &RuleSet,
    number: u64,
    label: String,
    judged: Result<Option<screen::Screened>, Vec<(String, String)>>,
) -> [String; 6] {
    let none = String::new;
    match judged {
        Ok(Some(screened)) => {
            let broken = rules.clauses.iter().enumerate().filter(|(place, _)| screened.broken >> place & 1 == 1);
            let broken: Vec<&str> = broken.map(|(_, clause)| clause.id.as_str()).collect();
            let (least, most) = screened.points;
            [
                number.to_string(),
                label,
                screened.outcome.korean().to_owned(),
                broken.join(" "),
                explain::names(rules, &screened.missing).join(" "),
                if least == most { least.to_string() } else { format!("{least}~{most}") },
            ]
        }
        Ok(None) => [number.to_string(), label, "읽지 못함".to_owned(), none(), none(), none()],
        Err(faults) => {
            for (fact, expected) in faults {
                eprintln!("{number}번째 줄, {fact}: {expected}.");
            }
            [number.to_string(), label, "읽지 못함".to_owned(), none(), none(), none()]
        }
    }
}
