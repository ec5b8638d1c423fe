-- Posts for a time: what is given, from when until when (server's clock, `until` not included); `held`
-- once it was taken up, and then it stands among the posts, too.
CREATE TABLE term(
  account     INTEGER NOT NULL REFERENCES account,
  agency_code TEXT NOT NULL,
  role        TEXT NOT NULL,
  title       TEXT NOT NULL,
  agency_name TEXT NOT NULL,
  since       INTEGER,
  until       INTEGER,
  held        INTEGER NOT NULL,
  PRIMARY KEY(account, agency_code, role)
) STRICT;
CREATE INDEX term_by_time ON term(held, since);
