-- Schema 17. Documents that were taken over from a previous system, with their places in its books. They
-- have no entry in `book_entry`: that is of numbers that this server gave, without gaps and in time.
CREATE TABLE imported(
  document  BLOB PRIMARY KEY REFERENCES document,
  agency    TEXT NOT NULL,
  direction TEXT NOT NULL,
  book      TEXT NOT NULL,                 -- empty of what goes out: its series follows its kind
  year      INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  symbol    TEXT NOT NULL,                 -- empty of what comes in
  source    BLOB NOT NULL,                 -- SHA-256 of the table
  line      INTEGER NOT NULL,              -- its row there
  account   INTEGER NOT NULL REFERENCES account,
  at        INTEGER NOT NULL,
  UNIQUE(agency, direction, book, year, number, symbol)
) STRICT, WITHOUT ROWID;
