-- Version 4: what a restore from a backup set aside, because it may have been given since.

CREATE TABLE book_restored(
  agency     TEXT NOT NULL,
  book       TEXT NOT NULL,
  year       INTEGER NOT NULL,
  lo         INTEGER NOT NULL,             -- the numbers; a broken lease holds them
  hi         INTEGER NOT NULL,
  fence_from INTEGER NOT NULL,             -- fences above it and up to the next may have been used
  fence_to   INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY(agency, book, year, hi),
  FOREIGN KEY(agency, book) REFERENCES book
) STRICT;
