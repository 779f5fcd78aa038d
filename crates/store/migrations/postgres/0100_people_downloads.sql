-- Large lists of people that somebody asked to take out (내려받기 승인). Above a number of rows a second officer lets them go,
-- once, and not the one who asked. Requests stay: what was asked, by whom, who answered, and when it was used.
CREATE TABLE download_request (
  district TEXT NOT NULL,
  no BIGINT NOT NULL,
  what TEXT NOT NULL,
  row_count BIGINT NOT NULL,
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

CREATE FUNCTION download_request_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN RAISE EXCEPTION 'a list is taken out once for each request'; END IF;
  RAISE EXCEPTION 'a request for a list stays written down';
END $$;
CREATE TRIGGER download_request_no_delete BEFORE DELETE ON download_request FOR EACH ROW EXECUTE FUNCTION download_request_refuse();
CREATE TRIGGER download_request_not_emptied BEFORE TRUNCATE ON download_request FOR EACH STATEMENT EXECUTE FUNCTION download_request_refuse();
CREATE TRIGGER download_request_used_for_good BEFORE UPDATE ON download_request FOR EACH ROW WHEN (OLD.used_at IS NOT NULL)
  EXECUTE FUNCTION download_request_refuse();
