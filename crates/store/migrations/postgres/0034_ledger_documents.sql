-- The documents people read (공시 문서), byte for byte as they went into a disclosure's bundle. They
-- are kept and not made again: how a document is composed changes with the program, what was
-- disclosed does not. Tables that a checker recomputes are not here; they follow from the leaves.
CREATE TABLE disclosure_document (
  district TEXT NOT NULL,
  disclosure_no BIGINT NOT NULL,
  path TEXT NOT NULL,
  body BYTEA NOT NULL,
  created_at TEXT NOT NULL,
  CONSTRAINT disclosure_document_pkey PRIMARY KEY (district, disclosure_no, path),
  FOREIGN KEY (district, disclosure_no) REFERENCES disclosure (district, no)
);

CREATE TRIGGER disclosure_document_no_change BEFORE UPDATE OR DELETE ON disclosure_document
FOR EACH ROW EXECUTE FUNCTION ledger_row_stays();
