-- What a document that goes out is to another one: the protocol's Origin, its words about the other
-- one left out, which are read off that.
CREATE TABLE origin (
  document BLOB PRIMARY KEY REFERENCES document,
  source   BLOB NOT NULL REFERENCES document,
  body     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX origin_by_source ON origin(source);
