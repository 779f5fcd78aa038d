-- Collection rounds (취합 회차). A round keeps what it asked for (`collection_ask`), so that its
-- workbooks stay the same when the plan changes. An upload keeps its files as they came and its rows
-- as they were read; what a row would change is worked out anew from the ledger whenever it is shown.
CREATE TABLE collection_round (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  title TEXT NOT NULL,
  month_first INTEGER NOT NULL,
  month_last INTEGER NOT NULL,
  deadline_on TEXT NOT NULL,
  approval_no TEXT NOT NULL,
  approval_on TEXT,
  approval_remark TEXT NOT NULL,
  opened_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT collection_round_pkey PRIMARY KEY (district, no)
);

CREATE TABLE collection_ask (
  district TEXT NOT NULL,
  round_no INTEGER NOT NULL,
  place INTEGER NOT NULL,
  node TEXT NOT NULL,
  name TEXT NOT NULL,
  department TEXT NOT NULL,
  field TEXT NOT NULL,
  unit TEXT NOT NULL,
  counting TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT collection_ask_pkey PRIMARY KEY (district, round_no, node)
);

CREATE TABLE collection_upload (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  round_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  uploaded_by TEXT NOT NULL,
  submitted_by TEXT,
  submitted_at TEXT,
  decided_by TEXT,
  decided_at TEXT,
  reason TEXT,
  finished_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT collection_upload_pkey PRIMARY KEY (district, no)
);
CREATE INDEX collection_upload_round ON collection_upload (district, round_no);

CREATE TABLE collection_file (
  district TEXT NOT NULL,
  upload_no INTEGER NOT NULL,
  file_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BLOB NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT collection_file_pkey PRIMARY KEY (district, upload_no, file_no)
);
CREATE INDEX collection_file_content ON collection_file (district, sha256);

-- One line of a sheet, with the cells it came from, so that a fault can be told where it stands.
CREATE TABLE collection_row (
  district TEXT NOT NULL,
  upload_no INTEGER NOT NULL,
  row_no INTEGER NOT NULL,
  file_no INTEGER NOT NULL,
  sheet TEXT NOT NULL,
  cells TEXT NOT NULL,
  node TEXT NOT NULL,
  own INTEGER,
  cumulative INTEGER,
  none_to_report INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  staged_id TEXT,
  message TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT collection_row_pkey PRIMARY KEY (district, upload_no, row_no)
);

-- What was wrong or odd in the files themselves, whatever the ledger says.
CREATE TABLE collection_fault (
  district TEXT NOT NULL,
  upload_no INTEGER NOT NULL,
  fault_no INTEGER NOT NULL,
  file_no INTEGER NOT NULL,
  sheet TEXT NOT NULL,
  cell TEXT NOT NULL,
  stood TEXT NOT NULL,
  what TEXT NOT NULL,
  todo TEXT NOT NULL,
  blocks INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT collection_fault_pkey PRIMARY KEY (district, upload_no, fault_no)
);
