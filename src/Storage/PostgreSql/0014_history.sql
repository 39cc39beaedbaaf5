-- Which rows of the trail are about what, and in which link each is. Links are entered in their order, after they were made: an index of audit itself
-- would move with every change.
CREATE TABLE audit_history (
    service_id text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    number     bigint NOT NULL,
    link       bigint NOT NULL,
    PRIMARY KEY (service_id, subject_id, number)
);

-- The last link that is entered.
CREATE TABLE audit_history_places (
    service_id text COLLATE "C" NOT NULL PRIMARY KEY,
    link       bigint NOT NULL
);

-- Lists of an organization's tokens by id and by creation. Nothing in them changes while a token lives, so that no refresh moves an entry.
CREATE INDEX records_tokens ON records (service_id, organization_id, id) WHERE kind = 'token' AND status = 'live';
CREATE INDEX records_tokens_made ON records (service_id, organization_id, created_at, id) WHERE kind = 'token' AND status = 'live';
