-- What hangs on an account, an integration or another resource is found by its owner.
CREATE INDEX records_owner ON records (service_id, owner_id, kind, id) WHERE owner_id IS NOT NULL AND status = 'live';

-- Organizations belong to no organization; their names are unique in the service.
UPDATE records SET organization_id = '', name_key = LOWER(name) WHERE kind = 'organization';
