//! Every statement of the slice, and of no other table than its own.
//!
//! Owns: department, officer, officer_duty, deputy, handover, rights_history, people_book,
//! office_session, known_device, sign_in_lane, sign_in_attempt, access_log. Does not own: any rule.
//! What a newcomer gets wrong: numbers (`seq`) are taken with [`next_number`], which locks the
//! district's book, never with `MAX(seq) + 1`.

use iljari_base::{Actor, Date, DistrictCode, Id, Inconsistency, Outcome, Stop, Timestamp, id};
use iljari_store::{Row, Tx, args};
use iljari_web::Duty;

use crate::access::AccessLine;
use crate::model::{Deputy, Handover, HeldDuty, Login, Officer, OfficerState, SessionLine};
use crate::throttle::Lane;

/// A numbered book of a district.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Book {
    Access,
    Downloads,
    Handover,
    ResidentDecisions,
    ResidentLists,
    ResidentProtections,
    Rights,
}

impl Book {
    fn name(self) -> &'static str {
        match self {
            Book::Access => "access",
            Book::Downloads => "downloads",
            Book::Handover => "handover",
            Book::ResidentDecisions => "resident-decisions",
            Book::ResidentLists => "resident-lists",
            Book::ResidentProtections => "resident-protections",
            Book::Rights => "rights",
        }
    }
}

/// Takes the next number of a book and returns it with the hash of the line before it.
pub(crate) async fn next_number(
    tx: &mut Tx,
    district: &DistrictCode,
    book: Book,
    at: Timestamp,
) -> Outcome<(i64, String)> {
    tx.execute(
        "INSERT INTO people_book (district, book, seq, hash, created_at)
         VALUES ($1, $2, 0, '', $3)
         ON CONFLICT (district, book) DO NOTHING",
        args![district, book.name(), at],
    )
    .await?;
    let row = tx
        .fetch_one(
            "UPDATE people_book
             SET seq = seq + 1
             WHERE district = $1 AND book = $2
             RETURNING seq, hash",
            args![district, book.name()],
        )
        .await?;
    Ok((row.int("seq")?, row.text("hash")?))
}

/// Keeps the hash of the line just written.
pub(crate) async fn keep_hash(tx: &mut Tx, district: &DistrictCode, book: Book, hash: &str) -> Outcome<()> {
    tx.execute(
        "UPDATE people_book SET hash = $3 WHERE district = $1 AND book = $2",
        args![district, book.name(), hash],
    )
    .await?;
    Ok(())
}

/// The last number and hash of a book; (0, "") before its first line.
pub(crate) async fn head(tx: &mut Tx, district: &DistrictCode, book: Book) -> Outcome<(i64, String)> {
    let row = tx
        .fetch_opt("SELECT seq, hash FROM people_book WHERE district = $1 AND book = $2", args![district, book.name()])
        .await?;
    match row {
        Some(row) => Ok((row.int("seq")?, row.text("hash")?)),
        None => Ok((0, String::new())),
    }
}

// --- departments ---

pub(crate) async fn put_department(
    tx: &mut Tx,
    district: &DistrictCode,
    code: &str,
    name: &str,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO department (district, code, name, created_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (district, code) DO UPDATE SET name = excluded.name",
        args![district, code, name, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn departments(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<(String, String)>> {
    let rows =
        tx.fetch_all("SELECT code, name FROM department WHERE district = $1 ORDER BY code", args![district]).await?;
    rows.iter().map(|row| Ok((row.text("code")?, row.text("name")?))).collect()
}

pub(crate) async fn department_name(tx: &mut Tx, district: &DistrictCode, code: &str) -> Outcome<Option<String>> {
    let row =
        tx.fetch_opt("SELECT name FROM department WHERE district = $1 AND code = $2", args![district, code]).await?;
    Ok(row.map(|row| row.text("name")).transpose()?)
}

// --- officers ---

/// What signing in needs beside the officer.
pub(crate) struct Credentials {
    pub officer: Officer,
    pub password_phc: String,
    pub totp_sealed: Option<Vec<u8>>,
    pub totp_last_step: Option<i64>,
}

/// A row to be: no duties yet, invited.
pub(crate) struct NewOfficer<'a> {
    pub id: Id<id::Officer>,
    pub district: &'a DistrictCode,
    pub login: &'a Login,
    pub name: &'a str,
    pub department: &'a str,
    pub invited_until: Timestamp,
    pub password_phc: &'a str,
    pub by: Actor,
    pub at: Timestamp,
}

const OFFICER_COLUMNS: &str = "district, id, login, name, department, state, invited_until, active_since, left_on";

pub(crate) async fn insert_officer(tx: &mut Tx, new: NewOfficer<'_>) -> Result<(), iljari_store::DbError> {
    tx.execute(
        "INSERT INTO officer (district, id, login, name, department, state, invited_until, password_phc, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, 'invited', $6, $7, $8, $9)",
        args![new.district, new.id, new.login.as_str(), new.name, new.department, new.invited_until, new.password_phc, new.by, new.at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn officer(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
) -> Outcome<Option<Officer>> {
    let sql = format!("SELECT {OFFICER_COLUMNS} FROM officer WHERE district = $1 AND id = $2");
    match tx.fetch_opt(&sql, args![district, officer]).await? {
        Some(row) => {
            let duties = duties(tx, district, Some(officer)).await?;
            Ok(Some(read_officer(&row, &duties)?))
        }
        None => Ok(None),
    }
}

pub(crate) async fn officers(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Officer>> {
    let sql = format!("SELECT {OFFICER_COLUMNS} FROM officer WHERE district = $1 ORDER BY department, name, id");
    let rows = tx.fetch_all(&sql, args![district]).await?;
    let duties = duties(tx, district, None).await?;
    rows.iter().map(|row| read_officer(row, &duties)).collect()
}

pub(crate) async fn credentials(tx: &mut Tx, login: &Login) -> Outcome<Option<Credentials>> {
    let sql =
        format!("SELECT {OFFICER_COLUMNS}, password_phc, totp_sealed, totp_last_step FROM officer WHERE login = $1");
    let Some(row) = tx.fetch_opt(&sql, args![login.as_str()]).await? else {
        return Ok(None);
    };
    let district: DistrictCode = row.parse("district")?;
    let duties = duties(tx, &district, Some(row.parse("id")?)).await?;
    Ok(Some(Credentials {
        officer: read_officer(&row, &duties)?,
        password_phc: row.text("password_phc")?,
        totp_sealed: row.opt_blob("totp_sealed")?,
        totp_last_step: row.opt_int("totp_last_step")?,
    }))
}

/// The duties of one officer, or of all of a district.
async fn duties(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Option<Id<id::Officer>>,
) -> Outcome<Vec<(Id<id::Officer>, HeldDuty)>> {
    let rows = tx
        .fetch_all(
            "SELECT officer, duty, held_since, held_until
             FROM officer_duty
             WHERE district = $1 AND ($2 = '' OR officer = $2)
             ORDER BY held_since, duty",
            args![district, officer.map_or(String::new(), |officer| officer.to_string())],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let duty = HeldDuty {
                duty: row.parse("duty")?,
                since: row.parse("held_since")?,
                until: row.opt_parse("held_until")?,
            };
            Ok((row.parse("officer")?, duty))
        })
        .collect()
}

fn read_officer(row: &Row, duties: &[(Id<id::Officer>, HeldDuty)]) -> Outcome<Officer> {
    let id: Id<id::Officer> = row.parse("id")?;
    let impossible =
        |column: &str| Stop::from(Inconsistency { table: "officer", column: column.to_owned(), row: id.to_string() });
    let state = match row.text("state")?.as_str() {
        "invited" => {
            OfficerState::Invited { until: row.opt_parse("invited_until")?.ok_or_else(|| impossible("invited_until"))? }
        }
        "active" => {
            OfficerState::Active { since: row.opt_parse("active_since")?.ok_or_else(|| impossible("active_since"))? }
        }
        "left" => OfficerState::Left { on: row.opt_parse("left_on")?.ok_or_else(|| impossible("left_on"))? },
        _ => return Err(impossible("state")),
    };
    Ok(Officer {
        id,
        district: row.parse("district")?,
        login: row.text("login")?.parse().map_err(|_| impossible("login"))?,
        name: row.text("name")?,
        department: row.text("department")?,
        duties: duties.iter().filter(|(holder, _)| *holder == id).map(|(_, duty)| *duty).collect(),
        state,
    })
}

pub(crate) async fn set_password(tx: &mut Tx, officer: &Officer, phc: &str) -> Outcome<()> {
    tx.execute(
        "UPDATE officer SET password_phc = $3 WHERE district = $1 AND id = $2",
        args![&officer.district, officer.id, phc],
    )
    .await?;
    Ok(())
}

pub(crate) async fn set_department(tx: &mut Tx, officer: &Officer, department: &str) -> Outcome<()> {
    tx.execute(
        "UPDATE officer SET department = $3 WHERE district = $1 AND id = $2",
        args![&officer.district, officer.id, department],
    )
    .await?;
    Ok(())
}

/// Back to invited: a new temporary password, the old second factor gone.
pub(crate) async fn reinvite(tx: &mut Tx, officer: &Officer, phc: &str, until: Timestamp) -> Outcome<()> {
    tx.execute(
        "UPDATE officer
         SET state = 'invited', invited_until = $3, password_phc = $4, totp_sealed = NULL, totp_last_step = NULL
         WHERE district = $1 AND id = $2",
        args![&officer.district, officer.id, until, phc],
    )
    .await?;
    Ok(())
}

/// From invited to active; false when somebody else was first.
pub(crate) async fn enrol(
    tx: &mut Tx,
    officer: &Officer,
    phc: &str,
    totp_sealed: Vec<u8>,
    step: Option<i64>,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE officer
             SET state = 'active', active_since = $3, password_phc = $4, totp_sealed = $5, totp_last_step = $6
             WHERE district = $1 AND id = $2 AND state = 'invited'",
            args![&officer.district, officer.id, at, phc, totp_sealed, step],
        )
        .await?;
    Ok(changed == 1)
}

/// Uses up a one-time code; false when it was used already.
pub(crate) async fn use_step(tx: &mut Tx, officer: &Officer, step: i64) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE officer
             SET totp_last_step = $3
             WHERE district = $1 AND id = $2 AND (totp_last_step IS NULL OR totp_last_step < $3)",
            args![&officer.district, officer.id, step],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn mark_left(tx: &mut Tx, officer: &Officer, on: Date) -> Outcome<()> {
    tx.execute(
        "UPDATE officer SET state = 'left', left_on = $3 WHERE district = $1 AND id = $2",
        args![&officer.district, officer.id, on],
    )
    .await?;
    Ok(())
}

/// A duty from a day on. The same duty given back on the day it ended goes on as before.
pub(crate) async fn grant(
    tx: &mut Tx,
    officer: &Officer,
    duty: Duty,
    since: Date,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO officer_duty (district, officer, duty, held_since, held_until, created_by, created_at)
         VALUES ($1, $2, $3, $4, NULL, $5, $6)
         ON CONFLICT (district, officer, duty, held_since) DO UPDATE SET held_until = NULL",
        args![&officer.district, officer.id, duty.code(), since, by, at],
    )
    .await?;
    Ok(())
}

/// The duty ends: `until` is the first day without it.
pub(crate) async fn withdraw(tx: &mut Tx, officer: &Officer, duty: Duty, until: Date) -> Outcome<()> {
    tx.execute(
        "UPDATE officer_duty
         SET held_until = $4
         WHERE district = $1 AND officer = $2 AND duty = $3 AND (held_until IS NULL OR held_until > $4)",
        args![&officer.district, officer.id, duty.code(), until],
    )
    .await?;
    Ok(())
}

/// A line of the history of rights, as the officer's page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightsLine {
    /// What changed, as a word: `초대`, `업무 더함` …
    pub change: String,
    /// To what.
    pub detail: String,
    /// From which day.
    pub effective_on: Date,
    /// Who did it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

pub(crate) async fn add_rights_line(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
    line: &RightsLine,
) -> Outcome<()> {
    let (seq, _) = next_number(tx, district, Book::Rights, line.at).await?;
    tx.execute(
        "INSERT INTO rights_history (district, seq, officer, change, detail, effective_on, changed_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![district, seq, officer, &line.change, &line.detail, line.effective_on, line.by, line.at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn rights_history(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
) -> Outcome<Vec<RightsLine>> {
    let rows = tx
        .fetch_all(
            "SELECT change, detail, effective_on, changed_by, created_at
             FROM rights_history
             WHERE district = $1 AND officer = $2
             ORDER BY seq DESC",
            args![district, officer],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(RightsLine {
                change: row.text("change")?,
                detail: row.text("detail")?,
                effective_on: row.parse("effective_on")?,
                by: read_actor(row, "rights_history", "changed_by")?,
                at: row.parse("created_at")?,
            })
        })
        .collect()
}

fn read_actor(row: &Row, table: &'static str, column: &str) -> Outcome<Actor> {
    let text = row.text(column)?;
    Actor::from_text(&text).ok_or_else(|| Inconsistency { table, column: column.to_owned(), row: text }.into())
}

// --- deputies and hand-overs ---

pub(crate) async fn put_deputy(
    tx: &mut Tx,
    district: &DistrictCode,
    deputy: &Deputy,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO deputy (district, principal, deputy, from_on, ends_on, revoked_at, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, NULL, $6, $7)
         ON CONFLICT (district, principal, deputy, from_on)
         DO UPDATE SET ends_on = excluded.ends_on, revoked_at = NULL",
        args![district, deputy.principal, deputy.deputy, deputy.from, deputy.until, by, at],
    )
    .await?;
    Ok(())
}

/// Takes back what is or will be in force between the two; the number of rows taken back.
pub(crate) async fn revoke_deputy(
    tx: &mut Tx,
    district: &DistrictCode,
    principal: Id<id::Officer>,
    deputy: Id<id::Officer>,
    at: Timestamp,
) -> Outcome<u64> {
    let changed = tx
        .execute(
            "UPDATE deputy
             SET revoked_at = $4
             WHERE district = $1 AND principal = $2 AND deputy = $3 AND revoked_at IS NULL AND ends_on >= $5",
            args![district, principal, deputy, at, at.seoul_date()],
        )
        .await?;
    Ok(changed)
}

/// Everything in which the officer is principal or deputy, the latest first.
pub(crate) async fn deputies(tx: &mut Tx, district: &DistrictCode, officer: Id<id::Officer>) -> Outcome<Vec<Deputy>> {
    let rows = tx
        .fetch_all(
            "SELECT principal, deputy, from_on, ends_on, revoked_at
             FROM deputy
             WHERE district = $1 AND (principal = $2 OR deputy = $2)
             ORDER BY from_on DESC, created_at DESC, principal, deputy",
            args![district, officer],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Deputy {
                principal: row.parse("principal")?,
                deputy: row.parse("deputy")?,
                from: row.parse("from_on")?,
                until: row.parse("ends_on")?,
                revoked_at: row.opt_parse("revoked_at")?,
            })
        })
        .collect()
}

pub(crate) async fn add_handover(
    tx: &mut Tx,
    district: &DistrictCode,
    handover: &Handover,
    by: Actor,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO handover (district, seq, from_officer, to_officer, effective_on, remark, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![district, handover.seq, handover.from, handover.to, handover.effective_on, &handover.remark, by, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn handovers(tx: &mut Tx, district: &DistrictCode) -> Outcome<Vec<Handover>> {
    let rows = tx
        .fetch_all(
            "SELECT seq, from_officer, to_officer, effective_on, remark
             FROM handover
             WHERE district = $1
             ORDER BY seq",
            args![district],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Handover {
                seq: row.int("seq")?,
                from: row.parse("from_officer")?,
                to: row.parse("to_officer")?,
                effective_on: row.parse("effective_on")?,
                remark: row.text("remark")?,
            })
        })
        .collect()
}

// --- sessions and devices ---

/// A session as the gate finds it.
pub(crate) struct FoundSession {
    pub district: DistrictCode,
    pub officer: Id<id::Officer>,
    pub line: SessionLine,
    pub ended_at: Option<Timestamp>,
}

/// A session to be.
pub(crate) struct NewSession<'a> {
    pub id: Id<id::Session>,
    pub officer: &'a Officer,
    pub token_hash: &'a str,
    pub address: &'a str,
    pub at: Timestamp,
    pub ends_at: Timestamp,
}

pub(crate) async fn insert_session(tx: &mut Tx, new: NewSession<'_>) -> Outcome<()> {
    tx.execute(
        "INSERT INTO office_session (district, id, officer, token_hash, address, seen_at, ends_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6)",
        args![&new.officer.district, new.id, new.officer.id, new.token_hash, new.address, new.at, new.ends_at],
    )
    .await?;
    Ok(())
}

const SESSION_COLUMNS: &str = "district, id, officer, address, seen_at, ends_at, ended_at, notice, created_at";

fn read_session(row: &Row) -> Outcome<FoundSession> {
    Ok(FoundSession {
        district: row.parse("district")?,
        officer: row.parse("officer")?,
        line: SessionLine {
            id: row.parse("id")?,
            address: row.text("address")?,
            since: row.parse("created_at")?,
            seen_at: row.parse("seen_at")?,
            ends_at: row.parse("ends_at")?,
            notice: row.opt_text("notice")?,
        },
        ended_at: row.opt_parse("ended_at")?,
    })
}

pub(crate) async fn session_by_token(tx: &mut Tx, token_hash: &str) -> Outcome<Option<FoundSession>> {
    let sql = format!("SELECT {SESSION_COLUMNS} FROM office_session WHERE token_hash = $1");
    tx.fetch_opt(&sql, args![token_hash]).await?.as_ref().map(read_session).transpose()
}

/// Sessions of an officer that nobody has ended, the latest first. Some may be idle for too long.
pub(crate) async fn open_sessions(
    tx: &mut Tx,
    district: &DistrictCode,
    officer: Id<id::Officer>,
) -> Outcome<Vec<SessionLine>> {
    let sql = format!(
        "SELECT {SESSION_COLUMNS}
         FROM office_session
         WHERE district = $1 AND officer = $2 AND ended_at IS NULL
         ORDER BY created_at DESC, id DESC"
    );
    let rows = tx.fetch_all(&sql, args![district, officer]).await?;
    rows.iter().map(|row| Ok(read_session(row)?.line)).collect()
}

pub(crate) async fn touch_session(
    tx: &mut Tx,
    district: &DistrictCode,
    session: Id<id::Session>,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "UPDATE office_session SET seen_at = $3 WHERE district = $1 AND id = $2 AND ended_at IS NULL",
        args![district, session, at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn end_session(
    tx: &mut Tx,
    district: &DistrictCode,
    session: Id<id::Session>,
    why: &str,
    at: Timestamp,
) -> Outcome<bool> {
    let changed = tx
        .execute(
            "UPDATE office_session SET ended_at = $3, ended_why = $4 WHERE district = $1 AND id = $2 AND ended_at IS NULL",
            args![district, session, at, why],
        )
        .await?;
    Ok(changed == 1)
}

/// Ends every session of an officer but the one named.
pub(crate) async fn end_sessions(
    tx: &mut Tx,
    officer: &Officer,
    but: Option<Id<id::Session>>,
    why: &str,
    at: Timestamp,
) -> Outcome<u64> {
    let but = but.map_or(String::new(), |session| session.to_string());
    let changed = tx
        .execute(
            "UPDATE office_session
             SET ended_at = $4, ended_why = $5
             WHERE district = $1 AND officer = $2 AND id <> $3 AND ended_at IS NULL",
            args![&officer.district, officer.id, but, at, why],
        )
        .await?;
    Ok(changed)
}

/// Leaves a notice on all sessions of an officer that are not ended.
pub(crate) async fn tell_sessions(tx: &mut Tx, officer: &Officer, notice: &str) -> Outcome<()> {
    tx.execute(
        "UPDATE office_session SET notice = $3 WHERE district = $1 AND officer = $2 AND ended_at IS NULL",
        args![&officer.district, officer.id, notice],
    )
    .await?;
    Ok(())
}

pub(crate) async fn clear_notice(tx: &mut Tx, district: &DistrictCode, session: Id<id::Session>) -> Outcome<()> {
    tx.execute("UPDATE office_session SET notice = NULL WHERE district = $1 AND id = $2", args![district, session])
        .await?;
    Ok(())
}

pub(crate) async fn knows_device(tx: &mut Tx, officer: &Officer, token_hash: &str) -> Outcome<bool> {
    let row = tx
        .fetch_opt(
            "SELECT created_at FROM known_device WHERE district = $1 AND officer = $2 AND token_hash = $3",
            args![&officer.district, officer.id, token_hash],
        )
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn remember_device(tx: &mut Tx, officer: &Officer, token_hash: &str, at: Timestamp) -> Outcome<()> {
    tx.execute(
        "INSERT INTO known_device (district, officer, token_hash, seen_at, created_at)
         VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (district, officer, token_hash) DO UPDATE SET seen_at = excluded.seen_at",
        args![&officer.district, officer.id, token_hash, at],
    )
    .await?;
    Ok(())
}

// --- lanes and attempts ---

/// The lane, locked until the act ends; `None` when this is its first attempt.
pub(crate) async fn lock_lane(tx: &mut Tx, lane: &str, at: Timestamp) -> Outcome<Option<Lane>> {
    tx.execute(
        "INSERT INTO sign_in_lane (lane, failures, last_at, next_at, created_at)
         VALUES ($1, 0, $2, $2, $2)
         ON CONFLICT (lane) DO NOTHING",
        args![lane, at],
    )
    .await?;
    // An update that changes nothing takes the row's lock on both engines.
    let row = tx
        .fetch_one(
            "UPDATE sign_in_lane SET failures = failures WHERE lane = $1 RETURNING failures, last_at, next_at",
            args![lane],
        )
        .await?;
    let lane = Lane { failures: row.int("failures")?, last_at: row.parse("last_at")?, next_at: row.parse("next_at")? };
    Ok((lane.failures > 0).then_some(lane))
}

pub(crate) async fn put_lane(tx: &mut Tx, name: &str, lane: Lane) -> Outcome<()> {
    tx.execute(
        "UPDATE sign_in_lane SET failures = $2, last_at = $3, next_at = $4 WHERE lane = $1",
        args![name, lane.failures, lane.last_at, lane.next_at],
    )
    .await?;
    Ok(())
}

pub(crate) async fn add_attempt(
    tx: &mut Tx,
    id: Id<id::Access>,
    account_hash: &str,
    address: &str,
    result: &str,
    at: Timestamp,
) -> Outcome<()> {
    tx.execute(
        "INSERT INTO sign_in_attempt (id, account_hash, address, result, created_at) VALUES ($1, $2, $3, $4, $5)",
        args![id, account_hash, address, result, at],
    )
    .await?;
    Ok(())
}

/// Results of all attempts at an account, the earliest first.
#[cfg(test)]
pub(crate) async fn attempts(tx: &mut Tx, account_hash: &str) -> Outcome<Vec<String>> {
    let rows = tx
        .fetch_all(
            "SELECT result FROM sign_in_attempt WHERE account_hash = $1 ORDER BY created_at, id",
            args![account_hash],
        )
        .await?;
    rows.iter().map(|row| Ok(row.text("result")?)).collect()
}

// --- access log ---

pub(crate) async fn add_access_line(tx: &mut Tx, district: &DistrictCode, line: &AccessLine) -> Outcome<()> {
    tx.execute(
        "INSERT INTO access_log (district, seq, id, actor, account, address, subject, act, download, reason, prev_hash, hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        args![
            district,
            line.seq,
            &line.id,
            &line.actor,
            &line.account,
            &line.address,
            &line.subject,
            &line.act,
            i64::from(line.download),
            line.reason.clone(),
            &line.prev_hash,
            &line.hash,
            &line.at
        ],
    )
    .await?;
    Ok(())
}

const ACCESS_COLUMNS: &str =
    "seq, id, actor, account, address, subject, act, download, reason, prev_hash, hash, created_at";

/// Read as text throughout, so that a damaged line can be named instead of failing to parse.
fn read_access_line(row: &Row) -> Outcome<AccessLine> {
    Ok(AccessLine {
        seq: row.int("seq")?,
        id: row.text("id")?,
        actor: row.text("actor")?,
        account: row.text("account")?,
        address: row.text("address")?,
        subject: row.text("subject")?,
        act: row.text("act")?,
        download: row.int("download")? != 0,
        reason: row.opt_text("reason")?,
        prev_hash: row.text("prev_hash")?,
        hash: row.text("hash")?,
        at: row.text("created_at")?,
    })
}

/// Lines after a number, in order, at most so many.
pub(crate) async fn access_lines_after(
    tx: &mut Tx,
    district: &DistrictCode,
    after: i64,
    at_most: i64,
) -> Outcome<Vec<AccessLine>> {
    let sql = format!("SELECT {ACCESS_COLUMNS} FROM access_log WHERE district = $1 AND seq > $2 ORDER BY seq LIMIT $3");
    let rows = tx.fetch_all(&sql, args![district, after, at_most]).await?;
    rows.iter().map(read_access_line).collect()
}

/// Lines from an instant on and before another, the latest first.
pub(crate) async fn access_lines_between(
    tx: &mut Tx,
    district: &DistrictCode,
    from: Timestamp,
    before: Timestamp,
    at_most: i64,
) -> Outcome<Vec<AccessLine>> {
    let sql = format!(
        "SELECT {ACCESS_COLUMNS}
         FROM access_log
         WHERE district = $1 AND created_at >= $2 AND created_at < $3
         ORDER BY seq DESC
         LIMIT $4"
    );
    let rows = tx.fetch_all(&sql, args![district, from, before, at_most]).await?;
    rows.iter().map(read_access_line).collect()
}

/// How many lines there are in that time.
pub(crate) async fn access_lines_count(
    tx: &mut Tx,
    district: &DistrictCode,
    from: Timestamp,
    before: Timestamp,
) -> Outcome<i64> {
    let row = tx
        .fetch_one(
            "SELECT COUNT(*) AS lines FROM access_log WHERE district = $1 AND created_at >= $2 AND created_at < $3",
            args![district, from, before],
        )
        .await?;
    Ok(row.int("lines")?)
}

/// One actor's last lines, the latest first.
pub(crate) async fn access_lines_of(
    tx: &mut Tx,
    district: &DistrictCode,
    actor: Actor,
    at_most: i64,
) -> Outcome<Vec<AccessLine>> {
    let sql = format!(
        "SELECT {ACCESS_COLUMNS}
         FROM access_log
         WHERE district = $1 AND actor = $2
         ORDER BY seq DESC
         LIMIT $3"
    );
    let rows = tx.fetch_all(&sql, args![district, actor, at_most]).await?;
    rows.iter().map(read_access_line).collect()
}

/// Lines about one subject, the latest first.
pub(crate) async fn access_lines_about(
    tx: &mut Tx,
    district: &DistrictCode,
    subject: &str,
    at_most: i64,
) -> Outcome<Vec<AccessLine>> {
    let sql = format!(
        "SELECT {ACCESS_COLUMNS}
         FROM access_log
         WHERE district = $1 AND subject = $2
         ORDER BY seq DESC
         LIMIT $3"
    );
    let rows = tx.fetch_all(&sql, args![district, subject, at_most]).await?;
    rows.iter().map(read_access_line).collect()
}
