-- Applications (접수). Who applies is an id of a resident record; what proves somebody's right to take part is sealed
-- in a box of that resident and destroyed when the objection period is over. What must not happen twice is a key:
-- `live` is 1 while an application stands and nothing afterwards, and nothing equals nothing in a key.
CREATE TABLE program_application (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  no INTEGER NOT NULL,
  resident TEXT NOT NULL,
  evidence_box TEXT NOT NULL,
  channel TEXT NOT NULL,
  dong TEXT NOT NULL,
  pool TEXT NOT NULL,
  wanted TEXT NOT NULL,
  household TEXT NOT NULL,
  household_slot INTEGER NOT NULL,
  live INTEGER,
  state TEXT NOT NULL,
  verdict TEXT NOT NULL,
  broken TEXT NOT NULL,
  conflicts INTEGER NOT NULL,
  overridden TEXT,
  override_reason TEXT NOT NULL,
  taken_by TEXT NOT NULL,
  screened_by TEXT,
  screened_at TEXT,
  destroyed_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_application_pkey PRIMARY KEY (district, call_no, no)
);
CREATE UNIQUE INDEX program_application_one_live ON program_application (district, call_no, resident, live);
CREATE UNIQUE INDEX program_application_household
  ON program_application (district, call_no, household, household_slot, live);

-- A draft found again by its code; emptied when it is handed in or when the call closes.
CREATE TABLE program_draft (
  district TEXT NOT NULL,
  code TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  sealed BLOB,
  saved_by TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_draft_pkey PRIMARY KEY (district, code)
);

-- Consent, a line for each purpose, refused ones too.
CREATE TABLE program_consent (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  agreed INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_consent_pkey PRIMARY KEY (district, call_no, app_no, purpose)
);

-- What is known of an applicant, one sealed text for each origin: declared, look-up, document.
CREATE TABLE program_evidence (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  origin TEXT NOT NULL,
  sealed BLOB,
  written_by TEXT NOT NULL,
  written_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_evidence_pkey PRIMARY KEY (district, call_no, app_no, origin)
);

-- Which document was seen by whom; the document itself is not kept.
CREATE TABLE program_document (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  document TEXT NOT NULL,
  seen_by TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_document_pkey PRIMARY KEY (district, call_no, app_no, document)
);

-- A round of a program that somebody took part in; the number is the lock of the limit on rounds.
CREATE TABLE program_round (
  district TEXT NOT NULL,
  program TEXT NOT NULL,
  resident TEXT NOT NULL,
  use_no INTEGER NOT NULL,
  call_no INTEGER NOT NULL,
  started_on TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_round_pkey PRIMARY KEY (district, program, resident, use_no)
);
