-- Where a disclosure was announced (알린 곳): a fact about a disclosure, written down when it is known
-- and never taken away. A wrong line is answered by a strike with its reason, and both stay.
CREATE TABLE disclosure_channel (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  disclosure_no INTEGER NOT NULL,
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
  channel_no INTEGER NOT NULL,
  reason TEXT NOT NULL,
  struck_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT disclosure_channel_strike_pkey PRIMARY KEY (district, channel_no),
  FOREIGN KEY (district, channel_no) REFERENCES disclosure_channel (district, no)
);

CREATE TRIGGER disclosure_channel_no_update BEFORE UPDATE ON disclosure_channel
BEGIN SELECT RAISE(ABORT, 'a channel is never changed'); END;
CREATE TRIGGER disclosure_channel_no_delete BEFORE DELETE ON disclosure_channel
BEGIN SELECT RAISE(ABORT, 'a channel is never deleted'); END;
CREATE TRIGGER disclosure_channel_strike_no_update BEFORE UPDATE ON disclosure_channel_strike
BEGIN SELECT RAISE(ABORT, 'a struck channel is never changed'); END;
CREATE TRIGGER disclosure_channel_strike_no_delete BEFORE DELETE ON disclosure_channel_strike
BEGIN SELECT RAISE(ABORT, 'a struck channel is never deleted'); END;
