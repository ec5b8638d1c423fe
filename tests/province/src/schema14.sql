-- Dossiers and the year's lists of them. `body` is the protocol's Dossier with what is inside; `number` and
-- `large` give the next number. One that was struck is gone, its tombstones stay in the feeds.
CREATE TABLE dossier (
  id     BLOB PRIMARY KEY,
  agency TEXT NOT NULL,
  year   INTEGER NOT NULL,
  number INTEGER NOT NULL,
  code   TEXT NOT NULL,
  large  TEXT NOT NULL,
  rev    INTEGER NOT NULL,
  body   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dossier_by_year ON dossier(agency, year);
