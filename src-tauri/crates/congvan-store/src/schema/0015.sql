-- Schema 15. The directory of agencies, as the server last gave it. Its cursor is the setting
-- 'agencies.cursor', written with each page.

CREATE TABLE agency(
  id INTEGER PRIMARY KEY,              -- the server's number
  parent INTEGER,
  name_key TEXT NOT NULL,              -- folded, abbreviations written out: for what names begin with
  valid_to TEXT,                       -- last day, YYYY-MM-DD; NULL while it exists
  body TEXT NOT NULL                   -- the protocol's Agency in JSON
) STRICT;
CREATE INDEX agency_by_name ON agency(name_key);
CREATE INDEX agency_by_parent ON agency(parent) WHERE parent IS NOT NULL;

CREATE TABLE agency_code(              -- codes of now and of before
  code TEXT NOT NULL,
  agency INTEGER NOT NULL,
  PRIMARY KEY(code, agency)
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_code_of ON agency_code(agency);

-- Words of name, other names, symbol, codes and the agency above; folded. Which words, not where: a
-- name is found by its words in any order.
CREATE VIRTUAL TABLE search_agency USING fts5(
  words, content='', contentless_delete=1, detail=none,
  tokenize="unicode61 remove_diacritics 0", prefix='1 2 3'
);
