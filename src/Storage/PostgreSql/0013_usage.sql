-- When each token was last used, and from where: one row a token from its first version on, so that a list by last use walks an index and finds
-- those that were never used (0). An index of records would move with every use.
CREATE TABLE token_uses (
    service_id      text COLLATE "C" NOT NULL,
    token_id        text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    last_used_at    bigint NOT NULL,
    address         text COLLATE "C",
    client          text COLLATE "C",
    PRIMARY KEY (service_id, token_id)
);
CREATE INDEX token_uses_order ON token_uses (service_id, organization_id, last_used_at, token_id);
INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at)
SELECT service_id, id, organization_id, COALESCE(last_used_at, 0) FROM records WHERE kind = 'token';

-- The last networks that a token was used from.
CREATE TABLE token_addresses (
    service_id text COLLATE "C" NOT NULL,
    token_id   text COLLATE "C" NOT NULL,
    address    text COLLATE "C" NOT NULL,
    client     text COLLATE "C",
    first_at   bigint NOT NULL,
    last_at    bigint NOT NULL,
    PRIMARY KEY (service_id, token_id, address)
);

-- Uses and refusals: one row a token and day, with its hours packed. A row is written over what a writer has read, and no other.
CREATE TABLE token_days (
    service_id   text COLLATE "C" NOT NULL,
    token_id     text COLLATE "C" NOT NULL,
    day          bigint NOT NULL,
    hours        text COLLATE "C" NOT NULL,
    written_by   text COLLATE "C" NOT NULL,
    written_over text COLLATE "C" NOT NULL,
    PRIMARY KEY (service_id, token_id, day)
);
CREATE INDEX token_days_age ON token_days (service_id, day);

-- Lists of an organization's tokens by id and by creation. Nothing in them changes while a token lives, so that no refresh moves an entry.
CREATE INDEX records_tokens ON records (service_id, organization_id, id) WHERE kind = 'token' AND status = 'live';
CREATE INDEX records_tokens_made ON records (service_id, organization_id, created_at, id) WHERE kind = 'token' AND status = 'live';
