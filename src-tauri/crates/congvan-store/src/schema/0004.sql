-- Schema 4. Completing signatures without their token, and evidence at hand.

-- One row for each file that this person signed here: written in the transaction of the signature,
-- so that no crash can part them. What is still to be done follows from level and policy.
CREATE TABLE completion(
  file BLOB NOT NULL PRIMARY KEY CHECK(length(file) = 16),
  document BLOB NOT NULL CHECK(length(document) = 16),
  signed BLOB NOT NULL CHECK(length(signed) = 32),   -- our signature
  signed_level INTEGER NOT NULL,                     -- 0 B-B, 1 B-T, 2 B-LT, 3 B-LTA
  head BLOB NOT NULL CHECK(length(head) = 32),       -- the same, or its newest completion by us
  level INTEGER NOT NULL,                            -- of head
  certificate BLOB NOT NULL CHECK(length(certificate) = 32),
  author INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  at INTEGER NOT NULL,                               -- when it was signed
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,             -- our clock, ms
  code TEXT,                                         -- of the last failure
  tsa TEXT,                                          -- whose time stamp was taken last
  revoked_at INTEGER,                                -- past saving, and when the certificate was revoked
  closed INTEGER NOT NULL DEFAULT 0                  -- 1: nothing is left to be completed here
) STRICT, WITHOUT ROWID;
CREATE INDEX completion_open ON completion(level, not_before)
  WHERE closed = 0 AND revoked_at IS NULL;
CREATE INDEX completion_blocked ON completion(document) WHERE revoked_at IS NOT NULL;

-- What was signed before this table was.
INSERT INTO completion(file, document, signed, signed_level, head, level, certificate, author,
    author_name, at)
  SELECT file, lane, child, CASE level WHEN 'B-B' THEN 0 WHEN 'B-T' THEN 1 WHEN 'B-LT' THEN 2 ELSE 3 END,
    child, CASE level WHEN 'B-B' THEN 0 WHEN 'B-T' THEN 1 WHEN 'B-LT' THEN 2 ELSE 3 END,
    certificate, author, author_name, at
  FROM outbox WHERE kind = 'link_revision' AND state IN ('waiting', 'applied') ORDER BY local_seq
  ON CONFLICT(file) DO UPDATE SET signed = excluded.signed, signed_level = excluded.signed_level,
    head = excluded.head, level = excluded.level, certificate = excluded.certificate,
    author = excluded.author, author_name = excluded.author_name, at = excluded.at;

-- Answers about the revocation of certificates, while they are fresh.
CREATE TABLE evidence(
  certificate BLOB NOT NULL CHECK(length(certificate) = 32),
  kind TEXT NOT NULL CHECK(kind IN ('ocsp', 'crl')),
  der BLOB NOT NULL,
  until INTEGER NOT NULL,              -- nextUpdate, ms
  at INTEGER NOT NULL,                 -- when it was fetched
  PRIMARY KEY(certificate, kind)
) STRICT;

-- How many time stamps were asked of whom.
CREATE TABLE tsa_use(
  url TEXT NOT NULL PRIMARY KEY,
  day INTEGER NOT NULL,                -- yyyymmdd in Vietnam
  used_day INTEGER NOT NULL,
  used_month INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
