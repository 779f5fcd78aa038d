//! Officers, sign-in, duties, access log, hand-over.
