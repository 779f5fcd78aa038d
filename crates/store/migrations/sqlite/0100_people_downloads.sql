-- Large lists of people that somebody asked to take out (내려받기 승인). Above a number of rows a second officer lets them go,
-- once, and not the one who asked. Requests stay: what was asked, by whom, who answered, and when it was used.
CREATE TABLE download_request (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  what TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  reason TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  answer TEXT,
  answered_by TEXT,
  answered_at TEXT,
  used_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT download_request_pkey PRIMARY KEY (district, no),
  CONSTRAINT download_request_state CHECK (
    (answer IS NULL AND answered_by IS NULL AND answered_at IS NULL AND used_at IS NULL)
    OR (answer IS NOT NULL AND answer IN ('released', 'refused') AND answered_by IS NOT NULL AND answered_at IS NOT NULL
      AND answered_by <> asked_by AND (used_at IS NULL OR answer = 'released'))
  )
);
CREATE INDEX download_request_asked ON download_request (district, asked_by, what, no);

CREATE TRIGGER download_request_no_delete BEFORE DELETE ON download_request
BEGIN SELECT RAISE(ABORT, 'a request for a list stays written down'); END;
CREATE TRIGGER download_request_used_for_good BEFORE UPDATE ON download_request WHEN OLD.used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a list is taken out once for each request'); END;
