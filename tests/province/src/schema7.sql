-- Schema 7. Fields of activity (lĩnh vực).

CREATE TABLE activity(        -- what an agency sorts its documents by
  agency  TEXT NOT NULL,
  code    TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  name    TEXT NOT NULL,
  PRIMARY KEY(agency, code)
) STRICT, WITHOUT ROWID;

-- As it was called when the document was registered; both or neither.
ALTER TABLE document ADD COLUMN activity_code TEXT;
ALTER TABLE document ADD COLUMN activity_name TEXT;
