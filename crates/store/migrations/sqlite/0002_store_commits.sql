-- One row: how many transactions changed anything. Raised inside each of them, so that whoever kept
-- something he read can tell whether it still stands.
CREATE TABLE commits (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO commits (one, number) VALUES (1, 0);
