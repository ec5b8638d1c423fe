-- Schema 23. Which dossiers are ended and wait for the archive is asked after every change.

CREATE INDEX dossier_by_state ON dossier(body ->> '$.state');
