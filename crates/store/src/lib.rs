//! SQLite or PostgreSQL behind one seam.
