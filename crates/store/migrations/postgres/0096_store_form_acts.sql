-- Forms whose act was done (처리한 양식), so that the same form sent twice has one effect. The row is written in the
-- transaction of the act. Of the form's one-time id only the hash lies here, and of what was typed only a hash made with that
-- id: whoever reads the table can try no text against it. status and location are what the first of the two was answered.
CREATE TABLE form_act (
  district TEXT NOT NULL,
  act TEXT NOT NULL,
  officer TEXT NOT NULL,
  body TEXT NOT NULL,
  status BIGINT,
  location TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT form_act_pkey PRIMARY KEY (district, act)
);
CREATE INDEX form_act_when ON form_act (created_at);
