-- Groups of rows come as one parameter of JSON, which is read as a table: one statement a group, one plan a statement. Rows are joined to it by
-- loops, from the list to the key's index. Inserts ask for no locks beforehand: the unique indexes decide, and a group that one of them refuses is
-- halved. Comparisons that a client's text takes part in compare lengths too, since trailing blanks count for nothing in =.

-- name: keyed_only
SET LOCK_TIMEOUT 1100

-- name: i.sealed
CONVERT(varbinary(max), i.sealed, 2)

-- name: list_text
{expression}

-- name: list_json_flag
JSON_VALUE(state, '$.{name}') = 'true'

-- name: list_json_array
COALESCE(JSON_QUERY(state, '$.{name}'), '')

-- name: list_element
(e.value COLLATE Latin1_General_100_BIN2)

-- name: list_any
EXISTS (SELECT 1 FROM OPENJSON(state, '$.{name}') e WHERE {condition})

-- name: list_json
COALESCE(JSON_VALUE(state, '$.{name}'), '')

-- name: list_limit
OFFSET {offset} ROWS FETCH NEXT {limit} ROWS ONLY

-- name: list_equal
({expression} = {value} AND DATALENGTH({expression}) = DATALENGTH({value}))

-- name: list_in
EXISTS (
    SELECT 1 FROM OPENJSON({values}) WITH (v nvarchar(4000) '$') i
    WHERE {expression} = i.v COLLATE Latin1_General_100_BIN2 AND DATALENGTH({expression}) = DATALENGTH(i.v))

-- name: list_in_numbers
{expression} IN (SELECT v FROM OPENJSON({values}) WITH (v bigint '$'))

-- name: create_schema_versions
IF OBJECT_ID('schema_versions') IS NULL
    CREATE TABLE schema_versions (number int PRIMARY KEY, oldest_program int NOT NULL, applied_at bigint NOT NULL)

-- name: migration_lock
SET XACT_ABORT ON;
BEGIN TRANSACTION;
DECLARE @got int;
EXEC @got = sp_getapplock @Resource = 'tokenactors migration', @LockMode = 'Exclusive', @LockOwner = 'Transaction', @LockTimeout = -1;
IF @got < 0 THROW 50000, 'The lock of the migration was refused.', 1

-- name: server
SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(100)), CAST(is_read_committed_snapshot_on AS int), collation_name,
    CAST(compatibility_level AS int), name, CAST(is_read_only AS int)
FROM sys.databases WHERE database_id = DB_ID()

-- name: server_time
SELECT CONVERT(nvarchar(40), SYSUTCDATETIME(), 126) + 'Z'

-- name: server_rights
SELECT CAST(HAS_PERMS_BY_NAME('records', 'OBJECT', 'SELECT') + HAS_PERMS_BY_NAME('records', 'OBJECT', 'INSERT')
    + HAS_PERMS_BY_NAME('records', 'OBJECT', 'UPDATE') + HAS_PERMS_BY_NAME('records', 'OBJECT', 'DELETE') AS int)

-- name: explain_on
SET SHOWPLAN_TEXT ON

-- name: explain_off
SET SHOWPLAN_TEXT OFF

-- name: find_by_name
SELECT TOP (2) {columns} FROM records
WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND name_key = @name AND DATALENGTH(name_key) = DATALENGTH(@name)

-- name: audit_rows
SELECT TOP (@limit) number, {audit} FROM audit WHERE service_id = @service AND number >= @first AND number <= @last ORDER BY number

-- name: last_audit_link
SELECT TOP (@limit) link, first_number, last_number, pepper_id, row_codes, code FROM audit_links WHERE service_id = @service ORDER BY link DESC

-- name: audit_links_from
SELECT TOP (@limit) link, first_number, last_number, pepper_id, row_codes, code FROM audit_links
WHERE service_id = @service AND link >= @link ORDER BY link

-- name: unless_there
IF ERROR_NUMBER() NOT IN (2601, 2627) THROW

-- name: add_audit_link
BEGIN TRY
    INSERT INTO audit_links (service_id, link, first_number, last_number, pepper_id, row_codes, code)
    SELECT @service, @link, @first, @last, @pepper, @row_codes, @code
    WHERE NOT EXISTS (SELECT 1 FROM audit_links WHERE service_id = @service AND link = @link)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: add_execution
BEGIN TRY
    INSERT INTO executions (service_id, {executions})
    SELECT @service, {@executions}
    WHERE NOT EXISTS (SELECT 1 FROM executions WHERE service_id = @service AND execution_id = @execution_id)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: sweep_executions
DELETE FROM executions WHERE service_id = @service AND execution_id IN
    (SELECT TOP (@limit) execution_id FROM executions WHERE service_id = @service AND started_at < @until ORDER BY started_at)

-- name: owned
SELECT TOP (@limit) {columns} FROM records
WHERE service_id = @service AND owner_id = @owner AND kind = @kind AND owner_id <> organization_id AND status = 'live'
ORDER BY id

-- name: live_of
SELECT TOP (@limit) {columns} FROM records
WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND status = 'live'
    AND (@member = '' OR member_id = @member)
ORDER BY id

-- name: insert
INSERT INTO records (service_id, {columns}, due_tag) VALUES (@service, {@columns}, @command_id)

-- name: live
SELECT kind, id FROM records WITH (REPEATABLEREAD)
WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted')

-- name: live_locked
SELECT kind, id FROM records WITH (REPEATABLEREAD)
WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted')

-- name: read_many
SELECT {r.columns} FROM OPENJSON(@keys) WITH (kind nvarchar(40), id nvarchar(100)) k
INNER LOOP JOIN records r ON r.service_id = @service
    AND r.kind = k.kind COLLATE Latin1_General_100_BIN2 AND r.id = k.id COLLATE Latin1_General_100_BIN2

-- name: update_many
SET XACT_ABORT, NOCOUNT ON;
DECLARE @done TABLE (kind nvarchar(40) COLLATE Latin1_General_100_BIN2, id nvarchar(100) COLLATE Latin1_General_100_BIN2, PRIMARY KEY (kind, id));
BEGIN TRANSACTION;
UPDATE r SET {changing = i.}, due_tag = i.command_id
OUTPUT inserted.kind, inserted.id INTO @done
FROM OPENJSON(@rows) WITH ({typed columns}, expected bigint) i
INNER LOOP JOIN records r ON r.service_id = @service
    AND r.kind = i.kind COLLATE Latin1_General_100_BIN2 AND r.id = i.id COLLATE Latin1_General_100_BIN2 AND r.version = i.expected;
{part audit_done};
COMMIT TRANSACTION;
SELECT kind, id FROM @done

-- name: insert_many
SET XACT_ABORT, NOCOUNT ON;
DECLARE @done TABLE (kind nvarchar(40) COLLATE Latin1_General_100_BIN2, id nvarchar(100) COLLATE Latin1_General_100_BIN2, PRIMARY KEY (kind, id));
DECLARE @live TABLE (kind nvarchar(40) COLLATE Latin1_General_100_BIN2, id nvarchar(100) COLLATE Latin1_General_100_BIN2, PRIMARY KEY (kind, id));
BEGIN TRANSACTION;
INSERT INTO @live (kind, id)
SELECT r.kind, r.id FROM (SELECT DISTINCT kind, id FROM OPENJSON(@parents) WITH (kind nvarchar(40), id nvarchar(100))) p
INNER LOOP JOIN records r WITH (REPEATABLEREAD) ON r.service_id = @service
    AND r.kind = p.kind COLLATE Latin1_General_100_BIN2 AND r.id = p.id COLLATE Latin1_General_100_BIN2
WHERE r.status NOT IN ('deleting', 'deleted');
INSERT INTO records (service_id, {columns}, due_tag)
OUTPUT inserted.kind, inserted.id INTO @done
SELECT @service, {i.columns}, i.command_id FROM OPENJSON(@rows) WITH ({typed columns}) i
WHERE NOT EXISTS (
    SELECT 1 FROM OPENJSON(@parents) WITH (child nvarchar(100), kind nvarchar(40), id nvarchar(100)) p
    WHERE p.child = i.id AND NOT EXISTS (
        SELECT 1 FROM @live l
        WHERE l.kind = p.kind COLLATE Latin1_General_100_BIN2 AND l.id = p.id COLLATE Latin1_General_100_BIN2))
  AND NOT EXISTS (
    SELECT 1 FROM records r
    WHERE r.service_id = @service
      AND r.kind = i.kind COLLATE Latin1_General_100_BIN2 AND r.id = i.id COLLATE Latin1_General_100_BIN2)
  AND NOT EXISTS (
    SELECT 1 FROM records r
    WHERE r.service_id = @service AND r.organization_id = i.organization_id COLLATE Latin1_General_100_BIN2
      AND r.kind = i.kind COLLATE Latin1_General_100_BIN2 AND r.name_key = i.name_key COLLATE Latin1_General_100_BIN2
      AND r.name_scope = i.name_scope COLLATE Latin1_General_100_BIN2);
{part audit_done};
COMMIT TRANSACTION;
SELECT kind, id FROM @done

-- name: audit_done
INSERT INTO audit (service_id, {audit})
SELECT @service, {a.audit} FROM OPENJSON(@audit) WITH (row_kind nvarchar(40), row_id nvarchar(100), {typed audit}) a
JOIN @done d ON d.kind = a.row_kind COLLATE Latin1_General_100_BIN2 AND d.id = a.row_id COLLATE Latin1_General_100_BIN2

-- name: touch_many
UPDATE r SET
    last_used_at = CASE WHEN r.last_used_at IS NULL OR r.last_used_at < i.last_used_at THEN i.last_used_at ELSE r.last_used_at END,
    presented_at = CASE WHEN r.version = i.version AND r.presented_at IS NULL THEN i.presented_at ELSE r.presented_at END,
    sealed = CASE WHEN r.version = i.version AND i.erase_sealed = 1 THEN NULL ELSE r.sealed END
FROM OPENJSON(@rows) WITH ({typed usage}) i
INNER LOOP JOIN records r ON r.service_id = @service
    AND r.kind = i.kind COLLATE Latin1_General_100_BIN2 AND r.id = i.id COLLATE Latin1_General_100_BIN2

-- name: add_pepper
BEGIN TRY
    INSERT INTO peppers (service_id, pepper_id, check_value)
    SELECT @service, @id, @check WHERE NOT EXISTS (SELECT 1 FROM peppers WHERE service_id = @service AND pepper_id = @id)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: lease_claim
BEGIN TRY
    INSERT INTO services (service_id, cluster_id)
    SELECT @service, @cluster WHERE NOT EXISTS (SELECT 1 FROM services WHERE service_id = @service)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH;
UPDATE services SET cluster_id = cluster_id WHERE service_id = @service

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

-- name: identity_known
SELECT database_identity FROM services WHERE service_id = @service AND database_identity IS NOT NULL

-- name: identity_note
UPDATE services SET database_identity = @identity WHERE service_id = @service

-- name: forget_leases
DELETE FROM silo_leases WHERE service_id = @service

-- name: forget_members
DELETE FROM cluster_silos
WHERE cluster_id = @cluster OR cluster_id IN (SELECT cluster_id FROM services WHERE service_id = @service)

-- name: database_identity
SELECT DB_NAME()
