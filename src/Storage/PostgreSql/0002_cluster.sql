-- Which cluster serves a service. Its row is the lock under which another cluster takes over.
CREATE TABLE services (
    service_id text COLLATE "C" PRIMARY KEY,
    cluster_id text COLLATE "C" NOT NULL
);

-- One row per silo that may answer from memory, until the time in it on this database's clock.
CREATE TABLE silo_leases (
    service_id text COLLATE "C" NOT NULL,
    cluster_id text COLLATE "C" NOT NULL,
    silo       text COLLATE "C" NOT NULL,
    until      timestamptz NOT NULL,
    PRIMARY KEY (service_id, cluster_id, silo)
);

-- Orleans membership. The ADO.NET provider reads its statements from orleansquery; what they stand on is ours.
CREATE TABLE cluster_versions (
    cluster_id text COLLATE "C" PRIMARY KEY,
    version    integer NOT NULL DEFAULT 0
);

CREATE TABLE cluster_silos (
    cluster_id    text COLLATE "C" NOT NULL REFERENCES cluster_versions,
    address       text COLLATE "C" NOT NULL,
    port          integer NOT NULL,
    generation    integer NOT NULL,
    silo_name     text NOT NULL,
    host_name     text NOT NULL,
    status        integer NOT NULL,
    proxy_port    integer,
    suspect_times text,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE FUNCTION insert_silo(
    in_cluster text, in_address text, in_port integer, in_generation integer, in_silo_name text, in_host_name text, in_status integer,
    in_proxy_port integer, in_started_at timestamptz, in_alive_at timestamptz, expected integer)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cluster_versions SET version = version + 1 WHERE cluster_id = in_cluster AND version = expected;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO cluster_silos (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
    VALUES (in_cluster, in_address, in_port, in_generation, in_silo_name, in_host_name, in_status, in_proxy_port, in_started_at, in_alive_at);
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END
$$;

-- A silo is declared dead (status 6) only when its lease has run out: the row lock holds off its next renewal meanwhile. So whoever learns
-- of the death knows that the dead silo answers nothing any more, even if it still runs.
CREATE FUNCTION update_silo(
    in_cluster text, in_address text, in_port integer, in_generation integer, in_status integer, in_suspect_times text,
    in_alive_at timestamptz, expected integer)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    in_silo text := in_address || ':' || in_port || '@' || in_generation;
    lease   timestamptz;
BEGIN
    IF in_status = 6 THEN
        IF NOT EXISTS (SELECT FROM cluster_versions WHERE cluster_id = in_cluster AND version = expected) THEN
            RETURN false;
        END IF;
        SELECT until INTO lease FROM silo_leases WHERE cluster_id = in_cluster AND silo = in_silo FOR UPDATE;
        WHILE lease > clock_timestamp() LOOP
            PERFORM pg_sleep(EXTRACT(epoch FROM lease - clock_timestamp()));
        END LOOP;
    END IF;
    UPDATE cluster_versions SET version = version + 1 WHERE cluster_id = in_cluster AND version = expected;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE cluster_silos SET status = in_status, suspect_times = in_suspect_times, alive_at = in_alive_at
    WHERE cluster_id = in_cluster AND address = in_address AND port = in_port AND generation = in_generation;
    IF in_status = 6 THEN
        DELETE FROM silo_leases WHERE cluster_id = in_cluster AND silo = in_silo;
    END IF;
    RETURN true;
END
$$;

CREATE TABLE orleansquery (
    querykey  varchar(64) PRIMARY KEY,
    querytext text NOT NULL
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $$
    WITH made AS (INSERT INTO cluster_versions (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM made)$$),
('InsertMembershipKey', $$
    SELECT insert_silo(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime,
                       @Version)$$),
('UpdateMembershipKey', $$
    SELECT update_silo(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime, @Version)$$),
('UpdateIAmAlivetimeKey', $$
    UPDATE cluster_silos SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation$$),
('MembershipReadRowKey', $$
    SELECT v.cluster_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
           s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
           s.started_at AS StartTime, s.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_versions v LEFT JOIN cluster_silos s
      ON s.cluster_id = v.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE v.cluster_id = @DeploymentId$$),
('MembershipReadAllKey', $$
    SELECT v.cluster_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
           s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
           s.started_at AS StartTime, s.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_versions v LEFT JOIN cluster_silos s ON s.cluster_id = v.cluster_id
    WHERE v.cluster_id = @DeploymentId$$),
('GatewaysQueryKey', $$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM cluster_silos
    WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0$$),
('DeleteMembershipTableEntriesKey', $$
    DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId; DELETE FROM cluster_versions WHERE cluster_id = @DeploymentId$$),
('CleanupDefunctSiloEntriesKey', $$
    DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3$$);
