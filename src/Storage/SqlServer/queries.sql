-- name: @sealed
CAST(@sealed AS varbinary(max))

-- name: list_text
{expression}

-- name: list_json
COALESCE(JSON_VALUE(state, '$.{name}'), '')

-- name: list_limit
OFFSET {offset} ROWS FETCH NEXT {limit} ROWS ONLY

-- name: create_schema_versions
IF OBJECT_ID('schema_versions') IS NULL
    CREATE TABLE schema_versions (number int PRIMARY KEY, oldest_program int NOT NULL, applied_at bigint NOT NULL)

-- name: migration_lock
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DECLARE @got int;
EXEC @got = sp_getapplock @Resource = 'tokenactors migration', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = 60000;
IF @got < 0 THROW 50000, 'Another migration holds the lock.', 1

-- name: children
SELECT TOP (@limit) {columns} FROM records
WHERE service_id = @service AND kind = @kind AND parent_id = @parent AND id <> @parent AND status NOT IN ('deleting', 'deleted')
ORDER BY id

-- name: audit_rows
SELECT TOP (@limit) number, {audit} FROM audit WHERE service_id = @service AND number >= @first AND number <= @last ORDER BY number

-- name: last_audit_link
SELECT TOP (@limit) link, first_number, last_number, pepper_id, row_codes, code FROM audit_links WHERE service_id = @service ORDER BY link DESC

-- name: add_audit_link
INSERT INTO audit_links (service_id, link, first_number, last_number, pepper_id, row_codes, code)
SELECT @service, @link, @first, @last, @pepper, @row_codes, @code
WHERE NOT EXISTS (SELECT 1 FROM audit_links WITH (UPDLOCK, HOLDLOCK) WHERE service_id = @service AND link = @link)

-- name: owned
SELECT TOP (@limit) {columns} FROM records
WHERE service_id = @service AND owner_id = @owner AND kind = @kind AND owner_id <> organization_id AND status = 'live'
ORDER BY id

-- name: live_of
SELECT TOP (@limit) {columns} FROM records
WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND status = 'live'
    AND (@member = '' OR member_id = @member)
ORDER BY id

-- name: update
UPDATE records SET {changing = @}, due_tag = @command_id
WHERE service_id = @service AND kind = @kind AND id = @id AND version = @expected
  AND (@name_key IS NULL OR NOT EXISTS (
      SELECT 1 FROM records r WITH (UPDLOCK, HOLDLOCK)
      WHERE r.service_id = @service AND r.organization_id = @organization_id AND r.kind = @kind AND r.name_key = @name_key AND r.id <> @id))

-- name: insert
INSERT INTO records (service_id, {columns}, due_tag)
SELECT @service, {@columns}, @command_id
WHERE NOT EXISTS (SELECT 1 FROM records WITH (UPDLOCK, HOLDLOCK) WHERE service_id = @service AND kind = @kind AND id = @id)
  AND NOT EXISTS (
      SELECT 1 FROM records WITH (UPDLOCK, HOLDLOCK)
      WHERE service_id = @service AND organization_id = @organization_id AND kind = @kind AND name_key = @name_key)

-- name: live
SELECT kind, id FROM records WITH (REPEATABLEREAD)
WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted')

-- name: live_locked
SELECT kind, id FROM records WITH (REPEATABLEREAD)
WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted')

-- name: add_pepper
INSERT INTO peppers (service_id, pepper_id, check_value)
SELECT @service, @id, @check
WHERE NOT EXISTS (SELECT 1 FROM peppers WITH (UPDLOCK, HOLDLOCK) WHERE service_id = @service AND pepper_id = @id)

-- name: lease_claim
IF NOT EXISTS (SELECT 1 FROM services WITH (UPDLOCK, HOLDLOCK) WHERE service_id = @service)
    INSERT INTO services (service_id, cluster_id) VALUES (@service, @cluster)

-- name: lease_forget_others
DELETE FROM silo_leases WHERE service_id = @service AND cluster_id <> @cluster AND until <= SYSUTCDATETIME()

-- name: lease_others
SELECT silo FROM silo_leases WHERE service_id = @service AND cluster_id <> @cluster

-- name: lease_take
UPDATE services SET cluster_id = @cluster WHERE service_id = @service

-- name: lease_insert
INSERT INTO silo_leases (service_id, cluster_id, silo, until)
VALUES (@service, @cluster, @silo, DATEADD(millisecond, CAST(@seconds * 1000 AS int), SYSUTCDATETIME()))

-- name: lease_renew
UPDATE silo_leases SET until = DATEADD(millisecond, CAST(@seconds * 1000 AS int), SYSUTCDATETIME())
WHERE service_id = @service AND cluster_id = @cluster AND silo = @silo

-- name: lease_release
DELETE FROM silo_leases WHERE service_id = @service AND cluster_id = @cluster AND silo = @silo

-- name: live_silos
SELECT silo FROM silo_leases WHERE service_id = @service AND until > SYSUTCDATETIME()
