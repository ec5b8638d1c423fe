-- Schema 25. What statistics ask of a document, so that a year is counted without its documents.

-- Written with the document, by the server's word; our acts that it does not show yet are laid over
-- it when it is counted. The rows are filled in again by the program as long as `counted_stale` has
-- its row.
CREATE TABLE counted(
  day TEXT NOT NULL,                   -- Vietnamese day that it counts on, YYYY-MM-DD
  document BLOB NOT NULL CHECK(length(document) = 16),
  waits INTEGER NOT NULL,              -- 1: came in and is still to be handled
  fact TEXT NOT NULL,                  -- JSON
  PRIMARY KEY(day, document)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX counted_document ON counted(document);
CREATE INDEX counted_waiting ON counted(day) WHERE waits = 1;

CREATE TABLE counted_stale(one INTEGER PRIMARY KEY CHECK(one = 1)) STRICT;
INSERT INTO counted_stale VALUES (1);

-- A document is put in its place anew; no way of taking one away can leave its row.
CREATE TRIGGER counted_gone AFTER DELETE ON document
  BEGIN DELETE FROM counted WHERE document = OLD.id; END;

-- What is being withdrawn is asked for whenever something is counted.
CREATE INDEX outbox_withdrawing ON outbox(lane)
  WHERE kind = 'withdraw_registration' AND state IN ('waiting', 'applied');
