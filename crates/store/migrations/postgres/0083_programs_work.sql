-- Placed, started, left, ended (배치와 참여). A start is written by one officer and confirmed by another; only then it
-- is an entry of the ledger, named here by its leaf. What opens the leaf is sealed with the resident's own key.
CREATE TABLE program_participation (
  district TEXT NOT NULL,
  call_no BIGINT NOT NULL,
  app_no BIGINT NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL,
  placed_by TEXT NOT NULL,
  reported_by TEXT,
  started_on TEXT,
  confirmed_by TEXT,
  leaf_id TEXT,
  opening BYTEA,
  left_on TEXT,
  left_why TEXT NOT NULL,
  ended_on TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_participation_pkey PRIMARY KEY (district, call_no, app_no)
);

CREATE TABLE program_attendance (
  district TEXT NOT NULL,
  call_no BIGINT NOT NULL,
  app_no BIGINT NOT NULL,
  month BIGINT NOT NULL,
  days BIGINT NOT NULL,
  hours BIGINT NOT NULL,
  written_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_attendance_pkey PRIMARY KEY (district, call_no, app_no, month)
);

CREATE TABLE program_outcome (
  district TEXT NOT NULL,
  call_no BIGINT NOT NULL,
  app_no BIGINT NOT NULL,
  months BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  written_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_outcome_pkey PRIMARY KEY (district, call_no, app_no, months)
);
