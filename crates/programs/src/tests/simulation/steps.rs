//! What people do in a year: apply, are looked up, screened, selected, placed; start, leave, object.

use iljari_base::{Date, Year as CalendarYear};
use iljari_disclosure::bundle::{self, Options, verify};
use iljari_disclosure::log::words::Why;
use iljari_ledger::disclose::{Wish, disclose};
use iljari_ledger::keys::KeyFolder;
use iljari_ledger::record;
use iljari_people::download_reason;
use iljari_rules::Outcome as Verdict;

use super::{Person, Year, allowed};
use crate::application::{Application, Consent};
use crate::intake::{self, Filled, Head, Who};
use crate::selection::{Objection, Offer, OfferState};
use crate::tests::desk::{day, filled, grid};
use crate::work::{Participation, WorkState};
use crate::{attendance, lookup, objection, reserve, store};

const PLACES: [&str; 4] = ["1-01", "1-01", "1-02", "2-01"];

impl Year {
    fn app(&self, most: i64) -> i64 {
        i64::try_from(1 + self.dice.below(most.max(1).unsigned_abs())).expect("few")
    }

    pub(super) async fn live(&self, no: i64) -> Vec<Application> {
        let code = self.desk.code.clone();
        let all = self.desk.write(move |tx| Box::pin(async move { store::applications(tx, &code, no).await })).await;
        all.expect("read").into_iter().filter(Application::is_live).collect()
    }

    pub(super) async fn take_applications(&mut self, no: i64) {
        for person in self.people.clone() {
            if self.dice.one_in(4) {
                continue;
            }
            let wanted = *self.dice.pick(&PLACES).expect("a place");
            let assets = (self.dice.below(6) * 90_000_000).to_string();
            let mut it = Filled { who: self.who(&person).await, ..filled(&person.name, person.birth, wanted, &assets) };
            if self.dice.one_in(5) {
                it.head = Head::Other { name: "선우예시".to_owned(), birth: day("1950-01-01") };
            }
            if self.dice.one_in(2) {
                it.consents = Consent::ALL.to_vec();
            }
            let known = matches!(it.who, Who::Known(_));
            let taken = self.act(async |desk| desk.submit(no, it.clone()).await).await;
            if taken.is_some() && known {
                self.tell("applied again");
            }
            if self.dice.one_in(3) {
                // The same again from another counter: it never stands twice.
                let again = self.act(async |desk| desk.submit(no, it.clone()).await).await;
                assert!(again.is_none() || taken.is_none(), "one live application a call");
            }
        }
    }

    /// Whether the office knows her from the first half.
    async fn who(&self, person: &Person) -> Who {
        let (cx, safe) = (self.desk.cx(&self.desk.clerk), self.desk.safe());
        let (name, birth) = (person.name.clone(), day(person.birth));
        let alike = self
            .desk
            .write(move |tx| Box::pin(async move { intake::alike(tx, &cx, &safe, &name, birth).await }))
            .await
            .expect("looked");
        alike.first().map_or(Who::Unsaid, |alike| Who::Known(alike.id))
    }

    pub(super) async fn withdraw_somebody(&mut self, no: i64) {
        let live = self.live(no).await;
        let Some(it) = self.dice.pick(&live).cloned().filter(|_| self.dice.one_in(2)) else { return };
        let done = self
            .act(async |desk| {
                let (cx, app) = (desk.cx(&desk.clerk), it.no);
                desk.write(move |tx| Box::pin(async move { intake::withdraw(tx, &cx, no, app).await })).await
            })
            .await;
        assert!(done.is_some(), "nothing stands against it before the selection");
        self.tell("withdrawn");
    }

    /// The list goes out, the answers come in.
    pub(super) async fn look_up(&mut self, no: i64) {
        let list = self
            .must(async |desk| {
                let (cx, safe) = (desk.cx(&desk.clerk), desk.safe());
                let reason = download_reason("자격 조회 의뢰").expect("a reason");
                desk.write(move |tx| Box::pin(async move { lookup::export(tx, &cx, &safe, no, reason).await })).await
            })
            .await
            .expect("a short list");
        let today = self.desk.office.clock.today();
        let mut sheet = "접수번호|자격: 소득|가구재산|조회일|재정지원 중복참여|중복참여 조회일".to_owned();
        for row in list.rows() {
            let income = *self.dice.pick(&["충족", "충족", "충족", "미확인", "미충족"]).expect("a word");
            let assets = (self.dice.below(6) * 90_000_000).to_string();
            let assets = if self.dice.one_in(4) { assets } else { String::new() };
            let other = *self.dice.pick(&["해당 없음", "해당 없음", "해당 없음", "미확인", "중복"]).expect("a word");
            sheet.push_str(&format!("\n{}|{income}|{assets}|{today}|{other}|{today}", row[0]));
        }
        let grid = grid(&sheet);
        let answered = self
            .act(async |desk| {
                let (cx, safe, grid) = (desk.cx(&desk.clerk), desk.safe(), grid.clone());
                desk.write(move |tx| {
                    Box::pin(async move { lookup::answer(tx, &cx, &safe, no, "결과.csv", &grid).await })
                })
                .await
            })
            .await;
        if answered.is_some() {
            self.tell("looked up");
        }
    }

    pub(super) async fn screen_all(&mut self, no: i64) {
        for it in self.live(no).await {
            let contradicted = self.must(async |desk| desk.screen(no, it.no, None).await).await.conflicts;
            let instead = if contradicted.is_empty() {
                self.dice.one_in(8).then_some(Verdict::NotEligible)
            } else {
                self.tell("conflict");
                Some(Verdict::Eligible)
            };
            if let Some(verdict) = instead {
                let why = "서류를 다시 보고 확인했습니다".to_owned();
                self.must(async |desk| desk.screen(no, it.no, Some((verdict, why.clone()))).await).await;
                self.tell("overridden");
            }
        }
    }

    /// Draws up and confirms; says whether there was anybody to choose from.
    pub(super) async fn select(&mut self, no: i64) -> bool {
        if self.live(no).await.is_empty() {
            // Chance may let everybody withdraw.
            let drawn = self.act(async |desk| desk.draw_up(no).await).await;
            assert!(drawn.is_none(), "nobody can be chosen of nobody");
            self.tell("nobody to choose from");
            return false;
        }
        self.must(async |desk| desk.draw_up(no).await).await;
        let alone = self.act(async |desk| desk.confirm(&desk.clerk, no).await).await;
        assert!(alone.is_none(), "one officer alone confirms nothing");
        self.desk.open_all(&self.desk.checker, no).await;
        self.must(async |desk| desk.confirm(&desk.checker, no).await).await;
        if self.desk.lines(no).await.iter().any(|line| line.outcome.has_seat()) {
            self.tell("chosen");
        }
        true
    }

    pub(super) async fn objections(&mut self, no: i64) {
        for it in self.live(no).await {
            if self.dice.one_in(4) {
                let taken = self
                    .act(async |desk| {
                        let (cx, safe, app) = (desk.cx(&desk.clerk), desk.safe(), it.no);
                        let words = "점수를 다시 보아 주세요";
                        desk.write(move |tx| {
                            Box::pin(async move { objection::take(tx, &cx, &safe, (no, app), words).await })
                        })
                        .await
                    })
                    .await;
                assert!(taken.is_some(), "within the days");
                self.tell("objection");
            }
        }
    }

    /// Answers most of them; one that waits keeps the evidence.
    pub(super) async fn answer_objections(&mut self, no: i64) {
        let code = self.desk.code.clone();
        let all = self.desk.write(move |tx| Box::pin(async move { store::objections(tx, &code, no).await })).await;
        let open: Vec<Objection> = all.expect("read").into_iter().filter(|objection| objection.open).collect();
        for objection in open {
            if self.dice.one_in(5) {
                continue;
            }
            let upheld = self.dice.one_in(2);
            self.must(async |desk| {
                let (cx, viewer, of) = (desk.cx(&desk.checker), desk.checker.clone(), objection.no);
                let words = "서류와 조회 결과를 다시 보았습니다";
                desk.write(move |tx| {
                    Box::pin(async move { objection::answer(tx, &cx, &viewer, (no, of), upheld, words).await })
                })
                .await
            })
            .await;
            self.tell(if upheld { "upheld" } else { "rejected" });
        }
    }

    /// A day at work: a few things happen, most of them as they should, some not.
    pub(super) async fn work(&mut self, no: i64, today: Date) {
        let applied = self.live(no).await.iter().map(|it| it.no).max().unwrap_or(1);
        let lines = self.desk.lines(no).await;
        let seated: Vec<i64> = lines.iter().filter(|line| line.outcome.has_seat()).map(|line| line.app_no).collect();
        let on = today.to_string();
        for _ in 0..2 + self.dice.below(3) {
            // Mostly somebody who may, now and then anybody.
            let anybody = self.app(applied);
            let app = self.dice.pick(&seated).copied().filter(|_| !self.dice.one_in(4)).unwrap_or(anybody);
            match self.dice.below(10) {
                0 | 1 => {
                    let place = *self.dice.pick(&PLACES).expect("a place");
                    if self.act(async |desk| desk.place(no, app, place).await).await.is_some() {
                        self.tell("placed");
                    }
                }
                2..=4 => {
                    self.act(async |desk| desk.report(no, app, &on).await).await;
                    let alone = self.act(async |desk| desk.start(&desk.clerk, no, app).await).await;
                    assert!(alone.is_none(), "one officer alone starts nobody");
                    if self.act(async |desk| desk.start(&desk.checker, no, app).await).await.is_some() {
                        self.tell("started");
                    }
                }
                5 => {
                    if self.act(async |desk| desk.leave(no, app, &on, "다른 일을 찾음").await).await.is_some() {
                        self.tell("left");
                    }
                }
                6 | 7 => {
                    self.fill_a_seat(no).await;
                    // Some answer on the telephone at once.
                    if self.dice.one_in(2) {
                        self.fill_a_seat(no).await;
                    }
                }
                8 => self.take_back(no).await,
                _ => {
                    if self.dice.one_in(2) {
                        let desk = &self.desk;
                        let by = desk.checker.actor();
                        allowed(iljari_ledger::seal::seal(&desk.office, &desk.code, by).await);
                        self.tell("sealed");
                    } else {
                        self.restart().await;
                    }
                }
            }
        }
    }

    /// The next of the reserve list is asked, or an open offer goes on.
    async fn fill_a_seat(&mut self, no: i64) {
        let code = self.desk.code.clone();
        let all = self.desk.write(move |tx| Box::pin(async move { store::offers(tx, &code, no).await })).await;
        let open: Option<Offer> = all.expect("read").into_iter().find(|offer| offer.state == OfferState::Open);
        let place = self.dice.pick(&PLACES).expect("a place").to_string();
        let Some(offer) = open else {
            self.act(async |desk| {
                let (cx, place) = (desk.cx(&desk.clerk), place.clone());
                desk.write(move |tx| Box::pin(async move { reserve::offer_next(tx, &cx, no, &place).await })).await
            })
            .await;
            return;
        };
        let of = (no, offer.no);
        let over = self.desk.office.clock.today() > offer.answer_by;
        if !over && self.dice.one_in(6) {
            // She has not answered yet.
            return;
        }
        if over || self.dice.one_in(6) {
            let ended = self
                .act(async |desk| {
                    let cx = desk.cx(&desk.clerk);
                    desk.write(move |tx| Box::pin(async move { reserve::expire(tx, &cx, of).await })).await
                })
                .await;
            assert_eq!(ended.is_some(), over, "an offer ends when her days are over, and not before");
            if over {
                self.tell("expired");
            }
            return;
        }
        let yes = self.dice.one_in(2);
        self.must(async |desk| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { reserve::note_contact(tx, &cx, of, "전화", "통화함").await }))
                .await
        })
        .await;
        self.must(async |desk| {
            let cx = desk.cx(&desk.clerk);
            desk.write(move |tx| Box::pin(async move { reserve::answer(tx, &cx, of, yes).await })).await
        })
        .await;
        self.tell(if yes { "promoted" } else { "declined" });
    }

    /// A job that was counted wrongly is taken back by a correction that a second officer confirms.
    async fn take_back(&mut self, no: i64) {
        let code = self.desk.code.clone();
        let work = self.desk.write(move |tx| Box::pin(async move { store::participations(tx, &code, no).await })).await;
        let leaves: Vec<String> = work
            .expect("read")
            .into_iter()
            .filter(|it| it.state == WorkState::Started)
            .filter_map(|it| it.leaf_id)
            .filter(|leaf| !self.taken_back.contains(leaf))
            .collect();
        let Some(leaf) = self.dice.pick(&leaves).cloned().filter(|_| self.dice.one_in(2)) else { return };
        let staged = self
            .must(async |desk| {
                let (cx, leaf) = (desk.cx(&desk.clerk), leaf.clone());
                let why = "두 부서에서 함께 올라왔습니다";
                desk.write(move |tx| {
                    Box::pin(async move { record::correct(tx, &cx, &leaf, 0, Why::Duplicate, why).await })
                })
                .await
            })
            .await;
        self.must(async |desk| {
            let (cx, viewer) = (desk.cx(&desk.checker), desk.checker.clone());
            desk.write(move |tx| Box::pin(async move { record::confirm(tx, &cx, &viewer, staged).await })).await
        })
        .await;
        self.taken_back.insert(leaf);
        self.tell("taken back");
    }

    /// The attendance sheet of the first month of everybody who worked.
    pub(super) async fn attendance(&mut self, no: i64, first: Date) {
        let code = self.desk.code.clone();
        let (call, work) = self
            .desk
            .write(move |tx| {
                Box::pin(async move {
                    let call = store::call_of(tx, &code, no).await?.expect("a call");
                    Ok((call, store::participations(tx, &code, no).await?))
                })
            })
            .await
            .expect("read");
        let mut sheet = "접수번호|달|일한 날|일한 시간".to_owned();
        let worked = |it: &&Participation| {
            matches!(it.state, WorkState::Started | WorkState::Left { .. } | WorkState::Ended { .. })
        };
        for it in work.iter().filter(worked) {
            sheet.push_str(&format!("\n{}|{}|{}|64", call.receipt(it.app_no), first.month(), 16));
        }
        let grid = grid(&sheet);
        let taken = self
            .act(async |desk| {
                let (cx, grid) = (desk.cx(&desk.clerk), grid.clone());
                desk.write(move |tx| Box::pin(async move { attendance::take(tx, &cx, no, "출근부.csv", &grid).await }))
                    .await
            })
            .await;
        if taken.is_some() {
            self.tell("attendance");
            let ended = work.into_iter().find(|it| matches!(it.state, WorkState::Left { .. }));
            if let Some(it) = ended {
                let early = self
                    .act(async |desk| {
                        let cx = desk.cx(&desk.clerk);
                        desk.write(move |tx| {
                            Box::pin(async move {
                                let (after, by) = (crate::work::After::Hired, crate::work::AskedBy::Phone);
                                let asked = crate::after::Asked { months: 12, after, on: cx.today(), by };
                                crate::after::note(tx, &cx, (no, it.app_no), asked).await
                            })
                        })
                        .await
                    })
                    .await;
                assert!(early.is_none(), "twelve months are not over");
            }
        }
    }

    /// The year so far goes out, at the end of each half; what went out before is continued and stands.
    pub(super) async fn disclose(&mut self) {
        let desk = &self.desk;
        let wish = Wish {
            year: CalendarYear(2026),
            approval_no: "일자리정책과-1201 (예시)".to_owned(),
            approval_on: Some(desk.office.clock.today()),
            remark: "반기마다 다시 냅니다".to_owned(),
        };
        let code = desk.code.clone();
        let totals = desk.write(move |tx| Box::pin(async move { iljari_ledger::store::totals(tx, &code).await })).await;
        let totals = totals.expect("read");
        let (counted, totals) = (!totals.is_empty(), format!("{totals:?}"));
        let disclosure = match disclose(&desk.office, &desk.cx(&desk.checker), wish).await {
            Ok(disclosure) => disclosure,
            // Half a year in which no number changed has nothing to say anew.
            Err(stop) if stop.has("nothing-changed") => {
                assert_eq!(self.disclosed.as_ref(), Some(&totals), "something changed, and was not disclosed");
                self.tell("nothing to disclose again");
                return;
            }
            // Chance may let half a year pass in which nobody begins to work.
            Err(stop) if stop.has("nothing-counted") => {
                assert!(!counted && self.disclosed.is_none(), "something counted, and was not disclosed: {totals}");
                self.tell("nothing to disclose yet");
                return;
            }
            Err(stop) => panic!("{stop:?}"),
        };
        let zip = iljari_ledger::publish::bundle_zip(&desk.office, &desk.code, disclosure.no);
        let bundle = bundle::from_zip(&std::fs::read(zip).expect("the bundle")).expect("readable");
        let key = KeyFolder::new(&desk.office.keys, desk.office.demo);
        let key = key.verifier(&desk.code).expect("readable").expect("a key").to_string();
        let report = verify(&bundle, &Options { key: Some(&key), since: self.bundles.last() });
        assert_eq!((report.exit_code(), report.problems), (0, Vec::new()), "a stranger can check it");
        self.disclosed = Some(totals);
        let again = !self.bundles.is_empty();
        self.bundles.push(bundle);
        self.tell(if again { "disclosed again" } else { "disclosed" });
    }
}
