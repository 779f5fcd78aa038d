//! Every statement of the slice, one file for each stage.
//!
//! Owns: the tables whose names begin with `program_`. Does not own: any rule. What a newcomer gets wrong:
//! a check before an insert. What must not happen twice has a unique key, and the key's name is answered.

mod application;
mod call;
mod look;
mod objection;
mod reserve;
mod selection;
mod work;

pub use application::*;
pub use call::{
    call_of, calls, insert_call, move_call, next_call_no, places, pools, put_places, put_pools, update_call,
};
pub use look::*;
pub use objection::*;
pub use reserve::*;
pub use selection::*;
pub use work::*;
