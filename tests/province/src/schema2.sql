-- Version 2: what the op log needs to be pruned and to notice a machine that went back in time, and
-- the books.

ALTER TABLE applied_op ADD COLUMN incarnation TEXT NOT NULL DEFAULT '';
-- The hash of the op without its local_seq: offered again by a new incarnation it is the same op.
ALTER TABLE applied_op ADD COLUMN content_hash BLOB;
CREATE INDEX applied_op_seq ON applied_op(device, account, incarnation, local_seq);
CREATE INDEX applied_op_at ON applied_op(at);

CREATE TABLE book(            -- the books of an agency, first the one for everything
  agency   TEXT NOT NULL,
  code     TEXT NOT NULL,
  ordinal  INTEGER NOT NULL,
  name     TEXT NOT NULL,
  leasable INTEGER NOT NULL,               -- 1: mode L allowed
  PRIMARY KEY(agency, code)
) STRICT;

CREATE TABLE series(          -- the counter of one book in one year
  agency TEXT NOT NULL,
  book   TEXT NOT NULL,
  year   INTEGER NOT NULL,
  first  INTEGER NOT NULL,                 -- 1, or where this server took over from another system
  next   INTEGER NOT NULL,
  fence  INTEGER NOT NULL DEFAULT 0,       -- of the last lease
  PRIMARY KEY(agency, book, year),
  FOREIGN KEY(agency, book) REFERENCES book
) STRICT;

CREATE TABLE book_lease(
  agency      TEXT NOT NULL,
  book        TEXT NOT NULL,
  year        INTEGER NOT NULL,
  fence       INTEGER NOT NULL,
  account     INTEGER NOT NULL REFERENCES account,
  device      BLOB NOT NULL,
  incarnation TEXT NOT NULL,
  lo          INTEGER NOT NULL,
  hi          INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  state       TEXT NOT NULL,               -- 'open', 'returned', 'broken', 'settled'
  used_hi     INTEGER,                     -- when returned or settled
  minutes     TEXT NOT NULL DEFAULT '',    -- who broke it and why
  PRIMARY KEY(agency, book, year, fence)
) STRICT;
CREATE UNIQUE INDEX one_open_lease ON book_lease(agency, book, year) WHERE state = 'open';

CREATE TABLE book_entry(      -- one row for each number that is on record
  agency       TEXT NOT NULL,
  book         TEXT NOT NULL,
  year         INTEGER NOT NULL,
  number       INTEGER NOT NULL,
  state        TEXT NOT NULL,              -- 'registered', 'void', 'promised' (its document comes)
  document     BLOB UNIQUE REFERENCES document,
  provisional  TEXT NOT NULL DEFAULT '',
  received_at  INTEGER,
  booked_at    INTEGER,
  skewed       INTEGER NOT NULL DEFAULT 0,
  duplicate_of BLOB,
  reason       TEXT,                       -- of a void
  fence        INTEGER,                    -- when it came out of a lease
  account      INTEGER,
  at           INTEGER NOT NULL,
  PRIMARY KEY(agency, book, year, number),
  CHECK((state = 'registered') = (document IS NOT NULL)),
  CHECK((state = 'registered') = (booked_at IS NOT NULL)),
  CHECK((state = 'void') = (reason IS NOT NULL))
) STRICT;

CREATE TRIGGER a_final_number_never_changes BEFORE UPDATE ON book_entry WHEN OLD.state <> 'promised'
BEGIN SELECT RAISE(ABORT, 'a final number never changes'); END;
CREATE TRIGGER a_number_is_never_forgotten BEFORE DELETE ON book_entry
BEGIN SELECT RAISE(ABORT, 'a number is never forgotten'); END;

CREATE TABLE break_word(      -- one official's word that a lease shall be broken; two make it so
  agency  TEXT NOT NULL,
  book    TEXT NOT NULL,
  year    INTEGER NOT NULL,
  fence   INTEGER NOT NULL,
  account INTEGER NOT NULL REFERENCES account,
  second  INTEGER NOT NULL REFERENCES account,
  reason  TEXT NOT NULL,
  give_up INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY(agency, book, year, fence, account)
) STRICT;
