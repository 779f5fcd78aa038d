-- What one data folder remembers about itself, e.g. who made it (made_by = demo or office),
-- so that the demo never serves an office's data and an office never serves the demo's.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
