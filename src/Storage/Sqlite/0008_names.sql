-- Names are unique in a scope: an account, the owner of a credential, the parent of an organization; empty is the organization as a whole, so that
-- rows which programs of the release before write have theirs. The index serves lists by name, too.
ALTER TABLE records ADD COLUMN name_scope text NOT NULL DEFAULT '';
UPDATE records SET name_scope = owner_id WHERE kind IN ('integration', 'organization') AND owner_id IS NOT NULL;
UPDATE records SET name_scope = COALESCE(
    (SELECT i.owner_id FROM records i WHERE i.service_id = records.service_id AND i.kind = 'integration' AND i.id = records.owner_id), owner_id)
WHERE kind = 'credential' AND owner_id IS NOT NULL;
DROP INDEX records_name;
CREATE UNIQUE INDEX records_name ON records (service_id, organization_id, kind, name_key, name_scope) WHERE name_key IS NOT NULL;

-- Lists go on after a row that was deleted since.
CREATE INDEX records_gone ON records (service_id, organization_id, kind, created_at, id) WHERE status <> 'live';
