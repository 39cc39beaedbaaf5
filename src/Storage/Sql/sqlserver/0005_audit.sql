-- What lists of the audit trail show of a call: rows with a method are calls, the others are what followed from one.
ALTER TABLE audit ADD code nvarchar(450);
ALTER TABLE audit ADD account_id nvarchar(450);
ALTER TABLE audit ADD integration_id nvarchar(450);
CREATE INDEX audit_calls ON audit (service_id, organization_id, at, number) WHERE method IS NOT NULL;
