CREATE TABLE services (
    service_id nvarchar(100) COLLATE Latin1_General_100_BIN2 PRIMARY KEY,
    cluster_id nvarchar(250) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE silo_leases (
    service_id nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    cluster_id nvarchar(250) COLLATE Latin1_General_100_BIN2 NOT NULL,
    silo       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    until      datetime2(6) NOT NULL,
    -- A death is declared by cluster and silo; the service is asked for besides.
    CONSTRAINT silo_leases_key PRIMARY KEY (cluster_id, silo, service_id)
);

CREATE INDEX silo_leases_service ON silo_leases (service_id);

CREATE TABLE cluster_versions (
    cluster_id nvarchar(250) COLLATE Latin1_General_100_BIN2 PRIMARY KEY,
    version    int NOT NULL DEFAULT 0
);

CREATE TABLE cluster_silos (
    cluster_id    nvarchar(250) COLLATE Latin1_General_100_BIN2 NOT NULL REFERENCES cluster_versions,
    address       nvarchar(45) COLLATE Latin1_General_100_BIN2 NOT NULL,
    port          int NOT NULL,
    generation    int NOT NULL,
    silo_name     nvarchar(150) COLLATE Latin1_General_100_BIN2 NOT NULL,
    host_name     nvarchar(150) COLLATE Latin1_General_100_BIN2 NOT NULL,
    status        int NOT NULL,
    proxy_port    int,
    suspect_times nvarchar(max) COLLATE Latin1_General_100_BIN2,
    started_at    datetime2(3) NOT NULL,
    alive_at      datetime2(3) NOT NULL,
    CONSTRAINT cluster_silos_key PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE TABLE OrleansQuery (
    QueryKey  nvarchar(64) COLLATE Latin1_General_100_BIN2 PRIMARY KEY,
    QueryText nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
    SET NOCOUNT ON;
    DECLARE @Made int = 0;
    BEGIN TRY
        INSERT INTO cluster_versions (cluster_id)
        SELECT @DeploymentId WHERE NOT EXISTS (SELECT 1 FROM cluster_versions WHERE cluster_id = @DeploymentId);
        SET @Made = @@ROWCOUNT;
    END TRY
    BEGIN CATCH
        IF ERROR_NUMBER() NOT IN (2601, 2627) THROW;
    END CATCH;
    SELECT @Made'),
('InsertMembershipKey', '
    SET XACT_ABORT, NOCOUNT ON;
    BEGIN TRANSACTION;
    UPDATE cluster_versions SET version = version + 1 WHERE cluster_id = @DeploymentId AND version = @Version;
    IF @@ROWCOUNT = 0 OR EXISTS (
        SELECT 1 FROM cluster_silos
        WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    BEGIN
        ROLLBACK TRANSACTION;
        SELECT 0;
        RETURN;
    END;
    INSERT INTO cluster_silos (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
    VALUES (@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime);
    COMMIT TRANSACTION;
    SELECT 1'),
-- A silo is declared dead (status 6) only when its lease has run out: the row lock holds off its next renewal meanwhile.
('UpdateMembershipKey', '
    SET XACT_ABORT, NOCOUNT ON;
    DECLARE @Silo nvarchar(100) = CONCAT(@Address, '':'', @Port, ''@'', @Generation), @Until datetime2(6);
    BEGIN TRANSACTION;
    IF @Status = 6
    BEGIN
        IF NOT EXISTS (SELECT 1 FROM cluster_versions WHERE cluster_id = @DeploymentId AND version = @Version)
        BEGIN
            ROLLBACK TRANSACTION;
            SELECT 0;
            RETURN;
        END;
        SELECT @Until = until FROM silo_leases WITH (UPDLOCK, ROWLOCK) WHERE cluster_id = @DeploymentId AND silo = @Silo;
        WHILE @Until > SYSUTCDATETIME()
            WAITFOR DELAY ''00:00:00.100'';
    END;
    UPDATE cluster_versions SET version = version + 1 WHERE cluster_id = @DeploymentId AND version = @Version;
    IF @@ROWCOUNT = 0
    BEGIN
        ROLLBACK TRANSACTION;
        SELECT 0;
        RETURN;
    END;
    UPDATE cluster_silos SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation;
    IF @Status = 6
        DELETE FROM silo_leases WHERE cluster_id = @DeploymentId AND silo = @Silo;
    COMMIT TRANSACTION;
    SELECT 1'),
('UpdateIAmAlivetimeKey', '
    SET NOCOUNT ON;
    UPDATE cluster_silos SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadRowKey', '
    SELECT v.cluster_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
           s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
           s.started_at AS StartTime, s.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_versions v LEFT JOIN cluster_silos s
      ON s.cluster_id = v.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE v.cluster_id = @DeploymentId'),
('MembershipReadAllKey', '
    SELECT v.cluster_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
           s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
           s.started_at AS StartTime, s.alive_at AS IAmAliveTime, v.version AS Version
    FROM cluster_versions v LEFT JOIN cluster_silos s ON s.cluster_id = v.cluster_id
    WHERE v.cluster_id = @DeploymentId'),
('GatewaysQueryKey', '
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM cluster_silos
    WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0'),
('DeleteMembershipTableEntriesKey', '
    DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId; DELETE FROM cluster_versions WHERE cluster_id = @DeploymentId'),
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM cluster_silos WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3');
