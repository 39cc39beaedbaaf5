-- name: server
SELECT sqlite_version(), (SELECT journal_mode FROM pragma_journal_mode), CAST((SELECT synchronous FROM pragma_synchronous) AS integer)

-- name: server_time
SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')

-- name: list_text
{expression}

-- name: list_json_flag
json_extract(state, '$.{name}') = 1

-- name: list_json_array
COALESCE(state ->> '$.{name}', '')

-- name: list_element
e.value

-- name: list_label
json_each.value

-- name: list_labels
json_each(r.state, '$.labels')

-- name: list_any
EXISTS (SELECT 1 FROM json_each(state, '$.{name}') e WHERE {condition})

-- name: list_hot_mark
instr(hot, CAST(@mark AS BLOB)) > 0

-- name: list_hot_time
CAST(CAST(substr(hot, {place}, {digits}) AS TEXT) AS INTEGER) / 10

-- name: list_json_time
unixepoch(substr(state ->> '$.{name}', 1, 19)) * 1000000
    + CAST(substr(CASE substr(state ->> '$.{name}', 20, 1) WHEN '.' THEN replace(substr(state ->> '$.{name}', 21), '+00:00', '') ELSE '' END || '000000', 1, 6) AS INTEGER)

-- name: list_json
COALESCE(state ->> '$.{name}', '')

-- name: update_in_place
UPDATE records SET {unindexed = @}, state = COALESCE(@state, state), due_tag = @command_id
WHERE service_id = @service AND kind = @kind AND id = @id AND version = @expected
    AND name_key IS @name_key AND status = @status AND due_at IS @due_at

-- name: numbers
SELECT value FROM json_each(@keys)

-- name: types
SELECT value FROM json_each(@types)

-- name: accounts
SELECT value FROM json_each(@accounts)

-- name: events_numbered
SELECT number, {events} FROM events WHERE +service_id = @service AND number IN ({part numbers}) -- by number, not by service

-- name: deliveries_noted
UPDATE deliveries SET attempts = i.attempts, due_at = i.due_at, outcome = i.outcome, log = COALESCE(i.log, deliveries.log)
FROM (
    SELECT value ->> 'endpoint' AS endpoint, value ->> 'number' AS number, value ->> 'attempts' AS attempts,
        value ->> 'due_at' AS due_at, value ->> 'outcome' AS outcome, value ->> 'log' AS log
    FROM json_each(@rows) LIMIT -1 -- so that the rows are looked up by these, and not these by each row
) i
WHERE service_id = @service AND endpoint_id = i.endpoint AND event_number = i.number
    AND (deliveries.due_at IS NOT NULL OR i.due_at IS NULL)

-- name: list_counts
(
    SELECT
        value ->> '$.organization_id' AS organization_id, value ->> '$.integration_id' AS integration_id, value ->> '$.hour' AS hour,
        value ->> '$.at' AS at, value ->> '$.requests' AS requests, value ->> '$.failed' AS failed, value ->> '$.cpu_time' AS cpu_time,
        value ->> '$.db_ops' AS db_ops, value ->> '$.api_ops' AS api_ops, value ->> '$.in_bytes' AS in_bytes,
        value ->> '$.out_bytes' AS out_bytes
    FROM json_each(@rows)
) i

-- name: list_status_events
(
    SELECT
        value ->> '$.integration_id' AS integration_id, value ->> '$.hour' AS hour, value ->> '$.at' AS at, value ->> '$.status' AS status,
        value ->> '$.error' AS error
    FROM json_each(@rows)
) i

-- name: token_keys
SELECT value FROM json_each(@keys)

-- name: list_token_uses
(
    SELECT
        value ->> '$.token_id' AS token_id, value ->> '$.organization_id' AS organization_id, value ->> '$.address' AS address,
        value ->> '$.client' AS client, value ->> '$.first_at' AS first_at, value ->> '$.last_at' AS last_at
    FROM json_each(@rows)
) i

-- name: list_token_days
(
    SELECT
        value ->> '$.token_id' AS token_id, value ->> '$.day' AS day, value ->> '$.hours' AS hours,
        value ->> '$.written_over' AS written_over
    FROM json_each(@rows) LIMIT -1 -- as with deliveries_noted
) i
