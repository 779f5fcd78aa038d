//! Journeys through the real binary, in a real browser.
