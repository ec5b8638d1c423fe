-- Schema 17. Drafts have an index of their own, and what waits for review or initials is kept like what
-- waits for a signature.

CREATE INDEX document_drafts ON document(row)
  WHERE state IN ('draft', 'content_review', 'format_review', 'awaiting_initials',
    'awaiting_signature');

DROP VIEW file_wanting;
CREATE VIEW file_wanting AS
  SELECT f.sha256, f.document, d.row,
    d.open = 1 OR d.state IN ('content_review', 'format_review', 'awaiting_initials',
      'awaiting_signature') AS kept,
    (d.urgency < 1) * 2
      + ((d.role IN ('lead', 'support') OR d.state = 'awaiting_signature') IS NOT TRUE) AS rank,
    d.urgency, coalesce(d.due_at, 9223372036854775807) AS due_at, f.size
  FROM file_blob f JOIN document d ON d.id = f.document
  WHERE f.head = 1
    AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.sha256 = f.sha256 AND b.state = 'present');
DELETE FROM file_missing;
INSERT INTO file_missing SELECT * FROM file_wanting;

-- Acts that lay over the mirror before schema 12 knew how far they were.
UPDATE overlay_act SET
  seq = (SELECT o.local_seq FROM outbox o WHERE o.op_id = overlay_act.op_id),
  refused = (SELECT o.state IN ('conflict', 'rejected') FROM outbox o
    WHERE o.op_id = overlay_act.op_id)
WHERE seq = 0 AND EXISTS (SELECT 1 FROM outbox o WHERE o.op_id = overlay_act.op_id);
