-- name: read
SELECT {columns} FROM records WHERE service_id = @service AND kind = @kind AND id = @id

-- name: find_by_name
SELECT {columns} FROM records WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND name_key = @name
LIMIT 2

-- name: owned
SELECT {columns} FROM records
WHERE service_id = @service AND owner_id = @owner AND kind = @kind AND owner_id <> organization_id AND status = 'live'
ORDER BY id LIMIT @limit

-- name: live_of
SELECT {columns} FROM records
WHERE service_id = @service AND organization_id = @organization AND kind = @kind AND status = 'live'
    AND (@member = '' OR member_id = @member)
ORDER BY id LIMIT @limit

-- name: by_status
SELECT {columns} FROM records WHERE service_id = @service AND organization_id = @organization AND status = @status

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
UPDATE records SET {changing = @}, due_tag = @command_id
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

-- name: last_audit_link
SELECT link, first_number, last_number, pepper_id, row_codes, code FROM audit_links WHERE service_id = @service ORDER BY link DESC LIMIT @limit

-- name: audit_links_from
SELECT link, first_number, last_number, pepper_id, row_codes, code FROM audit_links
WHERE service_id = @service AND link >= @link ORDER BY link LIMIT @limit

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
WHERE service_id = @service AND status <> 'deleted' AND state LIKE @pattern GROUP BY kind ORDER BY kind

-- name: pepper_links
SELECT CAST(COUNT(*) AS bigint) FROM audit_links WHERE service_id = @service AND pepper_id = @pepper

-- name: keep_pepper
UPDATE peppers SET check_value = @check WHERE service_id = @service AND pepper_id = @id

-- name: forget_pepper
DELETE FROM peppers WHERE service_id = @service AND pepper_id = @id

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
