-- Pairs of records that may be one person (중복), what officers decided about them, who is protected
-- and who looked all the same. Decisions, protections and looks only grow: a merge is a link between
-- two records that both stay, and undoing it is one more line. Remarks are sealed with a record's key.
CREATE TABLE resident_pair (
  district TEXT NOT NULL,
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  score BIGINT NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_pair_pkey PRIMARY KEY (district, one, other),
  CONSTRAINT resident_pair_order CHECK (one < other),
  CONSTRAINT resident_pair_state CHECK (state IN ('open', 'same', 'different')),
  FOREIGN KEY (district, one) REFERENCES resident (district, id),
  FOREIGN KEY (district, other) REFERENCES resident (district, id)
);
CREATE INDEX resident_pair_other ON resident_pair (district, other);
CREATE INDEX resident_pair_state ON resident_pair (district, state);

CREATE TABLE resident_decision (
  district TEXT NOT NULL,
  seq BIGINT NOT NULL,
  one TEXT NOT NULL,
  other TEXT NOT NULL,
  decision TEXT NOT NULL,
  score BIGINT NOT NULL,
  why TEXT NOT NULL,
  remark_sealed BYTEA,
  decided_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_decision_pkey PRIMARY KEY (district, seq),
  CONSTRAINT resident_decision_word CHECK (decision IN ('same', 'different', 'open')),
  FOREIGN KEY (district, one, other) REFERENCES resident_pair (district, one, other)
);
CREATE INDEX resident_decision_pair ON resident_decision (district, one, other);

CREATE TABLE resident_protection (
  district TEXT NOT NULL,
  seq BIGINT NOT NULL,
  resident TEXT NOT NULL,
  change TEXT NOT NULL,
  changed_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_protection_pkey PRIMARY KEY (district, seq),
  CONSTRAINT resident_protection_word CHECK (change IN ('protected', 'lifted')),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
CREATE INDEX resident_protection_resident ON resident_protection (district, resident);

CREATE TABLE resident_break_glass (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  resident TEXT NOT NULL,
  officer TEXT NOT NULL,
  why TEXT NOT NULL,
  remark_sealed BYTEA,
  ends_at TEXT NOT NULL,
  seen_by TEXT,
  seen_at TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_break_glass_pkey PRIMARY KEY (district, id),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
CREATE INDEX resident_break_glass_officer ON resident_break_glass (district, officer, resident, ends_at);
CREATE INDEX resident_break_glass_when ON resident_break_glass (district, created_at);

CREATE FUNCTION resident_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'decisions about residents only grow'; END $$;
CREATE TRIGGER resident_decision_only_grows BEFORE UPDATE OR DELETE ON resident_decision FOR EACH ROW EXECUTE FUNCTION resident_decision_refuse();
CREATE TRIGGER resident_decision_not_emptied BEFORE TRUNCATE ON resident_decision FOR EACH STATEMENT EXECUTE FUNCTION resident_decision_refuse();
CREATE FUNCTION resident_protection_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the history of protection only grows'; END $$;
CREATE TRIGGER resident_protection_only_grows BEFORE UPDATE OR DELETE ON resident_protection FOR EACH ROW EXECUTE FUNCTION resident_protection_refuse();
CREATE TRIGGER resident_protection_not_emptied BEFORE TRUNCATE ON resident_protection FOR EACH STATEMENT EXECUTE FUNCTION resident_protection_refuse();
CREATE FUNCTION resident_break_glass_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a look with a reason stays written down'; END $$;
CREATE TRIGGER resident_break_glass_only_grows BEFORE DELETE ON resident_break_glass FOR EACH ROW EXECUTE FUNCTION resident_break_glass_refuse();
CREATE TRIGGER resident_break_glass_not_emptied BEFORE TRUNCATE ON resident_break_glass FOR EACH STATEMENT EXECUTE FUNCTION resident_break_glass_refuse();
