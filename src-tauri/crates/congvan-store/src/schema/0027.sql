-- Schema 27. Rows of a previous system's table that the server did not take, for the report. The rows
-- that wait for it are documents at revision 0 like drafts (`overlay_draft`), many to an intent.
CREATE TABLE import_refused(
  source BLOB NOT NULL,                -- SHA-256 of the table
  line INTEGER NOT NULL,               -- its row there
  why TEXT NOT NULL,                   -- the protocol's word
  PRIMARY KEY(source, line)
) STRICT, WITHOUT ROWID;
