-- A selection that takes the place of a confirmed one (다시 선발), after an objection that was found right. The run that
-- is replaced stays as it was. Nobody loses a seat by it; where one more is due, the place gets it, with a reason.
CREATE TABLE program_again (
  district TEXT NOT NULL,
  call_no BIGINT NOT NULL,
  run_no BIGINT NOT NULL,
  replaces BIGINT NOT NULL,
  reason TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_again_pkey PRIMARY KEY (district, call_no, run_no)
);

CREATE TABLE program_extra_seat (
  district TEXT NOT NULL,
  call_no BIGINT NOT NULL,
  run_no BIGINT NOT NULL,
  place TEXT NOT NULL,
  seats BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_extra_seat_pkey PRIMARY KEY (district, call_no, run_no, place)
);
