-- Events that somebody listens to, with what is sent of them. Audit rows of what nobody listens to have none.
CREATE TABLE events (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    service_id      text NOT NULL,
    id              text NOT NULL,
    organization_id text NOT NULL,
    at              integer NOT NULL,
    type            text NOT NULL,
    subject_kind    text NOT NULL,
    subject_id      text NOT NULL,
    subject_version integer NOT NULL,
    account_id      text,
    data            text NOT NULL,
    resource        text
);
CREATE UNIQUE INDEX events_id ON events (service_id, id);
CREATE INDEX events_organization ON events (service_id, organization_id, at);
CREATE INDEX events_age ON events (service_id, at);

-- One row for each endpoint that is sent an event. It waits while due_at is set.
CREATE TABLE deliveries (
    service_id   text NOT NULL,
    endpoint_id  text NOT NULL,
    event_number integer NOT NULL,
    subject_id   text NOT NULL,
    attempts     integer NOT NULL,
    due_at       integer,
    created_at   integer NOT NULL,
    outcome      text,
    log          text,
    PRIMARY KEY (service_id, endpoint_id, event_number)
);
CREATE INDEX deliveries_waiting ON deliveries (service_id, endpoint_id, event_number) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_due ON deliveries (service_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_event ON deliveries (service_id, event_number);

-- Since when an endpoint has failed without a success between.
CREATE TABLE endpoints (
    service_id    text NOT NULL,
    endpoint_id   text NOT NULL,
    failing_since integer,
    PRIMARY KEY (service_id, endpoint_id)
);
