-- Tasks, and the calendars of agencies' years. `body` is the protocol's Task or Calendar.
CREATE TABLE task (
  id   BLOB PRIMARY KEY,
  rev  INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE calendar (
  id   BLOB PRIMARY KEY,
  rev  INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
