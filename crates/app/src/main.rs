//! The one binary: composes everything, owns nothing.
fn main() {}
