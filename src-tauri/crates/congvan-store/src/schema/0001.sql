-- Schema 1. Migrations only append; the outbox keeps facts in columns and no migration rewrites it.

-- One row: where this desk stands with its server.
CREATE TABLE desk(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  incarnation TEXT NOT NULL,           -- random at each creation of this database
  cursor TEXT,                         -- opaque; written in the transaction of the page it covers
  epoch TEXT,                          -- the server's history that cursor belongs to
  synced_at INTEGER,                   -- our clock at the last page, ms
  clock_offset_ms INTEGER NOT NULL DEFAULT 0  -- server minus ours, last measured
) STRICT;

CREATE TABLE setting(name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Mirror: what the server last said.
CREATE TABLE document(
  -- Arrival time in ms times 2^20 plus a salt: newest first is rowid order, everywhere.
  row INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  rev INTEGER NOT NULL,
  direction TEXT NOT NULL,
  state TEXT NOT NULL,
  open INTEGER NOT NULL,               -- incoming and not yet resolved or filed
  arrived_at INTEGER NOT NULL,
  arrival_number INTEGER,
  notation TEXT,
  issued_on TEXT,
  kind TEXT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  urgency INTEGER NOT NULL,            -- edXML Priority, 0 to 4
  due TEXT,                            -- as the protocol writes it
  due_at INTEGER,                      -- its last instant, for comparing
  role TEXT,
  read_at INTEGER,
  main_blob BLOB,                      -- head of the first file
  files INTEGER NOT NULL,
  body TEXT NOT NULL                   -- the whole document, protocol JSON
) STRICT;
CREATE INDEX document_by_direction ON document(direction, row);
CREATE INDEX document_open ON document(row, due_at) WHERE open = 1;
CREATE INDEX document_unread ON document(row) WHERE direction = 'incoming' AND read_at IS NULL;
CREATE INDEX document_to_sign ON document(row) WHERE state = 'awaiting_signature';

CREATE TABLE opinion(
  id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
  document BLOB NOT NULL,
  rev INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX opinion_of_document ON opinion(document, received_at);

-- Which bytes each document is made of, all revisions of all files.
CREATE TABLE file_blob(
  document BLOB NOT NULL,
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  size INTEGER NOT NULL,
  head INTEGER NOT NULL,               -- 1 for the current bytes of a file
  PRIMARY KEY(document, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_blob_by_hash ON file_blob(sha256);

-- Two columns: as written, and folded (no marks, đ as d). No copy of the text is kept.
CREATE VIRTUAL TABLE search USING fts5(
  exact, folded, content='', contentless_delete=1,
  tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
);

-- Outbox: the intents. The facts never change; only the fate does.
CREATE TABLE outbox(
  local_seq INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id BLOB NOT NULL UNIQUE CHECK(length(op_id) = 16),
  lane BLOB NOT NULL CHECK(length(lane) = 16),
  base_rev INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('add_opinion', 'link_revision', 'mark_read')),
  -- add_opinion
  opinion BLOB, opinion_kind TEXT, text TEXT,
  -- link_revision
  file BLOB, revision BLOB, parent BLOB, child BLOB, size INTEGER, level TEXT, certificate BLOB,
  -- fate
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK(state IN ('waiting', 'applied', 'conflict', 'rejected')),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,   -- our clock, ms
  outcome TEXT,                            -- protocol JSON, as the server said it
  receipt TEXT,                            -- protocol JSON
  settled_at INTEGER,
  dismissed_at INTEGER                     -- when a person closed a conflict or rejection
) STRICT;
CREATE INDEX outbox_waiting ON outbox(local_seq) WHERE state = 'waiting';
CREATE INDEX outbox_trouble ON outbox(local_seq)
  WHERE state IN ('conflict', 'rejected') AND dismissed_at IS NULL;
CREATE INDEX outbox_by_lane ON outbox(lane, local_seq);

CREATE TRIGGER outbox_unsent_stays BEFORE DELETE ON outbox WHEN OLD.state = 'waiting'
BEGIN SELECT RAISE(ABORT, 'an unsent intent is never deleted'); END;
CREATE TRIGGER outbox_facts_stay BEFORE UPDATE OF local_seq, op_id, lane, base_rev, at, author, author_name,
  kind, opinion, opinion_kind, text, file, revision, parent, child, size, level, certificate ON outbox
BEGIN SELECT RAISE(ABORT, 'the facts of an intent never change'); END;

-- Overlay: what the user did and the mirror does not show yet.
CREATE TABLE overlay_opinion(
  id BLOB NOT NULL PRIMARY KEY,
  op_id BLOB NOT NULL,
  document BLOB NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  author INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  written_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_opinion_of_document ON overlay_opinion(document, written_at);

CREATE TABLE overlay_read(
  document BLOB NOT NULL PRIMARY KEY,
  op_id BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE overlay_revision(
  id BLOB NOT NULL PRIMARY KEY,
  op_id BLOB NOT NULL,
  document BLOB NOT NULL,
  file BLOB NOT NULL,
  parent BLOB NOT NULL,
  child BLOB NOT NULL,
  size INTEGER NOT NULL,
  level TEXT NOT NULL,
  signed_by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_revision_of_document ON overlay_revision(document, at);

-- Blobs on this machine. A row is written only after its file is durable.
CREATE TABLE blob(
  sha256 BLOB NOT NULL PRIMARY KEY CHECK(length(sha256) = 32),
  size INTEGER NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('present', 'quarantined', 'condemned')),
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Uploads under way: the address lets the next run go on where this one stopped.
CREATE TABLE upload(
  sha256 BLOB NOT NULL PRIMARY KEY,
  url TEXT,
  done INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Audit: a hash chain. Each row's hash covers the one before.
CREATE TABLE audit(
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  document BLOB,
  detail TEXT NOT NULL,                -- ids and codes, never content
  previous BLOB NOT NULL,
  hash BLOB NOT NULL UNIQUE CHECK(length(hash) = 32)
) STRICT;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit chain never changes'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit chain never shrinks'); END;
