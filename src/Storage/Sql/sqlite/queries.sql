-- name: list_text
{expression}

-- name: list_json
COALESCE(state ->> '$.{name}', '')
