-- Sign-ins (접속) and what slows down guessing. Only the hash of a session's token lies here: whoever
-- reads the table cannot continue anybody's session. The lanes hold hashes too, because people type
-- passwords into the name field.
CREATE TABLE office_session (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  officer TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  address TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  ended_at TEXT,
  ended_why TEXT,
  notice TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT office_session_pkey PRIMARY KEY (district, id),
  FOREIGN KEY (district, officer) REFERENCES officer (district, id)
);
CREATE UNIQUE INDEX office_session_token ON office_session (token_hash);
CREATE INDEX office_session_officer ON office_session (district, officer, created_at);

-- Browsers an officer has signed in from before. They have a lane of their own, so that a stranger
-- who guesses at an account cannot keep its owner out.
CREATE TABLE known_device (
  district TEXT NOT NULL,
  officer TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT known_device_pkey PRIMARY KEY (district, officer, token_hash),
  FOREIGN KEY (district, officer) REFERENCES officer (district, id)
);

-- Not data of a district: an unknown name belongs to none.
CREATE TABLE sign_in_lane (
  lane TEXT NOT NULL,
  failures BIGINT NOT NULL,
  last_at TEXT NOT NULL,
  next_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT sign_in_lane_pkey PRIMARY KEY (lane)
);

CREATE TABLE sign_in_attempt (
  id TEXT NOT NULL,
  account_hash TEXT NOT NULL,
  address TEXT NOT NULL,
  result TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (id)
);
CREATE INDEX sign_in_attempt_account ON sign_in_attempt (account_hash, created_at);

CREATE FUNCTION sign_in_attempt_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an attempt to sign in is never rewritten'; END $$;
CREATE TRIGGER sign_in_attempt_only_grows BEFORE UPDATE OR DELETE ON sign_in_attempt FOR EACH ROW EXECUTE FUNCTION sign_in_attempt_refuse();
CREATE TRIGGER sign_in_attempt_not_emptied BEFORE TRUNCATE ON sign_in_attempt FOR EACH STATEMENT EXECUTE FUNCTION sign_in_attempt_refuse();
