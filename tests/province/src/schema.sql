-- The reference server's data. One file, one writer.

CREATE TABLE server(          -- facts about this server: epoch, keys, whether it was seeded
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE account(
  id            INTEGER PRIMARY KEY,
  username      TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,             -- Argon2id, PHC string
  full_name     TEXT NOT NULL
) STRICT;

CREATE TABLE post(            -- the posts of a person, the main one first
  account     INTEGER NOT NULL REFERENCES account,
  ordinal     INTEGER NOT NULL,
  role        TEXT NOT NULL,
  title       TEXT NOT NULL,
  agency_code TEXT NOT NULL,
  agency_name TEXT NOT NULL,
  PRIMARY KEY(account, ordinal)
) STRICT;

CREATE TABLE signer(          -- which certificate may sign for which account
  certificate BLOB NOT NULL,               -- SHA-256 of the DER
  account     INTEGER NOT NULL REFERENCES account,
  subject     TEXT NOT NULL,
  PRIMARY KEY(certificate, account)
) STRICT;

CREATE TABLE session(         -- one login on one device
  id          INTEGER PRIMARY KEY,
  account     INTEGER NOT NULL REFERENCES account,
  device      BLOB NOT NULL,
  device_name TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  revoked     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE access_token(    -- only hashes: who reads this file cannot log in with it
  hash       BLOB PRIMARY KEY,
  session    INTEGER NOT NULL REFERENCES session,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE refresh_token(
  hash    BLOB PRIMARY KEY,
  session INTEGER NOT NULL REFERENCES session,
  generation INTEGER NOT NULL,             -- 1 at login, one more with each refresh
  spent   INTEGER NOT NULL DEFAULT 0       -- 1 once a successor was used: seeing it again is theft
) STRICT;

CREATE TABLE document(
  id              BLOB PRIMARY KEY,
  direction       TEXT NOT NULL,
  state           TEXT NOT NULL,
  notation        TEXT,
  issued_on       TEXT,
  arrival_number  INTEGER,
  arrived_at      INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  issuer_code     TEXT NOT NULL,
  issuer_name     TEXT NOT NULL,
  subject         TEXT NOT NULL,
  urgency         INTEGER NOT NULL,        -- edXML Priority, 0 to 4
  due             TEXT,                    -- JSON of Deadline
  signer_position TEXT NOT NULL,
  signer_name     TEXT NOT NULL,
  rev             INTEGER NOT NULL,
  recalled        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE access(          -- who may see a document, and what each has to do with it
  document BLOB NOT NULL REFERENCES document,
  account  INTEGER NOT NULL REFERENCES account,
  role     TEXT,
  read_at  INTEGER,
  PRIMARY KEY(document, account)
) STRICT;

CREATE TABLE file(
  id         BLOB PRIMARY KEY,
  document   BLOB NOT NULL REFERENCES document,
  ordinal    INTEGER NOT NULL,
  name       TEXT NOT NULL,
  role       TEXT NOT NULL,
  media_type TEXT NOT NULL,
  pages      INTEGER,
  UNIQUE(document, ordinal)
) STRICT;

CREATE TABLE blob(            -- never before its bytes are durable
  sha256 BLOB PRIMARY KEY,
  size   INTEGER NOT NULL,
  at     INTEGER NOT NULL
) STRICT;

CREATE TABLE revision(
  id        BLOB PRIMARY KEY,
  file      BLOB NOT NULL REFERENCES file,
  ordinal   INTEGER NOT NULL,
  sha256    BLOB NOT NULL REFERENCES blob,
  parent    BLOB,
  level     TEXT,
  signed_by TEXT,
  at        INTEGER NOT NULL,
  UNIQUE(file, ordinal),
  UNIQUE(file, parent),                    -- two signatures over one parent: the second loses
  UNIQUE(file, sha256)
) STRICT;
CREATE INDEX revision_blob ON revision(sha256);

CREATE TABLE blob_owner(      -- who uploaded it: may read it before any document links it
  sha256  BLOB NOT NULL REFERENCES blob,
  account INTEGER NOT NULL REFERENCES account,
  PRIMARY KEY(sha256, account)
) STRICT;

CREATE TABLE flow(
  document BLOB NOT NULL REFERENCES document,
  ordinal  INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  who      TEXT NOT NULL,
  state    TEXT NOT NULL,
  note     TEXT NOT NULL,
  PRIMARY KEY(document, ordinal)
) STRICT;

CREATE TABLE opinion(
  id          BLOB PRIMARY KEY,
  document    BLOB NOT NULL REFERENCES document,
  kind        TEXT NOT NULL,
  text        TEXT NOT NULL,
  author      INTEGER NOT NULL REFERENCES account,
  author_name TEXT NOT NULL,
  written_at  INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX opinion_document ON opinion(document);

-- The change feed: a latest-state index per account. The head row is updated by the last
-- statements of each writing transaction, so that for one account order of seq is order of commit.
CREATE TABLE feed_head(
  account INTEGER PRIMARY KEY REFERENCES account,
  head    INTEGER NOT NULL
) STRICT;

CREATE TABLE feed(
  account INTEGER NOT NULL REFERENCES account,
  etype   INTEGER NOT NULL,
  eid     BLOB NOT NULL,
  seq     INTEGER NOT NULL,
  kind    TEXT NOT NULL,                   -- 'u' upsert, 'x' gone for this account
  rev     INTEGER NOT NULL,
  prio    INTEGER NOT NULL,
  PRIMARY KEY(account, etype, eid)
) STRICT;
CREATE UNIQUE INDEX feed_seq ON feed(account, seq);
CREATE INDEX feed_prio ON feed(account, prio, seq);

CREATE TABLE applied_op(      -- exactly once: written in the transaction of the effect
  op           BLOB PRIMARY KEY,
  account      INTEGER NOT NULL REFERENCES account,
  device       BLOB NOT NULL,
  local_seq    INTEGER NOT NULL,
  request_hash BLOB NOT NULL,
  result       TEXT NOT NULL,              -- JSON of OpResult, answered again word for word
  at           INTEGER NOT NULL
) STRICT;

CREATE TABLE device(
  id              BLOB NOT NULL,
  account         INTEGER NOT NULL REFERENCES account,
  incarnation     TEXT NOT NULL,
  settled_through INTEGER NOT NULL DEFAULT 0,
  highest_seq     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(id, account, incarnation)
) STRICT;

CREATE TABLE upload(
  id         TEXT PRIMARY KEY,
  account    INTEGER NOT NULL REFERENCES account,
  sha256     BLOB NOT NULL,
  length     INTEGER NOT NULL,
  durable    INTEGER NOT NULL,             -- offset whose bytes were fsynced
  seeded     INTEGER NOT NULL DEFAULT 0,   -- bytes taken from the base blob
  received   INTEGER NOT NULL DEFAULT 0,   -- bytes of bodies, wasted ones too
  requests   INTEGER NOT NULL DEFAULT 0,
  state      TEXT NOT NULL,                -- 'open', 'complete', 'gone'
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_digest ON upload(account, sha256);
