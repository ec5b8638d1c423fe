-- Desks that write courier bundles: what their signatures are checked with and what answers are sealed
-- to, in force as long as the login under which it was told. `signer` is the id of `signing`.
CREATE TABLE courier_desk (
  signer  BLOB PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES session,
  signing TEXT NOT NULL,
  sealing TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Bundles and answers among the blobs, which go after some days.
CREATE TABLE courier_blob (
  sha256 BLOB PRIMARY KEY,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
