//! Protected.
