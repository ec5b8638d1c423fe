-- Schema 8. Scans between the scanner and the register. Instants are ms of this machine's clock.

-- Files that were handed over and are not copied yet: a copy that was cut off goes on at the next
-- opening.
CREATE TABLE scan_wish(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- A stack is a file as it came, or the pages of one scan.
CREATE TABLE scan_stack(
  row INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  name TEXT NOT NULL,
  origin TEXT NOT NULL CHECK(origin IN ('dropped', 'folder', 'scanner')),
  at INTEGER NOT NULL,
  -- open: pages of a scanner still come; raw: safe, not looked at; ready: its letters are made;
  -- fault: see code; gone: its bytes were removed when their time was over, or for secrecy
  state TEXT NOT NULL CHECK(state IN ('open', 'raw', 'ready', 'fault', 'gone')),
  pdf BLOB CHECK(length(pdf) = 32),      -- shows its pages; the file itself where it came as one PDF
  signed INTEGER NOT NULL DEFAULT 0,     -- carries signatures: never cut, turned or merged
  code TEXT,                             -- why it cannot be taken in
  same_stack BLOB,                       -- of INTAKE_SAME_FILE: the one that has the bytes
  proposal TEXT,                         -- JSON: cuts that nobody has agreed to
  dismissed_at INTEGER                   -- its fault was seen
) STRICT;
CREATE INDEX scan_stack_work ON scan_stack(row) WHERE state IN ('open', 'raw');
CREATE INDEX scan_stack_shown ON scan_stack(row)
  WHERE dismissed_at IS NULL AND (code IS NOT NULL OR proposal IS NOT NULL);

-- What a stack came as: one file, or one for each page out of a scanner. Never changed.
CREATE TABLE scan_file(
  stack BLOB NOT NULL CHECK(length(stack) = 16),
  part INTEGER NOT NULL,                 -- from 0
  sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
  size INTEGER NOT NULL,
  PRIMARY KEY(stack, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_file_by_hash ON scan_file(sha256);

-- The pages of a stack: page n here is page n of its pdf.
CREATE TABLE scan_sheet(
  stack BLOB NOT NULL CHECK(length(stack) = 16),
  page INTEGER NOT NULL,                 -- from 0
  width_pt REAL NOT NULL,
  height_pt REAL NOT NULL,
  ink REAL,                              -- share of dots with ink, 0..1; NULL = not looked at
  blank INTEGER NOT NULL DEFAULT 0,
  code TEXT,                             -- text of a QR code of ours
  has_head INTEGER,                      -- begins with the state's name; NULL = not known
  skew REAL,                             -- degrees clockwise that it lies askew; NULL = not measured
  dpi REAL,                              -- NULL = not known
  colour INTEGER,                        -- NULL = not known
  secret INTEGER NOT NULL DEFAULT 0,     -- 1: of a secret letter, still in the pdf; 2: taken out of it
  PRIMARY KEY(stack, page)
) STRICT, WITHOUT ROWID;

-- A letter is an ordered list of pages and what is known of it.
CREATE TABLE scan_letter(
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  place INTEGER NOT NULL,                -- order in the inbox
  -- discarded: taken out by a person, or all its pages went into other letters
  state TEXT NOT NULL CHECK(state IN ('reading', 'ready', 'confirmed', 'registered', 'secret', 'discarded')),
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,           -- when it came into its state
  signed INTEGER NOT NULL DEFAULT 0,
  department TEXT,                       -- of the separator sheet before it
  pages_rev INTEGER NOT NULL DEFAULT 0,  -- rises when its pages change: a reading of other pages is void
  -- the fields as they stand, as text a person can edit
  issuer TEXT NOT NULL DEFAULT '',
  issuer_code TEXT,
  notation TEXT NOT NULL DEFAULT '',
  issued_on TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT '',
  subject TEXT NOT NULL DEFAULT '',
  urgency TEXT NOT NULL DEFAULT 'normal',
  signer_position TEXT NOT NULL DEFAULT '',
  signer_name TEXT NOT NULL DEFAULT '',
  due TEXT NOT NULL DEFAULT '',
  edited INTEGER NOT NULL DEFAULT 0,     -- a person wrote them: no reading replaces them
  confidence REAL NOT NULL DEFAULT 0,    -- the lowest of its fields, 0..1
  readings TEXT NOT NULL DEFAULT '[]',   -- JSON: how sure and from where each field is
  duplicates TEXT NOT NULL DEFAULT '[]', -- JSON: entries that are probably the same
  code TEXT,                             -- why nothing was read
  pdf BLOB CHECK(length(pdf) = 32),      -- what is registered, made at pdf_rev
  pdf_pages INTEGER NOT NULL DEFAULT 0,
  pdf_rev INTEGER NOT NULL DEFAULT -1,
  searchable BLOB CHECK(length(searchable) = 32), -- copy with a layer of text
  words TEXT,                            -- of all its pages, for search; NULL = not read yet
  words_rev INTEGER NOT NULL DEFAULT -1, -- they were read of the pages as they stood then
  document BLOB CHECK(length(document) = 16)
) STRICT;
CREATE INDEX scan_letter_by_state ON scan_letter(state, place);
CREATE INDEX scan_letter_of_document ON scan_letter(document) WHERE document IS NOT NULL;
CREATE INDEX scan_letter_by_pdf ON scan_letter(pdf) WHERE searchable IS NOT NULL;
CREATE INDEX scan_letter_by_notation ON scan_letter(notation) WHERE notation <> '';

CREATE TABLE scan_page(
  letter BLOB NOT NULL CHECK(length(letter) = 16),
  place INTEGER NOT NULL,                -- from 0
  stack BLOB NOT NULL CHECK(length(stack) = 16),
  page INTEGER NOT NULL,                 -- of the stack, from 0
  turns INTEGER NOT NULL DEFAULT 0,      -- quarter turns clockwise, 0..3
  straighten INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(letter, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_page_of_stack ON scan_page(stack, page);

-- How letters stood before each change of pages. Ids and numbers, no content.
CREATE TABLE scan_undo(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  before TEXT NOT NULL                   -- JSON
) STRICT;

-- What people's corrections taught this machine. It never leaves it.
CREATE TABLE lesson(
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY(kind, key)
) STRICT, WITHOUT ROWID;
