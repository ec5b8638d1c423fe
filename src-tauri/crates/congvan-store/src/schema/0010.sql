-- Where a scan has blank paper for what the agency's signature draws.

-- Left, top, width and height in millimetres as a JSON list; NULL = the usual place at the top right.
ALTER TABLE seal ADD COLUMN words TEXT;

-- Whether the first page has room for the stamp ĐẾN: 1 yes, 0 no, NULL not known.
ALTER TABLE scan_letter ADD COLUMN stamp_room INTEGER;
