-- Tables by personal attributes (개인 속성 표). `attribute_sheet` holds what departments handed in, every number
-- of it, for the office alone. `attribute_disclosed` holds what each disclosure made of them: which numbers it hid
-- and which it showed. The next disclosure is judged against that, and a bundle is made again from it, so a row of it never
-- changes. The items of a table are read and written whole, hence one column.
CREATE TABLE attribute_sheet (
  district TEXT NOT NULL,
  id TEXT NOT NULL,
  year BIGINT NOT NULL,
  unit TEXT NOT NULL,
  attribute TEXT NOT NULL,
  node TEXT NOT NULL,
  items TEXT NOT NULL,
  remark TEXT NOT NULL,
  state TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT,
  decided_at TEXT,
  decision_reason TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT attribute_sheet_pkey PRIMARY KEY (district, id)
);
CREATE INDEX attribute_sheet_place ON attribute_sheet (district, year, unit, attribute, node);

CREATE TABLE attribute_disclosed (
  district TEXT NOT NULL,
  disclosure_no BIGINT NOT NULL,
  year BIGINT NOT NULL,
  unit TEXT NOT NULL,
  attribute TEXT NOT NULL,
  node TEXT NOT NULL,
  total BIGINT NOT NULL,
  items TEXT NOT NULL,
  withheld TEXT,
  created_at TEXT NOT NULL,
  CONSTRAINT attribute_disclosed_pkey PRIMARY KEY (district, disclosure_no, year, unit, attribute, node),
  FOREIGN KEY (district, disclosure_no) REFERENCES disclosure (district, no)
);

CREATE TRIGGER attribute_disclosed_no_change BEFORE UPDATE OR DELETE ON attribute_disclosed
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
