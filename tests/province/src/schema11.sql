-- What an opinion is about: the protocol's OpinionAbout; none: about the document as a whole.
ALTER TABLE opinion ADD COLUMN about TEXT;
