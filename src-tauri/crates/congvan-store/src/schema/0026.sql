-- Schema 26. Tasks and the agency's calendars as the server last said them, our acts on them that it
-- does not show yet, and of which deadlines the person was reminded.

CREATE TABLE task(
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  title TEXT NOT NULL,                 -- for the list of acts
  state TEXT NOT NULL,
  due TEXT NOT NULL,                   -- YYYY-MM-DD
  giver INTEGER NOT NULL,
  lead INTEGER NOT NULL,
  supports TEXT NOT NULL,              -- JSON array of accounts
  asked INTEGER NOT NULL,              -- whether more time is asked for
  unit TEXT NOT NULL,                  -- name of the lead's
  late INTEGER NOT NULL,               -- whether it was done after its day
  source BLOB,                         -- the document that it comes from
  ended_on TEXT,                       -- the day of its end, when it has ended
  body TEXT NOT NULL                   -- the protocol's Task, JSON
) STRICT, WITHOUT ROWID;
-- What is to do is asked after every change: as long as what is open.
CREATE INDEX task_open ON task(due, state, giver, lead, supports, asked) WHERE ended_on IS NULL;
CREATE INDEX task_ended ON task(ended_on, state, unit, late) WHERE ended_on IS NOT NULL;
CREATE INDEX task_by_source ON task(source) WHERE source IS NOT NULL;

CREATE TABLE calendar(
  id BLOB PRIMARY KEY,
  rev INTEGER NOT NULL,
  body TEXT NOT NULL                   -- the protocol's Calendar, JSON
) STRICT, WITHOUT ROWID;

-- Their facts are the outbox's; a thing is a task or a calendar.
CREATE TABLE overlay_thing(
  op_id BLOB PRIMARY KEY,
  thing BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX overlay_thing_by_thing ON overlay_thing(thing);

-- Another deadline is reminded of anew.
CREATE TABLE task_reminder(
  task BLOB NOT NULL,
  due TEXT NOT NULL,
  days INTEGER NOT NULL,               -- working days that were left: 7, 3, 1; -1 overdue
  at INTEGER NOT NULL,
  PRIMARY KEY(task, due, days)
) STRICT, WITHOUT ROWID;
