//! Collection (취합): a round asks every department for its numbers and takes them in.
//!
//! Owns: rounds, the departments' workbooks, uploads with their faults and differences, the board of
//! who has handed in. Does not own: a number once it is written down (`ledger::record` stages it and a
//! second officer confirms it there), or how a file is read (`sheets`). What a newcomer gets wrong:
//! thinking that an upload moves a total.
