-- Schema 24. The registers of what went by post and of who has the file copy look at few documents.

CREATE INDEX document_on_paper ON document(id)
  WHERE body -> '$.handling.outgoing.mailings' IS NOT NULL
     OR body -> '$.handling.outgoing.loans' IS NOT NULL;
