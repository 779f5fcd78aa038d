//! Week keys.
