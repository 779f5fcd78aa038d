-- Calls for applications (모집공고). A call keeps the text of its rules with their hash, so that nobody can be
-- selected by rules that changed after publication. Places hang on the plan by their node.
CREATE TABLE program_call (
  district TEXT NOT NULL,
  no INTEGER NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  program TEXT NOT NULL,
  as_of_on TEXT NOT NULL,
  apply_first_on TEXT NOT NULL,
  apply_last_on TEXT NOT NULL,
  result_on TEXT NOT NULL,
  work_first_on TEXT NOT NULL,
  work_last_on TEXT NOT NULL,
  objection_days INTEGER NOT NULL,
  answer_days INTEGER NOT NULL,
  wage_hourly INTEGER NOT NULL,
  hours TEXT NOT NULL,
  pay_note TEXT NOT NULL,
  documents TEXT NOT NULL,
  body TEXT NOT NULL,
  contact TEXT NOT NULL,
  rules_text TEXT NOT NULL,
  rules_sha256 TEXT NOT NULL,
  receipts_given INTEGER NOT NULL,
  drafted_by TEXT NOT NULL,
  checked_by TEXT,
  checked_at TEXT,
  published_by TEXT,
  published_at TEXT,
  reason TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_call_pkey PRIMARY KEY (district, no)
);

-- Pools are ranked apart: 일반, 청년. An age is completed years on the first day of work.
CREATE TABLE program_pool (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  name TEXT NOT NULL,
  place INTEGER NOT NULL,
  age_min INTEGER,
  age_max INTEGER,
  created_at TEXT NOT NULL,
  CONSTRAINT program_pool_pkey PRIMARY KEY (district, call_no, name)
);

CREATE TABLE program_place (
  district TEXT NOT NULL,
  call_no INTEGER NOT NULL,
  no TEXT NOT NULL,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  site TEXT NOT NULL,
  dong TEXT NOT NULL,
  area TEXT NOT NULL,
  pool TEXT NOT NULL,
  node TEXT NOT NULL,
  capacity INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT program_place_pkey PRIMARY KEY (district, call_no, no)
);
