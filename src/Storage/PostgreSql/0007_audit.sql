-- Nothing asks for what happened to one record; every change would make an entry.
DROP INDEX audit_subject;
