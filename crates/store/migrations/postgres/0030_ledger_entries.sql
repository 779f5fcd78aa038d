-- The job ledger (일자리 원장). `entry` is the truth: one row a leaf, in the order of recording,
-- written in the act's own transaction and never touched again (I4). Everything else here is
-- either the order in which leaves were sealed, or derived (`total`), or waiting (`staged`).
CREATE TABLE entry (
  district TEXT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT NOT NULL,
  leaf_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  body BYTEA NOT NULL,
  node TEXT,
  month_first BIGINT,
  month_last BIGINT,
  field TEXT,
  unit TEXT,
  amount BIGINT,
  grade BIGINT,
  rest BIGINT,
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
  no BIGINT NOT NULL,
  size BIGINT NOT NULL,
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
  leaf_index BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  seal_no BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT sealed_leaf_pkey PRIMARY KEY (district, leaf_index),
  FOREIGN KEY (district, entry_seq) REFERENCES entry (district, seq)
);
CREATE UNIQUE INDEX sealed_leaf_once ON sealed_leaf (district, entry_seq);

-- Totals are a fold of the entries: delete them, rebuild them, same rows (I5).
CREATE TABLE total (
  district TEXT NOT NULL,
  node TEXT NOT NULL,
  year BIGINT NOT NULL,
  field TEXT NOT NULL,
  unit TEXT NOT NULL,
  records BIGINT NOT NULL,
  sums BIGINT NOT NULL,
  press BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT total_pkey PRIMARY KEY (district, node, year, field, unit)
);

-- What one person wrote and a second one has not yet looked at (확인 대기).
CREATE TABLE staged (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  node TEXT NOT NULL,
  month_first BIGINT NOT NULL,
  month_last BIGINT NOT NULL,
  field TEXT NOT NULL,
  unit TEXT NOT NULL,
  amount BIGINT NOT NULL,
  as_typed TEXT NOT NULL,
  grade BIGINT NOT NULL,
  rest BIGINT NOT NULL,
  answers TEXT,
  why TEXT,
  evidence_kind TEXT NOT NULL,
  remark TEXT NOT NULL,
  state TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT,
  decided_at TEXT,
  decision_reason TEXT,
  entry_seq BIGINT,
  created_at TEXT NOT NULL,
  CONSTRAINT staged_pkey PRIMARY KEY (district, id)
);
CREATE INDEX staged_waiting ON staged (district, state);

CREATE TABLE disclosure (
  district TEXT NOT NULL,
  no BIGINT NOT NULL,
  id TEXT NOT NULL,
  year BIGINT NOT NULL,
  leaf_id TEXT NOT NULL,
  first_seal BIGINT NOT NULL,
  books_seq BIGINT NOT NULL,
  corrects_no BIGINT,
  approval_no TEXT NOT NULL,
  approval_on TEXT,
  remark TEXT NOT NULL,
  disclosed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT disclosure_pkey PRIMARY KEY (district, no)
);
CREATE UNIQUE INDEX disclosure_id ON disclosure (id);

CREATE FUNCTION ledger_row_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'entry' AND TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'a ledger entry is never changed';
  ELSIF TG_TABLE_NAME = 'entry' THEN
    RAISE EXCEPTION 'a ledger entry is never deleted';
  ELSE
    RAISE EXCEPTION 'a row of % is never changed or deleted', TG_TABLE_NAME;
  END IF;
END $$;
CREATE TRIGGER entry_no_change BEFORE UPDATE OR DELETE ON entry
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
CREATE TRIGGER seal_no_change BEFORE UPDATE OR DELETE ON seal
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
CREATE TRIGGER sealed_leaf_no_change BEFORE UPDATE OR DELETE ON sealed_leaf
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
CREATE TRIGGER disclosure_no_change BEFORE UPDATE OR DELETE ON disclosure
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
