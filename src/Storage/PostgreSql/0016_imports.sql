-- Keys that something else issued, by the keyed digest of their hash under each pepper that a silo had: no two tokens of a scheme have one key, and a
-- presented key is found without reading a row of records. Rows are written and taken away with the token's own.
CREATE TABLE imported_keys (
    service_id      text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    scheme_id       text COLLATE "C" NOT NULL,
    pepper_id       text COLLATE "C" NOT NULL,
    digest          text COLLATE "C" NOT NULL,
    token_id        text COLLATE "C" NOT NULL,
    PRIMARY KEY (service_id, organization_id, scheme_id, pepper_id, digest)
);
CREATE INDEX imported_keys_token ON imported_keys (service_id, token_id);
