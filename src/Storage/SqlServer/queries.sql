-- Groups of rows come as one parameter of JSON, which is read as a table: one statement a group, one plan a statement. Rows are joined to it by
-- loops, from the list to the key's index. Inserts ask for no locks beforehand: the unique indexes decide, and a group that one of them refuses is
-- halved. Comparisons that a client's text takes part in compare lengths too, since trailing blanks count for nothing in =.

-- name: keyed_only
SET LOCK_TIMEOUT 1100

-- name: i.sealed
CONVERT(varbinary(max), i.sealed, 2)

-- name: i.hot
CONVERT(varbinary(max), i.hot, 2)

-- name: list_hot_mark
CONVERT(varchar(max), hot, 2) LIKE '%' + CONVERT(varchar(400), CONVERT(varbinary(200), CONVERT(varchar(200), @mark)), 2) + '%'

-- name: list_below
WITH below (id) AS (
    SELECT id FROM records WHERE service_id = @service AND kind = {kind} AND parent_id = {parent} AND id <> parent_id
    UNION ALL
    SELECT r.id FROM records r JOIN below b ON r.parent_id = b.id
    WHERE r.service_id = @service AND r.kind = {kind} AND r.id <> r.parent_id
)
{page} OPTION (MAXRECURSION 0)

-- name: list_text
{expression}

-- name: list_json_flag
JSON_VALUE(state, '$.{name}') = 'true'

-- name: list_json_array
COALESCE(JSON_QUERY(state, '$.{name}'), '')

-- name: list_element
(e.value COLLATE Latin1_General_100_BIN2)

-- name: list_label
e.value COLLATE Latin1_General_100_BIN2

-- name: list_any
EXISTS (SELECT 1 FROM OPENJSON(state, '$.{name}') e WHERE {condition})

-- name: list_hot_time
CAST(CAST(SUBSTRING(hot, {place}, {digits}) AS varchar({digits})) AS bigint) / 10

-- name: list_json_time
DATEDIFF_BIG(microsecond, CAST('1970-01-01' AS datetime2), CAST(SWITCHOFFSET(CAST(JSON_VALUE(state, '$.{name}') AS datetimeoffset), 0) AS datetime2))

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
SELECT COALESCE(STRING_AGG(t.name, ', ') WITHIN GROUP (ORDER BY t.name), '') FROM (VALUES
    ('audit'), ('audit_history'), ('audit_history_places'), ('audit_links'), ('cluster_silos'), ('cluster_versions'),
    ('deliveries'), ('endpoints'), ('events'), ('executions'), ('imported_keys'), ('integration_events'),
    ('integration_hours'), ('integration_status'), ('orleansquery'), ('peppers'), ('records'), ('schema_versions'),
    ('services'), ('silo_leases'), ('token_addresses'), ('token_days'), ('token_ends'), ('token_labels'),
    ('token_list_places'), ('token_uses')) AS t(name)
WHERE COALESCE(HAS_PERMS_BY_NAME(t.name, 'OBJECT', 'SELECT'), 0) + COALESCE(HAS_PERMS_BY_NAME(t.name, 'OBJECT', 'INSERT'), 0)
    + COALESCE(HAS_PERMS_BY_NAME(t.name, 'OBJECT', 'UPDATE'), 0) + COALESCE(HAS_PERMS_BY_NAME(t.name, 'OBJECT', 'DELETE'), 0) < 4

-- name: explain_on
SET SHOWPLAN_TEXT ON

-- name: explain_off
SET SHOWPLAN_TEXT OFF

-- name: find_by_name
SELECT TOP (2) {columns} FROM records
WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND name_key = @name AND DATALENGTH(name_key) = DATALENGTH(@name)

-- name: audit_rows
SELECT TOP (@limit) number, {audit} FROM audit WHERE service_id = @service AND number >= @first AND number <= @last ORDER BY number

-- name: trail_after
SELECT TOP (@limit) a.number, a.organization_id, a.event, a.subject_kind, a.subject_id,
    CAST(CASE WHEN a.event = 'token.deleted' AND EXISTS ({part made_with}) THEN 1 ELSE 0 END AS bigint)
FROM audit a WHERE a.service_id = @service AND a.number > @after ORDER BY a.number

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

-- name: updated_rows
SET XACT_ABORT, NOCOUNT ON;
DECLARE @done TABLE (kind nvarchar(40) COLLATE Latin1_General_100_BIN2, id nvarchar(100) COLLATE Latin1_General_100_BIN2, PRIMARY KEY (kind, id));
BEGIN TRANSACTION;
UPDATE r SET {changing = i.}, state = COALESCE(i.state, r.state), due_tag = i.command_id
OUTPUT inserted.kind, inserted.id INTO @done
FROM OPENJSON(@rows) WITH ({typed columns}, expected bigint) i
INNER LOOP JOIN records r ON r.service_id = @service
    AND r.kind = i.kind COLLATE Latin1_General_100_BIN2 AND r.id = i.id COLLATE Latin1_General_100_BIN2 AND r.version = i.expected;

-- name: update_many
{part updated_rows}
{part audit_done};
COMMIT TRANSACTION;
SELECT kind, id FROM @done

-- name: update_many_told
{part updated_rows}
{part audit_done};
{part events_done};
COMMIT TRANSACTION;
SELECT kind, id FROM @done

-- name: inserted_rows
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

-- name: insert_many
{part inserted_rows}
{part listed_done};
{part audit_done};
COMMIT TRANSACTION;
SELECT kind, id FROM @done

-- name: insert_many_told
{part inserted_rows}
{part listed_done};
{part audit_done};
{part events_done};
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

-- name: numbers
SELECT CAST(value AS bigint) FROM OPENJSON(@keys)

-- name: types
SELECT value COLLATE Latin1_General_100_BIN2 FROM OPENJSON(@types)

-- name: accounts
SELECT value COLLATE Latin1_General_100_BIN2 FROM OPENJSON(@accounts)

-- name: deliveries_waiting
SELECT TOP (@limit) event_number, subject_id, attempts, due_at, CAST(CASE WHEN log IS NULL THEN 0 ELSE 1 END AS bigint) FROM deliveries
WHERE service_id = @service AND endpoint_id = @endpoint AND due_at IS NOT NULL AND event_number > @after
ORDER BY event_number

-- name: newest_logs
SELECT TOP (@limit) log FROM deliveries
WHERE service_id = @service AND endpoint_id = @endpoint AND event_number <= @newest AND log IS NOT NULL
ORDER BY event_number DESC

-- name: deliveries_logged
SELECT TOP (@limit)
    d.event_number, e.id, e.type, e.subject_kind, e.subject_id, d.created_at, d.attempts, d.due_at, d.outcome, d.log
FROM deliveries d JOIN events e ON e.number = d.event_number
WHERE d.service_id = @service AND d.endpoint_id = @endpoint AND d.event_number < @before
    AND (@status = '' OR @status = CASE WHEN d.due_at IS NOT NULL THEN 'waiting' ELSE d.outcome END)
ORDER BY d.event_number DESC

-- name: events_replayed
SELECT TOP (@limit) number FROM events e
WHERE e.service_id = @service AND e.organization_id = @organization AND e.at >= @since
    AND (@types = '' OR e.type IN ({part types})) AND (@accounts = '' OR e.account_id IN ({part accounts}))
ORDER BY number

-- name: events_old
SELECT TOP (@limit) number FROM events WHERE service_id = @service AND at < @until ORDER BY at

-- name: deliveries_noted
UPDATE d SET attempts = i.attempts, due_at = i.due_at, outcome = i.outcome, log = COALESCE(i.log, d.log)
FROM OPENJSON(@rows) WITH (
    endpoint nvarchar(100), number bigint, attempts bigint, due_at bigint, outcome nvarchar(40), log nvarchar(max)) i
INNER LOOP JOIN deliveries d ON d.service_id = @service
    AND d.endpoint_id = i.endpoint COLLATE Latin1_General_100_BIN2 AND d.event_number = i.number
    AND (d.due_at IS NOT NULL OR i.due_at IS NULL)

-- name: note_failing
BEGIN TRY
    INSERT INTO endpoints (service_id, endpoint_id)
    SELECT @service, @endpoint WHERE NOT EXISTS (SELECT 1 FROM endpoints WHERE service_id = @service AND endpoint_id = @endpoint)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH;
UPDATE endpoints SET failing_since = @since WHERE service_id = @service AND endpoint_id = @endpoint

-- name: events_done
DECLARE @numbered TABLE (number bigint PRIMARY KEY, id nvarchar(100) COLLATE Latin1_General_100_BIN2, subject_id nvarchar(100) COLLATE Latin1_General_100_BIN2, at bigint);
INSERT INTO events (service_id, {events})
OUTPUT inserted.number, inserted.id, inserted.subject_id, inserted.at INTO @numbered
SELECT @service, {e.events} FROM OPENJSON(@told) WITH (row_kind nvarchar(40), row_id nvarchar(100), {typed events}) e
JOIN @done d ON d.kind = e.row_kind COLLATE Latin1_General_100_BIN2 AND d.id = e.row_id COLLATE Latin1_General_100_BIN2
ORDER BY e.at, e.subject_version;
INSERT INTO deliveries (service_id, endpoint_id, event_number, subject_id, attempts, due_at, created_at)
SELECT @service, s.endpoint, n.number, n.subject_id, 0, n.at, n.at
FROM OPENJSON(@sent) WITH (event nvarchar(100), endpoint nvarchar(100)) s
JOIN @numbered n ON n.id = s.event COLLATE Latin1_General_100_BIN2

-- Rows are made with zeros and then added to, so that two silos at once lose nothing: the second attempt to make them sees the other's.

-- name: new_hours
INSERT INTO integration_hours (
    service_id, organization_id, hour, integration_id, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes)
SELECT @service, i.organization_id, i.hour, i.integration_id, 0, 0, 0, 0, 0, 0, 0
FROM OPENJSON(@rows) WITH (
    organization_id nvarchar(100) '$.organization_id', integration_id nvarchar(100) '$.integration_id', hour bigint '$.hour', at bigint '$.at') i
WHERE NOT EXISTS (
    SELECT 1 FROM integration_hours h WHERE h.service_id = @service AND h.organization_id = i.organization_id COLLATE Latin1_General_100_BIN2
    AND h.hour = i.hour AND h.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2)

-- name: count_hours
BEGIN TRY
    {part new_hours}
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH;
{part new_hours};
UPDATE h SET
    requests = CASE WHEN h.requests > @most - i.requests THEN @most ELSE h.requests + i.requests END,
    failed = CASE WHEN h.failed > @most - i.failed THEN @most ELSE h.failed + i.failed END,
    cpu_time = CASE WHEN h.cpu_time > @most - i.cpu_time THEN @most ELSE h.cpu_time + i.cpu_time END,
    db_ops = CASE WHEN h.db_ops > @most - i.db_ops THEN @most ELSE h.db_ops + i.db_ops END,
    api_ops = CASE WHEN h.api_ops > @most - i.api_ops THEN @most ELSE h.api_ops + i.api_ops END,
    in_bytes = CASE WHEN h.in_bytes > @most - i.in_bytes THEN @most ELSE h.in_bytes + i.in_bytes END,
    out_bytes = CASE WHEN h.out_bytes > @most - i.out_bytes THEN @most ELSE h.out_bytes + i.out_bytes END
FROM OPENJSON(@rows) WITH (
    organization_id nvarchar(100) '$.organization_id', integration_id nvarchar(100) '$.integration_id', hour bigint '$.hour', at bigint '$.at',
    requests bigint '$.requests', failed bigint '$.failed', cpu_time bigint '$.cpu_time', db_ops bigint '$.db_ops',
    api_ops bigint '$.api_ops', in_bytes bigint '$.in_bytes', out_bytes bigint '$.out_bytes') i
JOIN integration_hours h ON h.service_id = @service AND h.organization_id = i.organization_id COLLATE Latin1_General_100_BIN2
    AND h.hour = i.hour AND h.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2

-- name: new_status
INSERT INTO integration_status (
    service_id, integration_id, organization_id, updated_at, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes)
SELECT @service, i.integration_id, i.organization_id, i.at, 0, 0, 0, 0, 0, 0, 0
FROM OPENJSON(@rows) WITH (
    organization_id nvarchar(100) '$.organization_id', integration_id nvarchar(100) '$.integration_id', hour bigint '$.hour', at bigint '$.at') i
WHERE NOT EXISTS (SELECT 1 FROM integration_status s WHERE s.service_id = @service AND s.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2)

-- name: count_status
BEGIN TRY
    {part new_status}
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH;
{part new_status};
UPDATE s SET updated_at = i.at,
    requests = CASE WHEN s.requests > @most - i.requests THEN @most ELSE s.requests + i.requests END,
    failed = CASE WHEN s.failed > @most - i.failed THEN @most ELSE s.failed + i.failed END,
    cpu_time = CASE WHEN s.cpu_time > @most - i.cpu_time THEN @most ELSE s.cpu_time + i.cpu_time END,
    db_ops = CASE WHEN s.db_ops > @most - i.db_ops THEN @most ELSE s.db_ops + i.db_ops END,
    api_ops = CASE WHEN s.api_ops > @most - i.api_ops THEN @most ELSE s.api_ops + i.api_ops END,
    in_bytes = CASE WHEN s.in_bytes > @most - i.in_bytes THEN @most ELSE s.in_bytes + i.in_bytes END,
    out_bytes = CASE WHEN s.out_bytes > @most - i.out_bytes THEN @most ELSE s.out_bytes + i.out_bytes END
FROM OPENJSON(@rows) WITH (
    organization_id nvarchar(100) '$.organization_id', integration_id nvarchar(100) '$.integration_id', hour bigint '$.hour', at bigint '$.at',
    requests bigint '$.requests', failed bigint '$.failed', cpu_time bigint '$.cpu_time', db_ops bigint '$.db_ops',
    api_ops bigint '$.api_ops', in_bytes bigint '$.in_bytes', out_bytes bigint '$.out_bytes') i
JOIN integration_status s ON s.service_id = @service AND s.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2

-- name: note_status_events
BEGIN TRY
    INSERT INTO integration_events (service_id, integration_id, at, status, error, request)
    SELECT @service, i.integration_id, i.at, i.status, i.error, COALESCE(s.requests, 0)
    FROM OPENJSON(@rows) WITH (
        integration_id nvarchar(100) '$.integration_id', hour bigint '$.hour', at bigint '$.at', status nvarchar(100) '$.status',
        error nvarchar(1100) '$.error') i
    LEFT JOIN integration_status s ON s.service_id = @service AND s.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2
    WHERE NOT EXISTS (
        SELECT 1 FROM integration_events o
        WHERE o.service_id = @service AND o.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2 AND o.at = i.at)
    AND (
        SELECT COUNT(*) FROM integration_events e
        WHERE e.service_id = @service AND e.integration_id = i.integration_id COLLATE Latin1_General_100_BIN2
            AND e.at >= i.hour AND e.at <= i.at) < @most
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: sweep_hours
DELETE TOP (@limit) FROM integration_hours WHERE service_id = @service AND hour < @before

-- name: sweep_status_events
DELETE TOP (@limit) FROM integration_events WHERE service_id = @service AND at < @before

-- name: sweep_status
DELETE TOP (@limit) FROM integration_status WHERE service_id = @service AND updated_at < @before AND NOT EXISTS (
    SELECT 1 FROM records r
    WHERE r.service_id = @service AND r.kind = 'integration' AND r.id = integration_status.integration_id AND r.status = 'live')

-- name: event
INSERT INTO events (service_id, {events}) SELECT @service, {@events}
WHERE NOT EXISTS (SELECT 1 FROM events WHERE service_id = @service AND id = @id)

-- name: delivery
INSERT INTO deliveries (service_id, endpoint_id, event_number, subject_id, attempts, due_at, created_at)
SELECT @service, @endpoint, e.number, e.subject_id, 0, e.at, e.at FROM events e
WHERE e.service_id = @service AND e.id = @event
    AND NOT EXISTS (
        SELECT 1 FROM deliveries d WHERE d.service_id = @service AND d.endpoint_id = @endpoint AND d.event_number = e.number)

-- name: token_keys
SELECT value COLLATE Latin1_General_100_BIN2 FROM OPENJSON(@keys)

-- name: list_token_uses
(
    SELECT token_id COLLATE Latin1_General_100_BIN2 AS token_id, organization_id, address COLLATE Latin1_General_100_BIN2 AS address, client,
        first_at, last_at
    FROM OPENJSON(@rows) WITH (
        token_id nvarchar(100) '$.token_id', organization_id nvarchar(100) '$.organization_id', address nvarchar(100) '$.address',
        client nvarchar(100) '$.client', first_at bigint '$.first_at', last_at bigint '$.last_at')
) i

-- name: list_token_days
(
    SELECT token_id COLLATE Latin1_General_100_BIN2 AS token_id, day, hours, written_over COLLATE Latin1_General_100_BIN2 AS written_over
    FROM OPENJSON(@rows) WITH (
        token_id nvarchar(100) '$.token_id', day bigint '$.day', hours nvarchar(max) '$.hours', written_over nvarchar(100) '$.written_over')
) i

-- name: add_token_use
INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at)
SELECT @service, @id, @organization_id, 0 WHERE NOT EXISTS (SELECT 1 FROM token_uses WHERE service_id = @service AND token_id = @id)

-- name: listed_done
INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at)
SELECT @service, r.id, r.organization_id, 0 FROM @done d
INNER LOOP JOIN records r ON r.service_id = @service AND r.kind = d.kind AND r.id = d.id
WHERE d.kind = 'token' AND NOT EXISTS (SELECT 1 FROM token_uses u WHERE u.service_id = @service AND u.token_id = d.id)

-- name: new_token_uses
INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at, address, client)
SELECT @service, i.token_id, i.organization_id, i.last_at, i.address, i.client FROM {part list_token_uses}
WHERE EXISTS (SELECT 1 FROM records r WHERE r.service_id = @service AND r.kind = 'token' AND r.id = i.token_id)
    AND NOT EXISTS (SELECT 1 FROM token_uses u WHERE u.service_id = @service AND u.token_id = i.token_id)

-- name: note_token_uses
BEGIN TRY
    {part new_token_uses}
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH;
UPDATE u SET last_used_at = i.last_at, address = i.address, client = i.client FROM {part list_token_uses}
JOIN token_uses u ON u.service_id = @service AND u.token_id = i.token_id WHERE i.last_at > u.last_used_at

-- name: new_token_addresses
INSERT INTO token_addresses (service_id, token_id, address, client, first_at, last_at)
SELECT @service, i.token_id, i.address, i.client, i.first_at, i.last_at FROM {part list_token_uses}
WHERE EXISTS (SELECT 1 FROM records r WHERE r.service_id = @service AND r.kind = 'token' AND r.id = i.token_id)
    AND NOT EXISTS (SELECT 1 FROM token_addresses a WHERE a.service_id = @service AND a.token_id = i.token_id AND a.address = i.address)

-- name: note_token_addresses
BEGIN TRY
    {part new_token_addresses}
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH;
UPDATE a SET client = CASE WHEN i.last_at >= a.last_at THEN i.client ELSE a.client END,
    first_at = CASE WHEN i.first_at < a.first_at THEN i.first_at ELSE a.first_at END,
    last_at = CASE WHEN i.last_at > a.last_at THEN i.last_at ELSE a.last_at END
FROM {part list_token_uses}
JOIN token_addresses a ON a.service_id = @service AND a.token_id = i.token_id AND a.address = i.address

-- name: put_token_days
UPDATE d SET hours = i.hours, written_by = @writer, written_over = i.written_over FROM {part list_token_days}
JOIN token_days d ON d.service_id = @service AND d.token_id = i.token_id AND d.day = i.day AND d.written_by = i.written_over;
BEGIN TRY
    INSERT INTO token_days (service_id, token_id, day, hours, written_by, written_over)
    SELECT @service, i.token_id, i.day, i.hours, @writer, i.written_over FROM {part list_token_days}
    WHERE NOT EXISTS (SELECT 1 FROM token_days d WHERE d.service_id = @service AND d.token_id = i.token_id AND d.day = i.day)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: sweep_token_days
DELETE TOP (@limit) FROM token_days WHERE service_id = @service AND day < @before

-- name: begin_history
BEGIN TRY
    INSERT INTO audit_history_places (service_id, link)
    SELECT @service, 0 WHERE NOT EXISTS (SELECT 1 FROM audit_history_places WHERE service_id = @service)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: enter_history
BEGIN TRY
    INSERT INTO audit_history (service_id, subject_id, number, link)
    SELECT @service, a.subject_id, a.number, @link FROM audit a
    WHERE a.service_id = @service AND a.number >= @first AND a.number <= @last
        AND NOT EXISTS (
            SELECT 1 FROM audit_history h WHERE h.service_id = @service AND h.subject_id = a.subject_id AND h.number = a.number)
    ORDER BY a.subject_id, a.number
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: history_entered
SELECT TOP (@limit) a.number, {a.audit}, h.link FROM audit_history h JOIN audit a ON a.number = h.number
WHERE h.service_id = @service AND h.subject_id = @subject AND h.number < @before AND h.number <= @entered
ORDER BY h.number DESC

-- name: history_tail
SELECT TOP (@limit) a.number, {a.audit} FROM audit a
WHERE a.service_id = @service AND a.subject_id = @subject AND a.number > @entered AND a.number < @before
ORDER BY a.number DESC

-- name: list_beyond
{first} {beyond}= {value} AND ({first} {beyond} {value} OR {second} {beyond} {next})

-- name: begin_token_lists
BEGIN TRY
    INSERT INTO token_list_places (service_id, link)
    SELECT @service, 0 WHERE NOT EXISTS (SELECT 1 FROM token_list_places WHERE service_id = @service)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: move_token_ends
UPDATE t SET ends_at = COALESCE(r.expires_at, 0) FROM token_ends t
JOIN records r ON r.service_id = @service AND r.kind = 'token' AND r.id = t.token_id
WHERE t.service_id = @service AND t.token_id IN ({part changed_tokens}) AND t.ends_at <> COALESCE(r.expires_at, 0)

-- name: enter_token_ends
BEGIN TRY
    INSERT INTO token_ends (service_id, token_id, organization_id, ends_at)
    SELECT r.service_id, r.id, r.organization_id, COALESCE(r.expires_at, 0) FROM records r
    WHERE r.service_id = @service AND r.kind = 'token' AND r.status = 'live' AND r.id IN ({part made_tokens})
        AND NOT EXISTS (SELECT 1 FROM token_ends t WHERE t.service_id = @service AND t.token_id = r.id)
    ORDER BY r.id
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: enter_token_labels
BEGIN TRY
    INSERT INTO token_labels (service_id, organization_id, label, token_id)
    SELECT DISTINCT r.service_id, r.organization_id, {part list_label}, r.id FROM records r CROSS APPLY OPENJSON(r.state, '$.labels') e
    WHERE r.service_id = @service AND r.kind = 'token' AND r.status = 'live' AND r.id IN ({part made_tokens})
        AND NOT EXISTS (
            SELECT 1 FROM token_labels t WHERE t.service_id = @service AND t.organization_id = r.organization_id
                AND t.label = {part list_label} AND t.token_id = r.id)
END TRY
BEGIN CATCH
    {part unless_there}
END CATCH

-- name: forget_token_labels
DELETE FROM token_labels WHERE service_id = @service AND token_id IN ({part made_tokens}) AND NOT EXISTS (
    SELECT 1 FROM records r CROSS APPLY OPENJSON(r.state, '$.labels') e
    WHERE r.service_id = @service AND r.kind = 'token' AND r.id = token_labels.token_id AND r.status = 'live'
        AND {part list_label} = token_labels.label)
