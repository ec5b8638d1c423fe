-- Schema 3. The leader's tray and batches of signatures.

-- Bytes that were on this person's screen, and how many pages they have: counted by us, since a
-- server's word could be too small.
CREATE TABLE reading(
  sha256 BLOB NOT NULL PRIMARY KEY CHECK(length(sha256) = 32),
  document BLOB NOT NULL,
  pages INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE reading_page(
  sha256 BLOB NOT NULL,
  page INTEGER NOT NULL,               -- from 0
  at INTEGER NOT NULL,                 -- when it was first shown
  PRIMARY KEY(sha256, page)
) STRICT, WITHOUT ROWID;

-- Marked to be signed. Bound to the bytes: counts only while they are the file's current ones.
CREATE TABLE tray_mark(
  document BLOB NOT NULL PRIMARY KEY,
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  unread INTEGER NOT NULL,             -- 1 when the rule of reading was overridden
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where this person's signature goes, by type of document. Millimetres from the top left.
CREATE TABLE placement(
  kind TEXT NOT NULL PRIMARY KEY,
  page INTEGER NOT NULL,               -- from 0; -1 is the last page
  x REAL NOT NULL, y REAL NOT NULL, width REAL NOT NULL, height REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- A batch under one PIN. 'running' in a database that is being opened means: interrupted.
CREATE TABLE batch(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
  module TEXT NOT NULL,
  token_serial TEXT NOT NULL,
  token_label TEXT NOT NULL,
  certificate BLOB NOT NULL CHECK(length(certificate) = 32),
  stage TEXT NOT NULL CHECK(stage IN ('running', 'finished', 'stopped')),
  stopped_by TEXT,                     -- code
  started INTEGER NOT NULL,
  finished INTEGER,
  elapsed_ms INTEGER NOT NULL DEFAULT 0,
  token_ms INTEGER NOT NULL DEFAULT 0,
  dismissed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_shown ON batch(started) WHERE dismissed_at IS NULL;

CREATE TABLE batch_item(
  batch BLOB NOT NULL,
  place INTEGER NOT NULL,              -- order of signing, from 0
  document BLOB NOT NULL,
  file BLOB NOT NULL,
  shown BLOB NOT NULL CHECK(length(shown) = 32),
  title TEXT NOT NULL,
  page INTEGER, x REAL, y REAL, width REAL, height REAL,  -- all or none
  -- 'signed' is written in the transaction that links the revision, so that no crash can part them.
  state TEXT NOT NULL DEFAULT 'waiting' CHECK(state IN ('waiting', 'signed', 'skipped', 'failed')),
  code TEXT, reason TEXT,
  child BLOB, level TEXT,
  PRIMARY KEY(batch, place)
) STRICT, WITHOUT ROWID;
