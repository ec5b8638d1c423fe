-- Schema 9. Numbers of documents that go out, and what became of these where they were sent.

-- The books of what goes out are the server's own: no desk registers in them or takes numbers along.
ALTER TABLE book ADD COLUMN direction TEXT NOT NULL DEFAULT 'incoming';

-- A document can lose a number more than once: it is sent back, mended and numbered anew.
DROP TRIGGER a_final_number_never_changes;
CREATE TABLE withdrawn_anew(
  agency    TEXT NOT NULL,
  book      TEXT NOT NULL,
  year      INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  document  BLOB NOT NULL REFERENCES document,
  booked_at INTEGER NOT NULL,
  PRIMARY KEY(agency, book, year, number),
  FOREIGN KEY(agency, book, year, number) REFERENCES book_entry
) STRICT;
INSERT INTO withdrawn_anew SELECT agency, book, year, number, document, booked_at FROM withdrawn;
DROP TABLE withdrawn;
ALTER TABLE withdrawn_anew RENAME TO withdrawn;
CREATE INDEX withdrawn_document ON withdrawn(document);
CREATE TRIGGER a_final_number_never_changes BEFORE UPDATE ON book_entry
WHEN OLD.state <> 'promised' AND NOT (
  -- The one change that is left: a document is withdrawn, and its number is void from then on.
  OLD.state = 'registered' AND NEW.state = 'void' AND OLD.agency = NEW.agency AND OLD.book = NEW.book
  AND OLD.year = NEW.year AND OLD.number = NEW.number
  AND EXISTS (SELECT 1 FROM withdrawn w WHERE w.agency = OLD.agency AND w.book = OLD.book
    AND w.year = OLD.year AND w.number = OLD.number AND w.document = OLD.document))
BEGIN SELECT RAISE(ABORT, 'a final number never changes'); END;

CREATE TABLE delivery(        -- an issued document at an agency that it was sent to
  document BLOB NOT NULL REFERENCES document,
  agency   TEXT NOT NULL,                  -- its code
  ordinal  INTEGER NOT NULL,               -- place among the recipients
  name     TEXT NOT NULL,                  -- as the directory called it on the day of issue
  received BLOB UNIQUE REFERENCES document,-- the document there, where the agency is on this server
  PRIMARY KEY(document, agency)
) STRICT;

CREATE TABLE delivery_status( -- what its system said, each status once, in the order of rowids
  document BLOB NOT NULL,
  agency   TEXT NOT NULL,
  code     TEXT NOT NULL,                  -- as on the axis: 01 … 06, 13, 15, 16
  at       INTEGER NOT NULL,
  reason   TEXT NOT NULL DEFAULT '',
  UNIQUE(document, agency, code),
  FOREIGN KEY(document, agency) REFERENCES delivery
) STRICT;
