-- Plan files as they were adopted (계획 파일): the office's promise, byte for byte.
-- A file is never changed in place: adopting it again under the same name adds a row, and the
-- newest row of a name is the one in force. The body is kept because the ledger's plan leaf
-- holds its hash and every bundle carries it.
CREATE TABLE district (
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  is_sample BOOLEAN NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT district_pkey PRIMARY KEY (code)
);

CREATE TABLE plan_file (
  district TEXT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  body BYTEA NOT NULL,
  adopted_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT plan_file_pkey PRIMARY KEY (district, seq)
);
CREATE UNIQUE INDEX plan_file_id ON plan_file (id);

CREATE FUNCTION plan_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an adopted plan file is never changed';
END $$;
CREATE TRIGGER plan_file_no_change BEFORE UPDATE OR DELETE ON plan_file
FOR EACH ROW EXECUTE FUNCTION plan_file_stays();
