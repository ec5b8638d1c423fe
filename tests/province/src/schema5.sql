-- Version 5: documents that are withdrawn after they were registered, and documents that came over the
-- national axis.

-- What a void number had before: the entry stays as it was, the number is never given again.
CREATE TABLE withdrawn(
  agency    TEXT NOT NULL,
  book      TEXT NOT NULL,
  year      INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  document  BLOB NOT NULL UNIQUE REFERENCES document,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY(agency, book, year, number),
  FOREIGN KEY(agency, book, year, number) REFERENCES book_entry
) STRICT;

DROP TRIGGER a_final_number_never_changes;
CREATE TRIGGER a_final_number_never_changes BEFORE UPDATE ON book_entry
WHEN OLD.state <> 'promised' AND NOT (
  -- The one change that is left: a document is withdrawn, and its number is void from then on.
  OLD.state = 'registered' AND NEW.state = 'void' AND OLD.agency = NEW.agency AND OLD.book = NEW.book
  AND OLD.year = NEW.year AND OLD.number = NEW.number
  AND EXISTS (SELECT 1 FROM withdrawn w WHERE w.agency = OLD.agency AND w.book = OLD.book
    AND w.year = OLD.year AND w.number = OLD.number AND w.document = OLD.document))
BEGIN SELECT RAISE(ABORT, 'a final number never changes'); END;

CREATE TABLE axis_delivery(   -- documents that came over the axis
  document BLOB PRIMARY KEY REFERENCES document,
  axis_id  TEXT NOT NULL UNIQUE,           -- the sender's identifier of the document
  sender   TEXT NOT NULL                   -- code of the sending agency
) STRICT;

CREATE TABLE axis_status(     -- what the sender is told, each state once
  document BLOB NOT NULL REFERENCES axis_delivery,
  code     TEXT NOT NULL,                  -- 01 delivered, 03 registered
  at       INTEGER NOT NULL,
  PRIMARY KEY(document, code)
) STRICT;
