-- Schema 2. Pictures for the person's signatures; they never leave this machine but in what is signed.
CREATE TABLE signature_image(
  role TEXT NOT NULL PRIMARY KEY CHECK(role IN ('signature', 'initials', 'seal')),
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  png BLOB NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  width_mm REAL NOT NULL,              -- size on paper
  height_mm REAL NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
