-- Rows are found by their keys in a subquery that the planner can neither flatten nor turn around: planned on a table that is small or never was
-- analyzed, a plain join walks the whole index, and goes on doing so when the table has grown. A row that another connection writes meanwhile
-- is not at its place any more and is left out; whoever asked finds that out.

-- A lock that is waited for twice, by the first attempt and by the second, behind a group that waited too, is given up within the 5 s that a caller
-- has; a deadlock is found after 1 s.

-- name: keyed_only
SET lock_timeout = 1100; SET enable_seqscan = off; SET enable_memoize = off; SET plan_cache_mode = force_generic_plan

-- name: read_many
SELECT {columns} FROM unnest(@kinds, @ids) AS k (key_kind, key_id)
CROSS JOIN LATERAL (SELECT * FROM records WHERE service_id = @service AND kind = key_kind AND id = key_id OFFSET 0) r

-- name: live_locked
SELECT kind, id FROM records
WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted') FOR SHARE

-- name: updated_rows
WITH input AS (
    SELECT * FROM unnest(@kind, @id, @expected, @state, {@changing}) AS i (kind, id, expected, state, {changing})
), found AS (
    SELECT i.*, r.ctid AS place FROM input i
    CROSS JOIN LATERAL (
        SELECT ctid FROM records WHERE service_id = @service AND kind = i.kind AND id = i.id AND version = i.expected OFFSET 0
    ) r
), done AS (
    UPDATE records r SET {changing = i.}, state = COALESCE(i.state, r.state), due_tag = i.command_id
    FROM found i WHERE r.ctid = i.place
    RETURNING r.kind, r.id
)

-- name: update_many
{part updated_rows}, noted AS (
    {part audit_done}
)
SELECT kind, id FROM done

-- name: update_many_told
{part updated_rows}, noted AS (
    {part audit_done}
), told AS (
    {part events_done}
), sent AS (
    {part deliveries_done}
)
SELECT kind, id FROM done

-- name: inserted_rows
WITH parents AS (
    SELECT * FROM unnest(@p_child, @p_kind, @p_id) AS p (child, kind, id)
), live AS (
    SELECT l.kind, l.id FROM (SELECT DISTINCT kind, id FROM parents ORDER BY kind, id) p
    CROSS JOIN LATERAL (
        SELECT kind, id FROM records r
        WHERE r.service_id = @service AND r.kind = p.kind AND r.id = p.id AND r.status NOT IN ('deleting', 'deleted') FOR SHARE
    ) l
), orphans AS (
    SELECT child FROM parents p WHERE NOT EXISTS (SELECT 1 FROM live l WHERE l.kind = p.kind AND l.id = p.id)
), done AS (
    INSERT INTO records (service_id, {columns}, due_tag)
    SELECT @service, {columns}, command_id FROM unnest({@columns}) AS i ({columns})
    WHERE id NOT IN (SELECT child FROM orphans)
    ON CONFLICT DO NOTHING
    RETURNING kind, id, organization_id
), listed AS (
    INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at)
    SELECT @service, id, organization_id, 0 FROM done WHERE kind = 'token' ON CONFLICT DO NOTHING
)

-- name: insert_many
{part inserted_rows}, noted AS (
    {part audit_done}
)
SELECT kind, id FROM done

-- name: insert_many_told
{part inserted_rows}, noted AS (
    {part audit_done}
), told AS (
    {part events_done}
), sent AS (
    {part deliveries_done}
)
SELECT kind, id FROM done

-- name: audit_done
INSERT INTO audit (service_id, {audit})
    SELECT @service, {a.audit} FROM unnest(@a_row_kind, @a_row_id, {@a_audit}) AS a (row_kind, row_id, {audit})
    JOIN done ON done.kind = a.row_kind AND done.id = a.row_id

-- name: events_done
INSERT INTO events (service_id, {events})
    SELECT @service, {e.events}
    FROM unnest(@e_row_kind, @e_row_id, {@e_events}) WITH ORDINALITY AS e (row_kind, row_id, {events}, place)
    JOIN done ON done.kind = e.row_kind AND done.id = e.row_id
    ORDER BY e.place
    RETURNING number, id, subject_id, at

-- name: deliveries_done
INSERT INTO deliveries (service_id, endpoint_id, event_number, subject_id, attempts, due_at, created_at)
    SELECT @service, d.endpoint, told.number, told.subject_id, 0, told.at, told.at
    FROM unnest(@d_event, @d_endpoint) AS d (event, endpoint) JOIN told ON told.id = d.event

-- name: deliveries_noted
UPDATE deliveries d SET attempts = i.attempts, due_at = i.due_at, outcome = i.outcome, log = COALESCE(i.log, d.log)
FROM json_to_recordset(@rows::json) AS i (endpoint text, number bigint, attempts bigint, due_at bigint, outcome text, log text)
WHERE d.service_id = @service AND d.endpoint_id = i.endpoint AND d.event_number = i.number
    AND (d.due_at IS NOT NULL OR i.due_at IS NULL)

-- name: touch_many
UPDATE records r SET
    last_used_at = GREATEST(r.last_used_at, i.last_used_at),
    presented_at = CASE WHEN r.version = i.version AND r.presented_at IS NULL THEN i.presented_at ELSE r.presented_at END,
    sealed = CASE WHEN r.version = i.version AND i.erase_sealed = 1 THEN NULL ELSE r.sealed END
FROM (
    SELECT t.*, found.ctid AS place FROM unnest(@kind, @id, @version, @presented_at, @last_used_at, @erase_sealed)
    AS t (key_kind, key_id, version, presented_at, last_used_at, erase_sealed)
    CROSS JOIN LATERAL (SELECT ctid FROM records WHERE service_id = @service AND kind = key_kind AND id = key_id OFFSET 0) found
    ORDER BY key_kind, key_id
) i
WHERE r.ctid = i.place
RETURNING r.kind, r.id

-- name: server
SELECT version(), current_setting('server_version_num')::bigint, current_setting('transaction_isolation'),
    current_setting('transaction_read_only'), pg_encoding_to_char(encoding)::text, datcollate::text,
    (SELECT COALESCE(string_agg(t.name, ', ' ORDER BY t.name), '') FROM (VALUES
    ('audit'), ('audit_history'), ('audit_history_places'), ('audit_links'), ('cluster_silos'), ('cluster_versions'),
    ('deliveries'), ('endpoints'), ('events'), ('executions'), ('imported_keys'), ('integration_events'),
    ('integration_hours'), ('integration_status'), ('orleansquery'), ('peppers'), ('records'), ('schema_versions'),
    ('services'), ('silo_leases'), ('token_addresses'), ('token_days'), ('token_ends'), ('token_labels'),
    ('token_list_places'), ('token_uses')) AS t(name)
    WHERE NOT COALESCE(has_table_privilege(to_regclass(t.name), 'SELECT') AND has_table_privilege(to_regclass(t.name), 'INSERT')
    AND has_table_privilege(to_regclass(t.name), 'UPDATE') AND has_table_privilege(to_regclass(t.name), 'DELETE'), false))::text
FROM pg_database WHERE datname = current_database()

-- name: server_time
SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')

-- name: backend
SELECT pg_backend_pid()

-- name: session_mark
SELECT set_config('tokenactors.session', 'marked', false)

-- name: session_marked
SELECT COALESCE(current_setting('tokenactors.session', true), '')

-- name: list_text
({expression} COLLATE "C")

-- name: list_often
CASE WHEN {condition} THEN TRUE ELSE FALSE END

-- name: list_json_flag
state::json #>> '{{path}}' = 'true'

-- name: list_json_array
COALESCE(state::json #>> '{{path}}', '')

-- name: list_element
(e.value COLLATE "C")

-- name: list_label
e.value COLLATE "C"

-- name: list_labels
LATERAL json_array_elements_text(CASE WHEN json_typeof(r.state::json -> 'labels') = 'array' THEN r.state::json -> 'labels' END) e (value)

-- name: list_any
EXISTS (SELECT 1 FROM json_array_elements_text(state::json #> '{{path}}') e (value) WHERE {condition})

-- name: list_hot_mark
position(convert_to(@mark, 'UTF8') IN hot) > 0

-- name: list_hot_time
convert_from(substring(hot FROM {place} FOR {digits}), 'UTF8')::bigint / 10

-- name: list_json_time
(EXTRACT(EPOCH FROM (state::json #>> '{{path}}')::timestamptz) * 1000000)::bigint

-- name: list_json
COALESCE(state::json #>> '{{path}}', '')

-- name: lease_claim
INSERT INTO services (service_id, cluster_id) VALUES (@service, @cluster)
ON CONFLICT (service_id) DO UPDATE SET cluster_id = services.cluster_id

-- name: lease_forget_others
DELETE FROM silo_leases WHERE service_id = @service AND cluster_id <> @cluster AND until <= clock_timestamp()

-- name: lease_others
SELECT silo FROM silo_leases WHERE service_id = @service AND cluster_id <> @cluster

-- name: lease_take
UPDATE services SET cluster_id = @cluster WHERE service_id = @service

-- name: lease_insert
INSERT INTO silo_leases (service_id, cluster_id, silo, until)
VALUES (@service, @cluster, @silo, clock_timestamp() + @seconds * interval '1 second')

-- name: lease_renew
UPDATE silo_leases SET until = clock_timestamp() + @seconds * interval '1 second'
WHERE service_id = @service AND cluster_id = @cluster AND silo = @silo

-- name: lease_release
DELETE FROM silo_leases WHERE service_id = @service AND cluster_id = @cluster AND silo = @silo

-- name: live_silos
SELECT silo FROM silo_leases WHERE service_id = @service AND until > clock_timestamp()

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
SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid FROM pg_database WHERE datname = current_database()

-- name: numbers
SELECT value::bigint FROM json_array_elements_text(@keys::json)

-- name: types
SELECT value COLLATE "C" FROM json_array_elements_text(@types::json)

-- name: accounts
SELECT value COLLATE "C" FROM json_array_elements_text(@accounts::json)

-- name: list_counts
json_to_recordset(CAST(@rows AS json)) AS i (
    organization_id text, integration_id text, hour bigint, at bigint, requests bigint, failed bigint, cpu_time bigint, db_ops bigint,
    api_ops bigint, in_bytes bigint, out_bytes bigint)

-- name: list_status_events
json_to_recordset(CAST(@rows AS json)) AS i (
    integration_id text, hour bigint, at bigint, status text, error text)

-- name: token_keys
SELECT value COLLATE "C" FROM json_array_elements_text(@keys::json)

-- name: list_token_uses
json_to_recordset(CAST(@rows AS json)) AS i (
    token_id text, organization_id text, address text, client text, first_at bigint, last_at bigint)

-- name: list_token_days
json_to_recordset(CAST(@rows AS json)) AS i (token_id text, day bigint, hours text, written_over text)
