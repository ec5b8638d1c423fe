-- Schema 5. Numbers, held removals, anchors, receipts that were verified, what happened.

-- The outbox learns two kinds of intents. SQLite cannot widen a CHECK, so the table is written anew:
-- every row word for word, local_seq and the counter behind it included.
CREATE TABLE outbox_5(
  local_seq INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id BLOB NOT NULL UNIQUE CHECK(length(op_id) = 16),
  lane BLOB NOT NULL CHECK(length(lane) = 16),
  base_rev INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK(kind IN ('add_opinion', 'link_revision', 'mark_read',
    'register_incoming', 'void_number')),
  -- add_opinion
  opinion BLOB, opinion_kind TEXT, text TEXT,
  -- link_revision; child and size also for the scan of register_incoming
  file BLOB, revision BLOB, parent BLOB, child BLOB, size INTEGER, level TEXT, certificate BLOB,
  -- fate
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK(state IN ('waiting', 'applied', 'conflict', 'rejected')),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,   -- our clock, ms
  outcome TEXT,                            -- protocol JSON, as the server said it
  receipt TEXT,                            -- protocol JSON
  settled_at INTEGER,
  dismissed_at INTEGER,                    -- when a person closed a conflict or rejection
  -- since schema 5
  facts TEXT,                              -- register_incoming, void_number: the intent, protocol JSON
  receipt_ok INTEGER,                      -- 1 verified, 0 does not verify, NULL not yet looked at
  offered_again INTEGER NOT NULL DEFAULT 0 -- 1 while waiting once more after the server lost it
) STRICT;
INSERT INTO outbox_5(local_seq, op_id, lane, base_rev, at, author, author_name, kind, opinion,
    opinion_kind, text, file, revision, parent, child, size, level, certificate, state, attempts,
    not_before, outcome, receipt, settled_at, dismissed_at)
  SELECT local_seq, op_id, lane, base_rev, at, author, author_name, kind, opinion,
    opinion_kind, text, file, revision, parent, child, size, level, certificate, state, attempts,
    not_before, outcome, receipt, settled_at, dismissed_at
  FROM outbox ORDER BY local_seq;
DELETE FROM sqlite_sequence WHERE name = 'outbox_5';
INSERT INTO sqlite_sequence(name, seq) SELECT 'outbox_5', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_5 RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox(local_seq) WHERE state = 'waiting';
CREATE INDEX outbox_trouble ON outbox(local_seq)
  WHERE state IN ('conflict', 'rejected') AND dismissed_at IS NULL;
CREATE INDEX outbox_by_lane ON outbox(lane, local_seq);
CREATE INDEX outbox_unverified ON outbox(local_seq) WHERE receipt IS NOT NULL AND receipt_ok IS NULL;
CREATE TRIGGER outbox_unsent_stays BEFORE DELETE ON outbox WHEN OLD.state = 'waiting'
BEGIN SELECT RAISE(ABORT, 'an unsent intent is never deleted'); END;
CREATE TRIGGER outbox_facts_stay BEFORE UPDATE OF local_seq, op_id, lane, base_rev, at, author, author_name,
  kind, opinion, opinion_kind, text, file, revision, parent, child, size, level, certificate, facts ON outbox
BEGIN SELECT RAISE(ABORT, 'the facts of an intent never change'); END;

-- For inventories: without these every body would be read and deciphered.
CREATE INDEX document_inventory ON document(id, rev);
CREATE INDEX opinion_inventory ON opinion(rev);

-- Documents that the server's word removes and that stay until it is confirmed.
CREATE TABLE held_removal(
  document BLOB NOT NULL PRIMARY KEY CHECK(length(document) = 16),
  rev INTEGER NOT NULL,                -- of the tombstone
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE desk ADD COLUMN removals_run INTEGER NOT NULL DEFAULT 0; -- documents removed in this sync
ALTER TABLE desk ADD COLUMN anchor_seq INTEGER NOT NULL DEFAULT 0;   -- audit head the server has
ALTER TABLE desk ADD COLUMN anchor_hash BLOB;

-- The right to number a book while out of reach of the server. One row a book and year.
CREATE TABLE lease(
  book TEXT NOT NULL,
  year INTEGER NOT NULL,
  fence INTEGER NOT NULL,              -- rises with every lease of the book
  lo INTEGER NOT NULL,
  hi INTEGER NOT NULL,
  next INTEGER NOT NULL,               -- the number issued next; lo..next-1 are used
  expires_at INTEGER NOT NULL,
  stopped_at INTEGER,                  -- from here on nothing is issued, whatever the server answers
  last_at INTEGER NOT NULL DEFAULT 0,  -- reception time of the last number: never goes back
  PRIMARY KEY(book, year)
) STRICT, WITHOUT ROWID;

-- Papers registered here that the server has not confirmed.
CREATE TABLE overlay_registration(
  document BLOB NOT NULL PRIMARY KEY CHECK(length(document) = 16),
  op_id BLOB NOT NULL,
  provisional TEXT NOT NULL,
  number INTEGER,                      -- out of a lease; none until the server gives one
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened to the desk as a whole, for people. Codes and counts; the words are the face's.
CREATE TABLE happening(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  code TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT ''      -- an id or a code, never content
) STRICT;
