-- Keys that something else issued, by the keyed digest of their hash under each pepper that a silo had: no two tokens of a scheme have one key, and a
-- presented key is found without reading a row of records. Rows are written and taken away with the token's own.
CREATE TABLE imported_keys (
    service_id      nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    organization_id nvarchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL,
    scheme_id       nvarchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL,
    pepper_id       nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    digest          nvarchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL,
    token_id        nvarchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL,
    PRIMARY KEY (service_id, organization_id, scheme_id, pepper_id, digest)
);
CREATE INDEX imported_keys_token ON imported_keys (service_id, token_id);
