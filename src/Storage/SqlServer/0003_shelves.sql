-- Lists of tokens that are outside the name index, each API's on a shelf of its own (owner_id).
CREATE INDEX records_shelf ON records (service_id, organization_id, owner_id, created_at, id) WHERE name_key IS NULL AND status = 'live';
