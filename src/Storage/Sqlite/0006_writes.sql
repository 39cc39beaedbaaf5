-- The calls of an organization are found by audit_calls; nothing asks for all its rows.
DROP INDEX audit_organization;
