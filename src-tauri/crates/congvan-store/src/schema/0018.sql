-- Schema 18. What goes out is in the lists of work too, and recipients are kept in groups.

-- 'check': this person approves, checks or initials it; 'sign': signs it; 'issue': has it numbered,
-- seals and issues it; 'mine': drafted it, and it is not issued; 'issued'. The triggers of schema 12
-- count our own acts in.
UPDATE document SET own_part = (
  WITH me(id, clerk, leader) AS (
      SELECT json_extract(s.value, '$.id'),
        EXISTS (SELECT 1 FROM json_each(s.value, '$.posts') p
          WHERE json_extract(p.value, '$.role') = 'clerk'),
        EXISTS (SELECT 1 FROM json_each(s.value, '$.posts') p
          WHERE json_extract(p.value, '$.role') = 'leader')
      FROM setting s WHERE s.name = 'account'),
    out(body) AS (SELECT json_extract(document.body, '$.handling.outgoing'))
  SELECT CASE
    WHEN document.state IN ('issued', 'filed') THEN 'issued'
    WHEN document.state = 'awaiting_signature' AND out.body IS NULL
      AND (me.id IS NULL OR me.leader) THEN 'sign'
    WHEN out.body IS NULL THEN NULL
    WHEN document.state = 'awaiting_signature'
      AND json_extract(document.body, '$.handling.director.account') = me.id THEN 'sign'
    WHEN document.state = 'content_review'
      AND json_extract(out.body, '$.reviewer.account') = me.id THEN 'check'
    WHEN document.state = 'format_review' AND me.clerk THEN 'check'
    WHEN document.state = 'awaiting_initials' AND EXISTS (
      SELECT 1 FROM json_each(out.body, '$.initials') i
      WHERE json_extract(i.value, '$.person.account') = me.id
        AND json_extract(i.value, '$.at') IS NULL) THEN 'check'
    WHEN document.state = 'signed' AND me.clerk THEN 'issue'
    WHEN json_extract(out.body, '$.drafter.account') = me.id THEN 'mine'
  END
  FROM out LEFT JOIN me)
WHERE direction = 'outgoing';

-- Lists by state alone are gone.
DROP INDEX document_drafts;
DROP INDEX document_to_sign;

-- Nhóm nơi nhận: agencies that this person sends to together.
CREATE TABLE recipient_group(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,       -- folded: two that read alike are one
  body TEXT NOT NULL                   -- code and name of each agency, JSON
) STRICT;
