-- Records that nobody has a reason to look at (미끼 기록). They look like any other; whoever finds or opens one raises
-- an alarm for the auditors. `seen_seq` is the line of the access log up to which an auditor has seen them.
CREATE TABLE resident_honey (
  district TEXT NOT NULL,
  resident TEXT NOT NULL,
  planted_by TEXT NOT NULL,
  seen_seq BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT resident_honey_pkey PRIMARY KEY (district, resident),
  FOREIGN KEY (district, resident) REFERENCES resident (district, id)
);
