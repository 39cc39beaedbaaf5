-- name: read
SELECT {columns} FROM records WHERE service_id = @service AND kind = @kind AND id = @id

-- name: find_by_name
SELECT {columns} FROM records WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND name_key = @name
LIMIT 2

-- name: list_below
WITH RECURSIVE below (id) AS (
    SELECT id FROM records WHERE service_id = @service AND kind = {kind} AND parent_id = {parent} AND id <> parent_id
    UNION ALL
    SELECT r.id FROM records r JOIN below b ON r.parent_id = b.id
    WHERE r.service_id = @service AND r.kind = {kind} AND r.id <> r.parent_id
)
{page}

-- name: owned
SELECT {columns} FROM records
WHERE service_id = @service AND owner_id = @owner AND kind = @kind AND owner_id <> organization_id AND status = 'live'
ORDER BY id LIMIT @limit

-- name: live_of
SELECT {columns} FROM records
WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND status = 'live'
    AND (@member = '' OR member_id = @member)
ORDER BY id LIMIT @limit

-- name: being_deleted
SELECT {columns} FROM records WHERE service_id = @service AND organization_id = @organization AND status = 'deleting'

-- name: by_kind
SELECT {columns} FROM records WHERE service_id = @service AND kind = @kind AND organization_id = @organization AND status <> 'deleted'

-- name: all_of_kind
SELECT {columns} FROM records WHERE service_id = @service AND kind = @kind ORDER BY created_at, id

-- name: outcome
SELECT version, command_id FROM records WHERE service_id = @service AND kind = @kind AND id = @id

-- name: name_taken
SELECT 1 FROM records o
WHERE o.service_id = @service AND o.organization_id = @organization_id AND o.kind = @kind AND o.name_key = @name_key AND o.id <> @id
    AND o.name_scope = COALESCE((SELECT s.name_scope FROM records s WHERE s.service_id = @service AND s.kind = @kind AND s.id = @id), @name_scope)

-- name: update
UPDATE records SET {changing = @}, state = COALESCE(@state, state), due_tag = @command_id
WHERE service_id = @service AND kind = @kind AND id = @id AND version = @expected

-- name: insert
INSERT INTO records (service_id, {columns}, due_tag) VALUES (@service, {@columns}, @command_id) ON CONFLICT DO NOTHING

-- name: purge
DELETE FROM records WHERE service_id = @service AND kind = @kind AND id = @id AND version = @expected

-- name: live
SELECT kind, id FROM records WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted')

-- name: live_locked
SELECT kind, id FROM records WHERE service_id = @service AND kind = @kind AND id = @id AND status NOT IN ('deleting', 'deleted')

-- name: audit
INSERT INTO audit (service_id, {audit}) VALUES (@service, {@audit})

-- name: audit_of
SELECT {audit} FROM audit WHERE service_id = @service AND subject_id = @id ORDER BY number

-- name: audit_rows
SELECT number, {audit} FROM audit WHERE service_id = @service AND number >= @first AND number <= @last ORDER BY number LIMIT @limit

-- name: trail_end
SELECT CAST(COALESCE(MAX(number), 0) AS bigint) FROM audit WHERE service_id = @service

-- name: made_with
SELECT 1 FROM records c
WHERE c.service_id = a.service_id AND c.parent_id = a.subject_id AND c.kind = 'token' AND c.id <> a.subject_id AND c.belongs_to IS NULL

-- name: trail_after
SELECT a.number, a.organization_id, a.event, a.subject_kind, a.subject_id,
    CAST(CASE WHEN a.event = 'token.deleted' AND EXISTS ({part made_with}) THEN 1 ELSE 0 END AS bigint)
FROM audit a WHERE a.service_id = @service AND a.number > @after ORDER BY a.number LIMIT @limit

-- name: trail_late
SELECT a.number, a.organization_id, a.event, a.subject_kind, a.subject_id,
    CAST(CASE WHEN a.event = 'token.deleted' AND EXISTS ({part made_with}) THEN 1 ELSE 0 END AS bigint)
FROM audit a WHERE a.service_id = @service AND a.number IN ({part numbers}) ORDER BY a.number

-- name: last_audit_link
SELECT link, first_number, last_number, pepper_id, row_codes, code FROM audit_links WHERE service_id = @service ORDER BY link DESC LIMIT @limit

-- name: audit_links_from
SELECT link, first_number, last_number, pepper_id, row_codes, code FROM audit_links
WHERE service_id = @service AND link >= @link ORDER BY link LIMIT @limit

-- name: audit_links_over
SELECT link, row_codes FROM audit_links
WHERE service_id = @service AND last_number >= @first AND first_number <= @last ORDER BY link

-- name: add_audit_link
INSERT INTO audit_links (service_id, link, first_number, last_number, pepper_id, row_codes, code)
VALUES (@service, @link, @first, @last, @pepper, @row_codes, @code) ON CONFLICT DO NOTHING

-- name: add_execution
INSERT INTO executions (service_id, {executions}) VALUES (@service, {@executions}) ON CONFLICT DO NOTHING

-- name: execution
SELECT {executions} FROM executions WHERE service_id = @service AND execution_id = @execution_id AND organization_id = @organization_id

-- name: sweep_executions
DELETE FROM executions WHERE service_id = @service AND execution_id IN
    (SELECT execution_id FROM executions WHERE service_id = @service AND started_at < @until ORDER BY started_at LIMIT @limit)

-- name: touch
UPDATE records SET
    last_used_at = CASE WHEN last_used_at IS NULL OR last_used_at < @last_used_at THEN @last_used_at ELSE last_used_at END,
    presented_at = CASE WHEN version = @version AND presented_at IS NULL THEN @presented_at ELSE presented_at END,
    sealed = CASE WHEN version = @version AND @erase_sealed = 1 THEN NULL ELSE sealed END
WHERE service_id = @service AND kind = @kind AND id = @id

-- name: due
SELECT kind, id, due_at, due_tag FROM records WHERE service_id = @service AND due_at <= @until

-- name: due_of
SELECT kind, id, due_at, due_tag FROM records WHERE service_id = @service AND kind = @kind AND id = @id AND due_at IS NOT NULL

-- name: renew_due
UPDATE records SET due_at = COALESCE(due_at, @due_at), due_tag = @due_tag WHERE service_id = @service AND kind = @kind AND id = @id

-- name: move_due
UPDATE records SET due_at = @due_at WHERE service_id = @service AND kind = @kind AND id = @id AND version = @version

-- name: clear_due
UPDATE records SET due_at = NULL, due_tag = NULL WHERE service_id = @service AND kind = @kind AND id = @id AND due_tag = @due_tag

-- name: probe
UPDATE records SET version = version WHERE service_id = @service AND kind = '' AND id = '';
UPDATE peppers SET check_value = check_value WHERE service_id = @service

-- name: pepper_check
SELECT pepper_id, check_value FROM peppers WHERE service_id = @service

-- name: add_pepper
INSERT INTO peppers (service_id, pepper_id, check_value) VALUES (@service, @id, @check) ON CONFLICT DO NOTHING

-- name: pepper_users
SELECT kind, CAST(COUNT(*) AS bigint), MAX(expires_at), CAST(COUNT(*) - COUNT(expires_at) AS bigint) FROM records
WHERE service_id = @service AND status <> 'deleted' AND (state LIKE @pattern OR {part list_hot_mark}) GROUP BY kind ORDER BY kind

-- name: pepper_links
SELECT CAST(COUNT(*) AS bigint) FROM audit_links WHERE service_id = @service AND pepper_id = @pepper

-- name: keep_pepper
UPDATE peppers SET check_value = @check WHERE service_id = @service AND pepper_id = @id

-- name: forget_pepper
DELETE FROM peppers WHERE service_id = @service AND pepper_id = @id

-- name: count_hours
INSERT INTO integration_hours (service_id, organization_id, hour, integration_id, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes)
SELECT @service, organization_id, hour, integration_id, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes FROM {part list_counts}
WHERE 1 = 1 ORDER BY organization_id, hour, integration_id
ON CONFLICT (service_id, organization_id, hour, integration_id) DO UPDATE SET
    requests = CASE WHEN integration_hours.requests > @most - excluded.requests THEN @most ELSE integration_hours.requests + excluded.requests END,
    failed = CASE WHEN integration_hours.failed > @most - excluded.failed THEN @most ELSE integration_hours.failed + excluded.failed END,
    cpu_time = CASE WHEN integration_hours.cpu_time > @most - excluded.cpu_time THEN @most ELSE integration_hours.cpu_time + excluded.cpu_time END,
    db_ops = CASE WHEN integration_hours.db_ops > @most - excluded.db_ops THEN @most ELSE integration_hours.db_ops + excluded.db_ops END,
    api_ops = CASE WHEN integration_hours.api_ops > @most - excluded.api_ops THEN @most ELSE integration_hours.api_ops + excluded.api_ops END,
    in_bytes = CASE WHEN integration_hours.in_bytes > @most - excluded.in_bytes THEN @most ELSE integration_hours.in_bytes + excluded.in_bytes END,
    out_bytes = CASE WHEN integration_hours.out_bytes > @most - excluded.out_bytes THEN @most ELSE integration_hours.out_bytes + excluded.out_bytes END

-- name: count_status
INSERT INTO integration_status (
    service_id, integration_id, organization_id, updated_at, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes)
SELECT @service, integration_id, organization_id, at, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes FROM {part list_counts}
WHERE 1 = 1 ORDER BY integration_id
ON CONFLICT (service_id, integration_id) DO UPDATE SET updated_at = excluded.updated_at,
    requests = CASE WHEN integration_status.requests > @most - excluded.requests THEN @most ELSE integration_status.requests + excluded.requests END,
    failed = CASE WHEN integration_status.failed > @most - excluded.failed THEN @most ELSE integration_status.failed + excluded.failed END,
    cpu_time = CASE WHEN integration_status.cpu_time > @most - excluded.cpu_time THEN @most ELSE integration_status.cpu_time + excluded.cpu_time END,
    db_ops = CASE WHEN integration_status.db_ops > @most - excluded.db_ops THEN @most ELSE integration_status.db_ops + excluded.db_ops END,
    api_ops = CASE WHEN integration_status.api_ops > @most - excluded.api_ops THEN @most ELSE integration_status.api_ops + excluded.api_ops END,
    in_bytes = CASE WHEN integration_status.in_bytes > @most - excluded.in_bytes THEN @most ELSE integration_status.in_bytes + excluded.in_bytes END,
    out_bytes = CASE WHEN integration_status.out_bytes > @most - excluded.out_bytes THEN @most ELSE integration_status.out_bytes + excluded.out_bytes END

-- name: reset_status
UPDATE integration_status SET updated_at = @at, requests = 0, failed = 0, cpu_time = 0, db_ops = 0, api_ops = 0, in_bytes = 0, out_bytes = 0
WHERE service_id = @service AND integration_id = @integration AND organization_id = @organization

-- name: note_status_events
INSERT INTO integration_events (service_id, integration_id, at, status, error, request)
SELECT @service, i.integration_id, i.at, i.status, i.error, COALESCE(s.requests, 0)
FROM {part list_status_events} LEFT JOIN integration_status s ON s.service_id = @service AND s.integration_id = i.integration_id
WHERE (
    SELECT COUNT(*) FROM integration_events e
    WHERE e.service_id = @service AND e.integration_id = i.integration_id AND e.at >= i.hour AND e.at <= i.at) < @most
ON CONFLICT DO NOTHING

-- name: status_hours
SELECT hour, CAST(SUM(requests) AS bigint), CAST(SUM(failed) AS bigint), CAST(SUM(cpu_time) AS bigint), CAST(SUM(db_ops) AS bigint),
    CAST(SUM(api_ops) AS bigint), CAST(SUM(in_bytes) AS bigint), CAST(SUM(out_bytes) AS bigint)
FROM integration_hours
WHERE service_id = @service AND organization_id = @organization AND hour >= @from GROUP BY hour ORDER BY hour

-- name: status_hours_of
SELECT hour, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes FROM integration_hours
WHERE service_id = @service AND integration_id = @integration AND organization_id = @organization AND hour >= @from ORDER BY hour

-- name: sweep_hours
DELETE FROM integration_hours WHERE service_id = @service AND (organization_id, hour, integration_id) IN (
    SELECT organization_id, hour, integration_id FROM integration_hours
    WHERE service_id = @service AND hour < @before ORDER BY hour LIMIT @limit)

-- name: sweep_status_events
DELETE FROM integration_events WHERE service_id = @service AND (integration_id, at) IN (
    SELECT integration_id, at FROM integration_events WHERE service_id = @service AND at < @before ORDER BY at LIMIT @limit)

-- name: sweep_status
DELETE FROM integration_status WHERE service_id = @service AND integration_id IN (
    SELECT s.integration_id FROM integration_status s
    WHERE s.service_id = @service AND s.updated_at < @before AND NOT EXISTS (
        SELECT 1 FROM records r WHERE r.service_id = @service AND r.kind = 'integration' AND r.id = s.integration_id AND r.status = 'live')
    ORDER BY s.integration_id LIMIT @limit)

-- name: list_often
{condition}

-- name: list_equal
{expression} = {value}

-- name: list_in
{expression} IN ({values})

-- name: list_in_numbers
{expression} IN ({values})

-- name: list_limit
LIMIT {limit} OFFSET {offset}

-- name: create_schema_versions
CREATE TABLE IF NOT EXISTS schema_versions (number integer PRIMARY KEY, oldest_program integer NOT NULL, applied_at bigint NOT NULL)

-- name: schema_state
SELECT MAX(number), MAX(oldest_program) FROM schema_versions HAVING COUNT(*) > 0

-- name: demand_program
UPDATE schema_versions SET oldest_program = @program
WHERE number = (SELECT MAX(number) FROM schema_versions) AND oldest_program < @program

-- name: event
INSERT INTO events (service_id, {events}) VALUES (@service, {@events}) ON CONFLICT DO NOTHING

-- name: delivery
INSERT INTO deliveries (service_id, endpoint_id, event_number, subject_id, attempts, due_at, created_at)
SELECT @service, @endpoint, number, subject_id, 0, at, at FROM events WHERE service_id = @service AND id = @event
ON CONFLICT DO NOTHING

-- name: deliveries_waiting
SELECT event_number, subject_id, attempts, due_at, CAST(CASE WHEN log IS NULL THEN 0 ELSE 1 END AS bigint) FROM deliveries
WHERE service_id = @service AND endpoint_id = @endpoint AND due_at IS NOT NULL AND event_number > @after
ORDER BY event_number LIMIT @limit

-- name: delivery_logs
SELECT event_number, log FROM deliveries
WHERE service_id = @service AND endpoint_id = @endpoint AND event_number IN ({part numbers}) AND log IS NOT NULL

-- name: newest_logs
SELECT log FROM deliveries
WHERE service_id = @service AND endpoint_id = @endpoint AND event_number <= @newest AND log IS NOT NULL
ORDER BY event_number DESC LIMIT @limit

-- name: events_numbered
SELECT number, {events} FROM events WHERE service_id = @service AND number IN ({part numbers})

-- name: backlog
SELECT CAST(COUNT(*) AS bigint), MIN(CASE WHEN e.failing_since IS NULL THEN d.due_at END) FROM deliveries d
LEFT JOIN endpoints e ON e.service_id = d.service_id AND e.endpoint_id = d.endpoint_id
WHERE d.service_id = @service AND d.due_at IS NOT NULL

-- name: endpoints_due
SELECT DISTINCT endpoint_id FROM deliveries WHERE service_id = @service AND due_at <= @until

-- name: deliveries_logged
SELECT d.event_number, e.id, e.type, e.subject_kind, e.subject_id, d.created_at, d.attempts, d.due_at, d.outcome, d.log
FROM deliveries d JOIN events e ON e.number = d.event_number
WHERE d.service_id = @service AND d.endpoint_id = @endpoint AND d.event_number < @before
    AND (@status = '' OR @status = CASE WHEN d.due_at IS NOT NULL THEN 'waiting' ELSE d.outcome END)
ORDER BY d.event_number DESC LIMIT @limit

-- name: redeliver
UPDATE deliveries SET due_at = @now, attempts = 0
WHERE service_id = @service AND endpoint_id = @endpoint AND due_at IS NULL
    AND event_number = (SELECT number FROM events WHERE service_id = @service AND id = @event)

-- name: events_replayed
SELECT number FROM events e
WHERE e.service_id = @service AND e.organization_id = @organization AND e.at >= @since
    AND (@types = '' OR e.type IN ({part types})) AND (@accounts = '' OR e.account_id IN ({part accounts}))
ORDER BY number LIMIT @limit

-- name: replay_again
UPDATE deliveries SET due_at = @now, attempts = 0
WHERE service_id = @service AND endpoint_id = @endpoint AND due_at IS NULL AND event_number IN ({part events_replayed})

-- name: replay_new
INSERT INTO deliveries (service_id, endpoint_id, event_number, subject_id, attempts, due_at, created_at)
SELECT @service, @endpoint, e.number, e.subject_id, 0, @now, @now FROM events e
WHERE e.number IN ({part events_replayed})
    AND NOT EXISTS (
        SELECT 1 FROM deliveries d WHERE d.service_id = @service AND d.endpoint_id = @endpoint AND d.event_number = e.number)

-- name: give_up
UPDATE deliveries SET due_at = NULL, outcome = 'given_up'
WHERE service_id = @service AND endpoint_id = @endpoint AND due_at IS NOT NULL

-- name: forget_deliveries
DELETE FROM deliveries WHERE service_id = @service AND endpoint_id = @endpoint

-- name: forget_endpoint
DELETE FROM endpoints WHERE service_id = @service AND endpoint_id = @endpoint

-- name: sweep_deliveries
DELETE FROM deliveries WHERE service_id = @service AND event_number IN ({part events_old})

-- name: sweep_events
DELETE FROM events WHERE service_id = @service AND number IN ({part events_old})

-- name: events_old
SELECT number FROM events WHERE service_id = @service AND at < @until ORDER BY at LIMIT @limit

-- name: failing_since
SELECT failing_since FROM endpoints WHERE service_id = @service AND endpoint_id = @endpoint AND failing_since IS NOT NULL

-- name: note_failing
INSERT INTO endpoints (service_id, endpoint_id, failing_since) VALUES (@service, @endpoint, @since)
ON CONFLICT (service_id, endpoint_id) DO UPDATE SET failing_since = excluded.failing_since

-- name: add_token_use
INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at) VALUES (@service, @id, @organization_id, 0) ON CONFLICT DO NOTHING

-- name: forget_token_use
DELETE FROM token_uses WHERE service_id = @service AND token_id = @id

-- name: forget_token_addresses
DELETE FROM token_addresses WHERE service_id = @service AND token_id = @id

-- name: note_token_uses
INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at, address, client)
SELECT @service, token_id, organization_id, last_at, address, client FROM {part list_token_uses}
WHERE EXISTS (SELECT 1 FROM records r WHERE r.service_id = @service AND r.kind = 'token' AND r.id = i.token_id)
ORDER BY token_id
ON CONFLICT (service_id, token_id) DO UPDATE SET
    last_used_at = excluded.last_used_at, address = excluded.address, client = excluded.client
WHERE excluded.last_used_at > token_uses.last_used_at

-- name: note_token_addresses
INSERT INTO token_addresses (service_id, token_id, address, client, first_at, last_at)
SELECT @service, token_id, address, client, first_at, last_at FROM {part list_token_uses}
WHERE EXISTS (SELECT 1 FROM records r WHERE r.service_id = @service AND r.kind = 'token' AND r.id = i.token_id)
ORDER BY token_id, address
ON CONFLICT (service_id, token_id, address) DO UPDATE SET
    client = CASE WHEN excluded.last_at >= token_addresses.last_at THEN excluded.client ELSE token_addresses.client END,
    first_at = CASE WHEN excluded.first_at < token_addresses.first_at THEN excluded.first_at ELSE token_addresses.first_at END,
    last_at = CASE WHEN excluded.last_at > token_addresses.last_at THEN excluded.last_at ELSE token_addresses.last_at END

-- name: trim_token_addresses
DELETE FROM token_addresses WHERE service_id = @service AND token_id IN ({part token_keys}) AND (
    SELECT COUNT(*) FROM token_addresses o WHERE o.service_id = @service AND o.token_id = token_addresses.token_id
        AND (o.last_at > token_addresses.last_at OR (o.last_at = token_addresses.last_at AND o.address > token_addresses.address))) >= @most

-- name: token_days_read
SELECT d.token_id, d.day, d.hours, d.written_by FROM {part list_token_days}
JOIN token_days d ON d.service_id = @service AND d.token_id = i.token_id AND d.day = i.day

-- name: put_token_days
INSERT INTO token_days (service_id, token_id, day, hours, written_by, written_over)
SELECT @service, token_id, day, hours, @writer, written_over FROM {part list_token_days} WHERE 1 = 1 ORDER BY token_id, day
ON CONFLICT (service_id, token_id, day) DO UPDATE SET
    hours = excluded.hours, written_by = excluded.written_by, written_over = excluded.written_over
WHERE token_days.written_by = excluded.written_over

-- name: last_token_uses
SELECT token_id, last_used_at, address, client FROM token_uses WHERE service_id = @service AND token_id IN ({part token_keys})

-- name: token_addresses
SELECT address, client, first_at, last_at FROM token_addresses WHERE service_id = @service AND token_id = @token
ORDER BY last_at DESC, address DESC

-- name: token_days
SELECT day, hours FROM token_days WHERE service_id = @service AND token_id = @token AND day >= @from ORDER BY day

-- name: sweep_token_days
DELETE FROM token_days WHERE service_id = @service AND (token_id, day) IN (
    SELECT token_id, day FROM token_days WHERE service_id = @service AND day < @before ORDER BY day LIMIT @limit)

-- name: place_of_history
SELECT link FROM audit_history_places WHERE service_id = @service

-- name: begin_history
INSERT INTO audit_history_places (service_id, link) VALUES (@service, 0) ON CONFLICT DO NOTHING

-- name: link_numbered
SELECT link, first_number, last_number, pepper_id, row_codes, code FROM audit_links WHERE service_id = @service AND link = @link

-- name: enter_history
INSERT INTO audit_history (service_id, subject_id, number, link)
SELECT @service, subject_id, number, @link FROM audit WHERE service_id = @service AND number >= @first AND number <= @last
ORDER BY subject_id, number
ON CONFLICT DO NOTHING

-- name: advance_history
UPDATE audit_history_places SET link = @link WHERE service_id = @service AND link = @link - 1

-- name: history_entered
SELECT a.number, {a.audit}, h.link FROM audit_history h JOIN audit a ON a.number = h.number
WHERE h.service_id = @service AND h.subject_id = @subject AND h.number < @before AND h.number <= @entered
ORDER BY h.number DESC LIMIT @limit

-- name: history_tail
SELECT a.number, {a.audit} FROM audit a
WHERE a.service_id = @service AND a.subject_id = @subject AND a.number > @entered AND a.number < @before
ORDER BY a.number DESC LIMIT @limit

-- name: links_numbered
SELECT link, row_codes FROM audit_links WHERE service_id = @service AND link IN ({part numbers})

-- name: list_beyond
({first}, {second}) {beyond} ({value}, {next})

-- name: add_imported_key
INSERT INTO imported_keys (service_id, organization_id, scheme_id, pepper_id, digest, token_id)
VALUES (@service, @organization_id, @scheme, @pepper, @digest, @id)

-- name: forget_imported_keys
DELETE FROM imported_keys WHERE service_id = @service AND token_id = @id

-- name: imported_key
SELECT token_id FROM imported_keys
WHERE service_id = @service AND organization_id = @organization_id AND scheme_id = @scheme AND pepper_id = @pepper AND digest = @digest

-- name: imported_keys_of_scheme
SELECT CAST(COUNT(*) AS bigint), CAST(COUNT(DISTINCT token_id) AS bigint) FROM imported_keys
WHERE service_id = @service AND organization_id = @organization_id AND scheme_id = @scheme

-- name: imported_keys_of_pepper
SELECT CAST(COUNT(*) AS bigint) FROM imported_keys WHERE service_id = @service AND pepper_id = @pepper

-- Tokens sorted by their end and by their labels, after the trail. What is entered is what the rows say now.

-- name: place_of_token_lists
SELECT link FROM token_list_places WHERE service_id = @service

-- name: begin_token_lists
INSERT INTO token_list_places (service_id, link) VALUES (@service, 0) ON CONFLICT DO NOTHING

-- name: advance_token_lists
UPDATE token_list_places SET link = @link WHERE service_id = @service AND link = @link - 1

-- name: token_lists_entered
SELECT
    CAST(COALESCE((
        SELECT l.last_number FROM token_list_places p JOIN audit_links l ON l.service_id = p.service_id AND l.link = p.link
        WHERE p.service_id = @service), 0) AS bigint),
    ({part trail_end})

-- name: changed_tokens
SELECT subject_id FROM audit WHERE service_id = @service AND number >= @first AND number <= @last AND subject_kind = 'token'

-- name: move_token_ends
UPDATE token_ends SET ends_at = COALESCE(r.expires_at, 0) FROM records r
WHERE r.service_id = @service AND r.kind = 'token' AND r.id IN ({part changed_tokens})
    AND token_ends.service_id = @service AND token_ends.token_id = r.id AND token_ends.ends_at <> COALESCE(r.expires_at, 0)

-- A refresh neither makes nor ends a token, and changes no label: all else is for those to whom something else happened.

-- name: made_tokens
{part changed_tokens} AND event <> 'token.refreshed'

-- name: enter_token_ends
INSERT INTO token_ends (service_id, token_id, organization_id, ends_at)
SELECT service_id, id, organization_id, COALESCE(expires_at, 0) FROM records
WHERE service_id = @service AND kind = 'token' AND status = 'live' AND id IN ({part made_tokens})
ORDER BY id
ON CONFLICT DO NOTHING

-- name: forget_token_ends
DELETE FROM token_ends WHERE service_id = @service AND token_id IN ({part made_tokens}) AND NOT EXISTS (
    SELECT 1 FROM records r WHERE r.service_id = @service AND r.kind = 'token' AND r.id = token_ends.token_id AND r.status = 'live')

-- name: enter_token_labels
INSERT INTO token_labels (service_id, organization_id, label, token_id)
SELECT DISTINCT r.service_id, r.organization_id, {part list_label}, r.id FROM records r CROSS JOIN {part list_labels}
WHERE r.service_id = @service AND r.kind = 'token' AND r.status = 'live' AND r.id IN ({part made_tokens})
ON CONFLICT DO NOTHING

-- name: forget_token_labels
DELETE FROM token_labels WHERE service_id = @service AND token_id IN ({part made_tokens}) AND NOT EXISTS (
    SELECT 1 FROM records r CROSS JOIN {part list_labels}
    WHERE r.service_id = @service AND r.kind = 'token' AND r.id = token_labels.token_id AND r.status = 'live'
        AND {part list_label} = token_labels.label)

-- name: forget_token_end
DELETE FROM token_ends WHERE service_id = @service AND token_id = @id

-- name: forget_labels_of_token
DELETE FROM token_labels WHERE service_id = @service AND token_id = @id
