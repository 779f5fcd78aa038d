-- Selection (선발): a run is drawn up by one officer and confirmed by another. Item points, tie places and ranks stay
-- when the evidence is destroyed, and the ranking can be computed again from them.
CREATE TABLE program_run (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  rules_sha256 TEXT NOT NULL,
  drawn_by TEXT NOT NULL,
  drawn_at TEXT NOT NULL,
  decided_by TEXT,
  decided_at TEXT,
  reason TEXT NOT NULL,
  objections_until TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_run_pkey PRIMARY KEY (district, call_no, run_no)
);

CREATE TABLE program_standing (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  pool TEXT NOT NULL,
  place TEXT NOT NULL,
  outcome TEXT NOT NULL,
  total INTEGER NOT NULL,
  rank INTEGER,
  reserve_no INTEGER,
  tie_places TEXT NOT NULL,
  borderline INTEGER NOT NULL,
  opened_by TEXT,
  opened_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_standing_pkey PRIMARY KEY (district, call_no, run_no, app_no)
);

CREATE TABLE program_points (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  run_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  item TEXT NOT NULL,
  place INTEGER NOT NULL,
  bracket TEXT NOT NULL,
  points INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_points_pkey PRIMARY KEY (district, call_no, run_no, app_no, item)
);

-- A seat at a place (자리). Two people cannot hold one, whatever was checked before.
CREATE TABLE program_seat (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  claim_no INTEGER NOT NULL,
  place TEXT NOT NULL,
  seat_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  live INTEGER,
  released_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_seat_pkey PRIMARY KEY (district, call_no, claim_no)
);
CREATE UNIQUE INDEX program_seat_one_holder ON program_seat (district, call_no, place, seat_no, live);
CREATE UNIQUE INDEX program_seat_one_seat ON program_seat (district, call_no, app_no, live);

-- Somebody on the reserve list is asked (결원 충원), with the log of attempts to reach her.
CREATE TABLE program_offer (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  offer_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  place TEXT NOT NULL,
  state TEXT NOT NULL,
  offered_by TEXT NOT NULL,
  answer_by TEXT NOT NULL,
  answered_by TEXT,
  answered_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_offer_pkey PRIMARY KEY (district, call_no, offer_no)
);

CREATE TABLE program_contact (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  offer_no INTEGER NOT NULL,
  contact_no INTEGER NOT NULL,
  how TEXT NOT NULL,
  result TEXT NOT NULL,
  called_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_contact_pkey PRIMARY KEY (district, call_no, offer_no, contact_no)
);

-- Objections (이의신청). An open one keeps the evidence from being destroyed. Its words are sealed with the evidence.
CREATE TABLE program_objection (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  objection_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  sealed BLOB,
  received_by TEXT NOT NULL,
  answer_due_on TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  answered_by TEXT,
  answered_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT program_objection_pkey PRIMARY KEY (district, call_no, objection_no)
);
