-- Where a disclosure was announced (알린 곳): a fact about a disclosure, written down when it is known
-- and never taken away. A wrong line is answered by a strike with its reason, and both stay.
CREATE TABLE disclosure_channel (
  district TEXT NOT NULL,
  no BIGINT NOT NULL,
  disclosure_no BIGINT NOT NULL,
  channel TEXT NOT NULL,
  announced_on TEXT NOT NULL,
  place TEXT NOT NULL,
  told_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT disclosure_channel_pkey PRIMARY KEY (district, no),
  FOREIGN KEY (district, disclosure_no) REFERENCES disclosure (district, no)
);

-- The primary key lets a line be struck once.
CREATE TABLE disclosure_channel_strike (
  district TEXT NOT NULL,
  channel_no BIGINT NOT NULL,
  reason TEXT NOT NULL,
  struck_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT disclosure_channel_strike_pkey PRIMARY KEY (district, channel_no),
  FOREIGN KEY (district, channel_no) REFERENCES disclosure_channel (district, no)
);

CREATE TRIGGER disclosure_channel_no_change BEFORE UPDATE OR DELETE ON disclosure_channel
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
CREATE TRIGGER disclosure_channel_strike_no_change BEFORE UPDATE OR DELETE ON disclosure_channel_strike
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
