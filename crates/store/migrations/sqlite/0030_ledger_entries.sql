-- The job ledger (일자리 원장). `entry` is the truth: one row a leaf, in the order of recording,
-- written in the act's own transaction and never touched again (I4). Everything else here is
-- either the order in which leaves were sealed, or derived (`total`), or waiting (`staged`).
CREATE TABLE entry (
  district TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  leaf_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  body BLOB NOT NULL,
  node TEXT,
  month_first INTEGER,
  month_last INTEGER,
  field TEXT,
  unit TEXT,
  amount INTEGER,
  grade INTEGER,
  rest INTEGER,
  split TEXT,
  answers TEXT,
  evidence_kind TEXT NOT NULL,
  remark TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  confirmed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT entry_pkey PRIMARY KEY (district, seq)
);
CREATE UNIQUE INDEX entry_id ON entry (id);
CREATE UNIQUE INDEX entry_leaf ON entry (district, leaf_id);
CREATE INDEX entry_node ON entry (district, node, month_first);

CREATE TABLE seal (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  size INTEGER NOT NULL,
  root TEXT NOT NULL,
  checkpoint TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT seal_pkey PRIMARY KEY (district, no)
);
CREATE UNIQUE INDEX seal_size ON seal (district, size);

-- Where each entry lies in the log. Its own table, because an entry row never changes.
CREATE TABLE sealed_leaf (
  district TEXT NOT NULL,
  leaf_index INTEGER NOT NULL,
  entry_seq INTEGER NOT NULL,
  seal_no INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT sealed_leaf_pkey PRIMARY KEY (district, leaf_index),
  FOREIGN KEY (district, entry_seq) REFERENCES entry (district, seq)
);
CREATE UNIQUE INDEX sealed_leaf_once ON sealed_leaf (district, entry_seq);

-- Totals are a fold of the entries: delete them, rebuild them, same rows (I5).
CREATE TABLE total (
  district TEXT NOT NULL,
  node TEXT NOT NULL,
  year INTEGER NOT NULL,
  field TEXT NOT NULL,
  unit TEXT NOT NULL,
  records INTEGER NOT NULL,
  sums INTEGER NOT NULL,
  press INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT total_pkey PRIMARY KEY (district, node, year, field, unit)
);

-- What one person wrote and a second one has not yet looked at (확인 대기).
CREATE TABLE staged (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  node TEXT NOT NULL,
  month_first INTEGER NOT NULL,
  month_last INTEGER NOT NULL,
  field TEXT NOT NULL,
  unit TEXT NOT NULL,
  amount INTEGER NOT NULL,
  as_typed TEXT NOT NULL,
  grade INTEGER NOT NULL,
  rest INTEGER NOT NULL,
  answers TEXT,
  why TEXT,
  evidence_kind TEXT NOT NULL,
  remark TEXT NOT NULL,
  state TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT,
  decided_at TEXT,
  decision_reason TEXT,
  entry_seq INTEGER,
  created_at TEXT NOT NULL,
  CONSTRAINT staged_pkey PRIMARY KEY (district, id)
);
CREATE INDEX staged_waiting ON staged (district, state);

CREATE TABLE disclosure (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  id TEXT NOT NULL,
  year INTEGER NOT NULL,
  leaf_id TEXT NOT NULL,
  first_seal INTEGER NOT NULL,
  books_seq INTEGER NOT NULL,
  corrects_no INTEGER,
  approval_no TEXT NOT NULL,
  approval_on TEXT,
  remark TEXT NOT NULL,
  disclosed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT disclosure_pkey PRIMARY KEY (district, no)
);
CREATE UNIQUE INDEX disclosure_id ON disclosure (id);

CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;
CREATE TRIGGER sealed_leaf_no_update BEFORE UPDATE ON sealed_leaf
BEGIN SELECT RAISE(ABORT, 'a sealed leaf is never moved'); END;
CREATE TRIGGER sealed_leaf_no_delete BEFORE DELETE ON sealed_leaf
BEGIN SELECT RAISE(ABORT, 'a sealed leaf is never deleted'); END;
CREATE TRIGGER disclosure_no_update BEFORE UPDATE ON disclosure
BEGIN SELECT RAISE(ABORT, 'a disclosure is never changed'); END;
CREATE TRIGGER disclosure_no_delete BEFORE DELETE ON disclosure
BEGIN SELECT RAISE(ABORT, 'a disclosure is never deleted'); END;
