-- Schema 22. Dossiers as the server last said them, and our acts on them that it does not show yet.

CREATE TABLE dossier(
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  year INTEGER NOT NULL,
  title TEXT NOT NULL,                 -- for the list of acts
  body TEXT NOT NULL                   -- the protocol's Dossier, JSON
) STRICT, WITHOUT ROWID;
CREATE INDEX dossier_by_year ON dossier(year);

-- Their facts are the outbox's.
CREATE TABLE overlay_dossier(
  op_id BLOB PRIMARY KEY,
  dossier BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_dossier_by_dossier ON overlay_dossier(dossier);
