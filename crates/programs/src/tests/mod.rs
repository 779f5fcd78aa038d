//! Stories of a call and its people, told on both engines.

mod again;
mod applications;
mod assigned;
mod bad_inputs;
mod calls;
mod canaries;
mod desk;
mod erased;
mod injection;
mod left;
mod meanwhile;
mod notice_files;
mod protected;
mod races;
mod road;
mod simulation;
mod spot_check;
mod suitable;
mod wire;

pub(crate) use desk::grid;
use desk::{Desk, codes};

#[test]
fn every_page_stands_against_the_wall() {
    let samples = crate::pages::samples();
    assert!(samples.len() > 15);
    for (name, html) in samples {
        let html = html.expect("it renders");
        assert_eq!(iljari_web::check_html(&html), Vec::<String>::new(), "{name}");
    }
}
