-- name: list_text
{expression}

-- name: list_json
COALESCE(state ->> '$.{name}', '')

-- name: update_in_place
UPDATE records SET
    version = @version, command_id = @command_id, state = @state, name = @name, updated_at = @updated_at, expires_at = @expires_at,
    due_tag = @command_id, presented_at = @presented_at, last_used_at = @last_used_at, sealed = @sealed
WHERE service_id = @service AND kind = @kind AND id = @id AND version = @expected
    AND name_key IS @name_key AND status = @status AND due_at IS @due_at
