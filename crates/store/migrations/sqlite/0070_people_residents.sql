-- Residents without accounts (주민). Nothing personal stands here in plain: fields are sealed with the
-- record's own key, and that key is wrapped with the key of a week, which lies in the key folder
-- (`week` says which: the week's Monday). Erasing empties the row and keeps the id and the fact.
CREATE TABLE resident (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  state TEXT NOT NULL,
  week TEXT,
  wrapped_key BLOB,
  name_sealed BLOB,
  birth_sealed BLOB,
  phone_sealed BLOB,
  dong_sealed BLOB,
  contact_sealed BLOB,
  protected_at TEXT,
  protected_by TEXT,
  changed_at TEXT NOT NULL,
  erased_at TEXT,
  erased_by TEXT,
  erased_why TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_pkey PRIMARY KEY (district, id),
  CONSTRAINT resident_state CHECK (
    (state = 'living' AND week IS NOT NULL AND wrapped_key IS NOT NULL AND name_sealed IS NOT NULL
      AND birth_sealed IS NOT NULL AND erased_at IS NULL)
    OR (state = 'erased' AND week IS NULL AND wrapped_key IS NULL AND name_sealed IS NULL AND birth_sealed IS NULL
      AND phone_sealed IS NULL AND dong_sealed IS NULL AND contact_sealed IS NULL
      AND erased_at IS NOT NULL AND erased_by IS NOT NULL AND erased_why IS NOT NULL)
  )
);
CREATE UNIQUE INDEX resident_id ON resident (id);
CREATE INDEX resident_week ON resident (week);

-- The blind index: keyed hashes of a name with a day of birth, of a phone …, made anew every week.
CREATE TABLE resident_tag (
  district TEXT NOT NULL,
  kind TEXT NOT NULL,
  tag BLOB NOT NULL,
  resident TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_tag_pkey PRIMARY KEY (district, kind, tag, resident),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
CREATE INDEX resident_tag_resident ON resident_tag (district, resident);

-- Boxes (증빙함): a key for what other slices keep about a resident and must destroy before her record.
CREATE TABLE resident_box (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  resident TEXT NOT NULL,
  week TEXT,
  wrapped_key BLOB,
  destroyed_at TEXT,
  destroyed_by TEXT,
  destroyed_why TEXT,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_box_pkey PRIMARY KEY (district, id),
  CONSTRAINT resident_box_state CHECK (
    (week IS NOT NULL AND wrapped_key IS NOT NULL AND destroyed_at IS NULL)
    OR (week IS NULL AND wrapped_key IS NULL AND destroyed_at IS NOT NULL AND destroyed_by IS NOT NULL AND destroyed_why IS NOT NULL)
  ),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
CREATE UNIQUE INDEX resident_box_id ON resident_box (id);
CREATE INDEX resident_box_resident ON resident_box (district, resident);
CREATE INDEX resident_box_week ON resident_box (week);

-- Lists of residents as they were shown (명단). One line of the access log names a list by its number;
-- the same people shown again are the same list.
CREATE TABLE resident_list (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_list_pkey PRIMARY KEY (district, no)
);
CREATE UNIQUE INDEX resident_list_sha256 ON resident_list (district, sha256);

CREATE TABLE resident_list_member (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  resident TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_list_member_pkey PRIMARY KEY (district, no, resident)
);
CREATE INDEX resident_list_member_resident ON resident_list_member (district, resident);

-- Who looked at one resident's record is asked by the subject of the line.
CREATE INDEX access_log_subject ON access_log (district, subject);

CREATE TRIGGER resident_no_delete BEFORE DELETE ON resident
BEGIN SELECT RAISE(ABORT, 'a resident is erased, not deleted'); END;
CREATE TRIGGER resident_erased_for_good BEFORE UPDATE ON resident WHEN OLD.state = 'erased'
BEGIN SELECT RAISE(ABORT, 'an erased resident stays erased'); END;
CREATE TRIGGER resident_box_no_delete BEFORE DELETE ON resident_box
BEGIN SELECT RAISE(ABORT, 'a box is destroyed, not deleted'); END;
CREATE TRIGGER resident_box_destroyed_for_good BEFORE UPDATE ON resident_box WHEN OLD.destroyed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a destroyed box stays destroyed'); END;
