//! Job entries, corrections, totals, seals, disclosures.
