-- Schema 7. Registering in batches: acts that can be taken back until they are sent, copies that wait
-- for the organisation's signature, void numbers of the whole book.

-- Which kinds of intents there are is the program's knowledge from here on (`outbox/rows.rs` refuses
-- the others), so that a new one needs no new table. Every row is taken over word for word, local_seq
-- and the counter behind it included.
CREATE TABLE outbox_7(
  local_seq INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id BLOB NOT NULL UNIQUE CHECK(length(op_id) = 16),
  lane BLOB NOT NULL CHECK(length(lane) = 16),
  base_rev INTEGER NOT NULL,
  at INTEGER NOT NULL,
  author INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- add_opinion
  opinion BLOB, opinion_kind TEXT, text TEXT,
  -- link_revision; child and size also for the scan of register_incoming
  file BLOB, revision BLOB, parent BLOB, child BLOB, size INTEGER, level TEXT, certificate BLOB,
  -- fate; 'withdrawn' by the person, before it was ever sent
  state TEXT NOT NULL DEFAULT 'waiting'
    CHECK(state IN ('waiting', 'applied', 'conflict', 'rejected', 'withdrawn')),
  attempts INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,   -- our clock, ms
  outcome TEXT,                            -- protocol JSON, as the server said it
  receipt TEXT,                            -- protocol JSON
  settled_at INTEGER,
  dismissed_at INTEGER,                    -- when a person closed a conflict or rejection
  facts TEXT,                              -- every other kind: the intent, protocol JSON
  receipt_ok INTEGER,                      -- 1 verified, 0 does not verify, NULL not yet looked at
  offered_again INTEGER NOT NULL DEFAULT 0,-- 1 while waiting once more after the server lost it
  -- since schema 7
  sent_at INTEGER,                         -- first handed to the network; from here on the server may have it
  CHECK(state <> 'withdrawn' OR sent_at IS NULL)
) STRICT;
INSERT INTO outbox_7(local_seq, op_id, lane, base_rev, at, author, author_name, kind, opinion,
    opinion_kind, text, file, revision, parent, child, size, level, certificate, state, attempts,
    not_before, outcome, receipt, settled_at, dismissed_at, facts, receipt_ok, offered_again, sent_at)
  -- Whether an older one was sent is not known, so it counts as sent.
  SELECT local_seq, op_id, lane, base_rev, at, author, author_name, kind, opinion,
    opinion_kind, text, file, revision, parent, child, size, level, certificate, state, attempts,
    not_before, outcome, receipt, settled_at, dismissed_at, facts, receipt_ok, offered_again, at
  FROM outbox ORDER BY local_seq;
DELETE FROM sqlite_sequence WHERE name = 'outbox_7';
INSERT INTO sqlite_sequence(name, seq) SELECT 'outbox_7', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_7 RENAME TO outbox;
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
CREATE TRIGGER outbox_sent_stays_sent BEFORE UPDATE OF sent_at ON outbox WHEN OLD.sent_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was sent stays sent'); END;
CREATE TRIGGER outbox_withdrawn_stays BEFORE UPDATE OF state ON outbox WHEN OLD.state = 'withdrawn'
BEGIN SELECT RAISE(ABORT, 'what was withdrawn is never sent'); END;

-- Scans registered here that shall carry the organisation's signature: gone once it is linked.
CREATE TABLE seal(
  document BLOB NOT NULL PRIMARY KEY CHECK(length(document) = 16),
  file BLOB NOT NULL CHECK(length(file) = 16),
  stamp INTEGER NOT NULL,              -- 1: with the stamp ĐẾN
  x REAL, y REAL,                      -- where the stamp goes, millimetres; NULL = the usual place
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers that the server calls void, with what stood there before, as it last said.
CREATE TABLE void_number(
  book TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  entry TEXT NOT NULL,                 -- protocol JSON
  PRIMARY KEY(book, year, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_numbered ON document(arrival_number) WHERE arrival_number IS NOT NULL;
