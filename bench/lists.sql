-- How long a page of an organization's tokens takes among 1,000,000 and among 1,000. By hand, on an empty database of PostgreSQL:
--   for f in src/Storage/PostgreSql/00*.sql; do psql -qf "$f"; done; psql -f bench/lists.sql
\set ON_ERROR_STOP on
\timing off
CREATE FUNCTION pg_temp.make(organization text, tokens int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, owner_id, parent_id, member_id, name, name_key, status,
        created_at, updated_at, expires_at, last_used_at)
    SELECT 's', 'token', id, 1, 'c', repeat('x', 1500), organization, organization, id, 'm', 't' || n, 't' || n, 'live',
        1000000 * n::bigint, 1000000 * n::bigint, 1000000 * n::bigint, NULL
    FROM (SELECT n, gen_random_uuid()::text AS id FROM generate_series(1, tokens) n) t;
    INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at)
    SELECT 's', id, organization, CASE WHEN random() < 0.3 THEN 0 ELSE (random() * 1e12)::bigint END
    FROM records WHERE organization_id = organization;
$$;
SELECT pg_temp.make('many', 1000000);
SELECT pg_temp.make('few', 1000);
VACUUM ANALYZE;
PREPARE by_id(text) AS SELECT * FROM records
    WHERE service_id = 's' AND organization_id = $1 AND kind = 'token' AND status = 'live' ORDER BY id LIMIT 101;
PREPARE by_id_backwards(text) AS SELECT * FROM records
    WHERE service_id = 's' AND organization_id = $1 AND kind = 'token' AND status = 'live' ORDER BY id DESC LIMIT 101;
PREPARE by_creation(text) AS SELECT *, created_at FROM records
    WHERE service_id = 's' AND organization_id = $1 AND kind = 'token' AND status = 'live' ORDER BY created_at, id LIMIT 101;
PREPARE by_last_use(text) AS SELECT *, used_at
    FROM (SELECT token_id AS used_id, last_used_at AS used_at FROM token_uses WHERE service_id = 's' AND organization_id = $1) u CROSS JOIN records
    WHERE service_id = 's' AND organization_id = $1 AND kind = 'token' AND status = 'live' AND id = used_id ORDER BY used_at, used_id LIMIT 101;
PREPARE unused(text) AS SELECT *, used_at
    FROM (SELECT token_id AS used_id, last_used_at AS used_at FROM token_uses WHERE service_id = 's' AND organization_id = $1) u CROSS JOIN records
    WHERE service_id = 's' AND organization_id = $1 AND kind = 'token' AND status = 'live' AND id = used_id AND used_at < 500000000000
    ORDER BY used_at DESC, used_id LIMIT 101;
SET jit = off;
-- Twice each, the second is what counts.
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id('many'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id('many');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id('few'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id('few');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id_backwards('many'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id_backwards('many');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id_backwards('few'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_id_backwards('few');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_creation('many'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_creation('many');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_creation('few'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_creation('few');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_last_use('many'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_last_use('many');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_last_use('few'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE by_last_use('few');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE unused('many'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE unused('many');
EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE unused('few'); EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) EXECUTE unused('few');
