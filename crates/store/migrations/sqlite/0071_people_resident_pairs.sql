-- Pairs of records that may be one person (중복), what officers decided about them, who is protected
-- and who looked all the same. Decisions, protections and looks only grow: a merge is a link between
-- two records that both stay, and undoing it is one more line. Remarks are sealed with a record's key.
CREATE TABLE resident_pair (
  district TEXT NOT NULL,
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  score INTEGER NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_pair_pkey PRIMARY KEY (district, one, other),
  CONSTRAINT resident_pair_order CHECK (one < other),
  CONSTRAINT resident_pair_state CHECK (state IN ('open', 'same', 'different')),
  FOREIGN KEY (district, one) REFERENCES resident (district, id),
  FOREIGN KEY (district, other) REFERENCES resident (district, id)
);
CREATE INDEX resident_pair_other ON resident_pair (district, other);
CREATE INDEX resident_pair_state ON resident_pair (district, state);

CREATE TABLE resident_decision (
  district TEXT NOT NULL,
  seq INTEGER NOT NULL,
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  decision TEXT NOT NULL,
  score INTEGER NOT NULL,
  why TEXT NOT NULL,
  remark_sealed BLOB,
  decided_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_decision_pkey PRIMARY KEY (district, seq),
  CONSTRAINT resident_decision_word CHECK (decision IN ('same', 'different', 'open')),
  FOREIGN KEY (district, one, other) REFERENCES resident_pair (district, one, other)
);
CREATE INDEX resident_decision_pair ON resident_decision (district, one, other);

CREATE TABLE resident_protection (
  district TEXT NOT NULL,
  seq INTEGER NOT NULL,
  resident TEXT NOT NULL,
  change TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_protection_pkey PRIMARY KEY (district, seq),
  CONSTRAINT resident_protection_word CHECK (change IN ('protected', 'lifted')),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
CREATE INDEX resident_protection_resident ON resident_protection (district, resident);

CREATE TABLE resident_break_glass (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  resident TEXT NOT NULL,
  officer TEXT NOT NULL,
  why TEXT NOT NULL,
  remark_sealed BLOB,
  ends_at TEXT NOT NULL,
  seen_by TEXT,
  seen_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_break_glass_pkey PRIMARY KEY (district, id),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
CREATE INDEX resident_break_glass_officer ON resident_break_glass (district, officer, resident, ends_at);
CREATE INDEX resident_break_glass_when ON resident_break_glass (district, created_at);

CREATE TRIGGER resident_decision_no_update BEFORE UPDATE ON resident_decision
BEGIN SELECT RAISE(ABORT, 'decisions about residents only grow'); END;
CREATE TRIGGER resident_decision_no_delete BEFORE DELETE ON resident_decision
BEGIN SELECT RAISE(ABORT, 'decisions about residents only grow'); END;
CREATE TRIGGER resident_protection_no_update BEFORE UPDATE ON resident_protection
BEGIN SELECT RAISE(ABORT, 'the history of protection only grows'); END;
CREATE TRIGGER resident_protection_no_delete BEFORE DELETE ON resident_protection
BEGIN SELECT RAISE(ABORT, 'the history of protection only grows'); END;
CREATE TRIGGER resident_break_glass_no_delete BEFORE DELETE ON resident_break_glass
BEGIN SELECT RAISE(ABORT, 'a look with a reason stays written down'); END;
