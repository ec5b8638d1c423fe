-- Schema 12. What an incoming document asks of this person, so that a list of what there is to do
-- is read and counted from an index as long as itself.

-- By the server's word; NULL = nothing. 'say': this person is asked for a word; 'hold': it is with
-- this person; 'support', 'inform': named for that; 'done': resolved or filed.
ALTER TABLE document ADD COLUMN own_part TEXT;
-- The same with our acts counted in that the server does not show yet.
ALTER TABLE document ADD COLUMN part TEXT;
CREATE INDEX document_by_part ON document(part) WHERE part IS NOT NULL;

ALTER TABLE overlay_act ADD COLUMN part TEXT;                         -- after the act; NULL = nothing
ALTER TABLE overlay_act ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;    -- its place in the outbox
ALTER TABLE overlay_act ADD COLUMN refused INTEGER NOT NULL DEFAULT 0; -- 1: the server did not take it

-- What is here already; from now on the store tells it with the document.
UPDATE document SET own_part = (
  WITH me(id) AS (SELECT json_extract(value, '$.id') FROM setting WHERE name = 'account'),
    named(role, holds) AS (
      SELECT json_extract(r.value, '$.role'), json_extract(r.value, '$.holds')
      FROM json_each(document.body, '$.handling.receivers') r, me
      WHERE json_extract(r.value, '$.account') = me.id)
  SELECT CASE
    WHEN document.direction <> 'incoming' THEN NULL
    WHEN document.state IN ('resolved', 'filed') THEN 'done'
    WHEN json_extract(document.body, '$.handling.director.account') = (SELECT id FROM me) THEN
      CASE WHEN document.state = 'presented'
        OR json_extract(document.body, '$.handling.extension') IS NOT NULL THEN 'say' END
    WHEN EXISTS (SELECT 1 FROM named WHERE holds) THEN 'hold'
    WHEN EXISTS (SELECT 1 FROM named WHERE role IN ('support', 'inform')) THEN
      (SELECT role FROM named WHERE role IN ('support', 'inform') LIMIT 1)
    WHEN json_extract(document.body, '$.handling') IS NULL AND document.role IN ('support', 'inform')
      THEN document.role
  END);
UPDATE document SET part = own_part;

-- No way of laying an act over the mirror, or of taking it off, can forget the list.
CREATE TRIGGER part_shown AFTER UPDATE OF own_part ON document BEGIN
  UPDATE document SET part = CASE
      WHEN EXISTS (SELECT 1 FROM overlay_act a WHERE a.document = NEW.id AND a.refused = 0)
      THEN (SELECT a.part FROM overlay_act a WHERE a.document = NEW.id AND a.refused = 0
            ORDER BY a.seq DESC LIMIT 1)
      ELSE NEW.own_part END
    WHERE row = NEW.row; END;
CREATE TRIGGER part_came AFTER INSERT ON document
  WHEN EXISTS (SELECT 1 FROM overlay_act a WHERE a.document = NEW.id)
  BEGIN UPDATE document SET own_part = own_part WHERE row = NEW.row; END;
CREATE TRIGGER part_act_laid AFTER INSERT ON overlay_act
  BEGIN UPDATE document SET own_part = own_part WHERE id = NEW.document; END;
CREATE TRIGGER part_act_refused AFTER UPDATE OF refused ON overlay_act
  BEGIN UPDATE document SET own_part = own_part WHERE id = NEW.document; END;
CREATE TRIGGER part_act_gone AFTER DELETE ON overlay_act
  BEGIN UPDATE document SET own_part = own_part WHERE id = OLD.document; END;
