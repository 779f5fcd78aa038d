-- The access log (접속기록) of 안전성 확보조치 기준 제8조: who, when (created_at), from where, whose data, what; and a
-- reason for every download. Each line carries the hash of the line before it, so that a changed
-- line is found by name. Lines are kept three years; nothing here deletes one.
CREATE TABLE access_log (
  district TEXT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT NOT NULL,
  actor TEXT NOT NULL,
  account TEXT NOT NULL,
  address TEXT NOT NULL,
  subject TEXT NOT NULL,
  act TEXT NOT NULL,
  download BIGINT NOT NULL,
  reason TEXT,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT access_log_pkey PRIMARY KEY (district, seq),
  CONSTRAINT access_log_said CHECK (
    length(trim(actor)) > 0 AND length(trim(account)) > 0 AND length(trim(address)) > 0
    AND length(trim(subject)) > 0 AND length(trim(act)) > 0
  ),
  CONSTRAINT access_log_reason CHECK (download = 0 OR (reason IS NOT NULL AND length(trim(reason)) >= 5))
);
CREATE UNIQUE INDEX access_log_id ON access_log (id);
CREATE INDEX access_log_when ON access_log (district, created_at);
CREATE INDEX access_log_actor ON access_log (district, actor, created_at);

CREATE FUNCTION access_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the access log only grows'; END $$;
CREATE TRIGGER access_log_only_grows BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION access_log_refuse();
CREATE TRIGGER access_log_not_emptied BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION access_log_refuse();
