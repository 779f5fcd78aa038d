-- Applications that were opened with a reason by an officer who has nothing to do with them (긴급 열람): which, who, and until
-- when. The reason lies sealed with the look itself, among those at the resident. One is over when its time is.
CREATE TABLE program_look (
  district TEXT NOT NULL,
  look TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  app_no INTEGER NOT NULL,
  officer TEXT NOT NULL,
  ends_at TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_look_pkey PRIMARY KEY (district, look)
);
CREATE INDEX program_look_call ON program_look (district, call_no, officer, ends_at);

CREATE TRIGGER program_look_no_update BEFORE UPDATE ON program_look
BEGIN SELECT RAISE(ABORT, 'looks with a reason only grow'); END;
CREATE TRIGGER program_look_no_delete BEFORE DELETE ON program_look
BEGIN SELECT RAISE(ABORT, 'looks with a reason only grow'); END;
