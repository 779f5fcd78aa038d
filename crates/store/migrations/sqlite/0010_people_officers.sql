-- Officers (담당자), what they may do and since when. A duty ends by a date, not by deletion, so
-- that every question "who could do this on that day" has an answer. rights_history is the record
-- of grants, changes and removals that 안전성 확보조치 기준 제5조 제3항 wants kept for three years; it only grows.
CREATE TABLE department (
  district TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT department_pkey PRIMARY KEY (district, code)
);

CREATE TABLE officer (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  department TEXT NOT NULL,
  state TEXT NOT NULL,
  invited_until TEXT,
  active_since TEXT,
  left_on TEXT,
  password_phc TEXT NOT NULL,
  totp_sealed BLOB,
  totp_last_step INTEGER,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT officer_pkey PRIMARY KEY (district, id),
  CONSTRAINT officer_state CHECK (
    (state = 'invited' AND invited_until IS NOT NULL)
    OR (state = 'active' AND active_since IS NOT NULL AND totp_sealed IS NOT NULL)
    OR (state = 'left' AND left_on IS NOT NULL)
  )
);
-- One account, one person (제5조 제4항), over the whole installation: the sign-in page asks for no district.
CREATE UNIQUE INDEX officer_login ON officer (login);
CREATE UNIQUE INDEX officer_id ON officer (id);

CREATE TABLE officer_duty (
  district TEXT NOT NULL,
  officer TEXT NOT NULL,
  duty TEXT NOT NULL,
  held_since TEXT NOT NULL,
  held_until TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT officer_duty_pkey PRIMARY KEY (district, officer, duty, held_since),
  FOREIGN KEY (district, officer) REFERENCES officer (district, id)
);

-- 대리 확인자: who confirms in another's place, always with a last day.
CREATE TABLE deputy (
  district TEXT NOT NULL,
  principal TEXT NOT NULL,
  deputy TEXT NOT NULL,
  from_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  revoked_at TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT deputy_pkey PRIMARY KEY (district, principal, deputy, from_on),
  CONSTRAINT deputy_not_oneself CHECK (principal <> deputy),
  CONSTRAINT deputy_ends CHECK (ends_on >= from_on),
  FOREIGN KEY (district, principal) REFERENCES officer (district, id),
  FOREIGN KEY (district, deputy) REFERENCES officer (district, id)
);

-- 업무 인계: from a day on, everything of one officer is another's. Numbered, because two on the same day have an order.
CREATE TABLE handover (
  district TEXT NOT NULL,
  seq INTEGER NOT NULL,
  from_officer TEXT NOT NULL,
  to_officer TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  remark TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT handover_pkey PRIMARY KEY (district, seq),
  CONSTRAINT handover_not_oneself CHECK (from_officer <> to_officer),
  FOREIGN KEY (district, from_officer) REFERENCES officer (district, id),
  FOREIGN KEY (district, to_officer) REFERENCES officer (district, id)
);

CREATE TABLE rights_history (
  district TEXT NOT NULL,
  seq INTEGER NOT NULL,
  officer TEXT NOT NULL,
  change TEXT NOT NULL,
  detail TEXT NOT NULL,
  effective_on TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT rights_history_pkey PRIMARY KEY (district, seq)
);

-- The last number (and, where the lines are chained, the last hash) of each numbered book of a
-- district. Taking a number locks this row, so two writers never get the same one.
CREATE TABLE people_book (
  district TEXT NOT NULL,
  book TEXT NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT people_book_pkey PRIMARY KEY (district, book)
);

CREATE TRIGGER officer_no_delete BEFORE DELETE ON officer
BEGIN SELECT RAISE(ABORT, 'an officer is never deleted'); END;

CREATE TRIGGER rights_history_no_update BEFORE UPDATE ON rights_history
BEGIN SELECT RAISE(ABORT, 'the history of rights only grows'); END;
CREATE TRIGGER rights_history_no_delete BEFORE DELETE ON rights_history
BEGIN SELECT RAISE(ABORT, 'the history of rights only grows'); END;

CREATE TRIGGER handover_no_update BEFORE UPDATE ON handover
BEGIN SELECT RAISE(ABORT, 'a hand-over is never rewritten'); END;
CREATE TRIGGER handover_no_delete BEFORE DELETE ON handover
BEGIN SELECT RAISE(ABORT, 'a hand-over is never rewritten'); END;
