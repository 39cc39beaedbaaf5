-- What lists of the audit trail show of a call: rows with a method are calls, the others are what followed from one.
ALTER TABLE audit ADD COLUMN code text;
ALTER TABLE audit ADD COLUMN account_id text;
ALTER TABLE audit ADD COLUMN integration_id text;
CREATE INDEX audit_calls ON audit (service_id, organization_id, at, number) WHERE method IS NOT NULL;
