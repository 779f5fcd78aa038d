//! The journeys, one module each, in one test program.

mod harness;
