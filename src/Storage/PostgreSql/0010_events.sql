-- Events that somebody listens to, with what is sent of them. Audit rows of what nobody listens to have none.
CREATE TABLE events (
    number          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service_id      text COLLATE "C" NOT NULL,
    id              text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    at              bigint NOT NULL,
    type            text COLLATE "C" NOT NULL,
    subject_kind    text COLLATE "C" NOT NULL,
    subject_id      text COLLATE "C" NOT NULL,
    subject_version bigint NOT NULL,
    account_id      text COLLATE "C",
    data            text NOT NULL,
    resource        text
);
CREATE UNIQUE INDEX events_id ON events (service_id, id);
CREATE INDEX events_organization ON events (service_id, organization_id, at);
CREATE INDEX events_age ON events (service_id, at);

-- One row for each endpoint that is sent an event. It waits while due_at is set.
CREATE TABLE deliveries (
    service_id   text COLLATE "C" NOT NULL,
    endpoint_id  text COLLATE "C" NOT NULL,
    event_number bigint NOT NULL,
    subject_id   text COLLATE "C" NOT NULL,
    attempts     bigint NOT NULL,
    due_at       bigint,
    created_at   bigint NOT NULL,
    outcome      text COLLATE "C",
    log          text,
    PRIMARY KEY (service_id, endpoint_id, event_number)
);
CREATE INDEX deliveries_waiting ON deliveries (service_id, endpoint_id, event_number) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (service_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_event ON deliveries (service_id, event_number);

-- Since when an endpoint has failed without a success between.
CREATE TABLE endpoints (
    service_id    text COLLATE "C" NOT NULL,
    endpoint_id   text COLLATE "C" NOT NULL,
    failing_since bigint,
    PRIMARY KEY (service_id, endpoint_id)
);
