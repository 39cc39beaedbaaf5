-- When each token ends, and the labels of those that have some, sorted. Written after the trail, a minute behind it, so that neither an issue nor a
-- refresh writes a row or an entry more; a list is these and what was changed since (token_list_places: the last link of the trail that is entered).
CREATE TABLE token_ends (
    service_id      text COLLATE "C" NOT NULL,
    token_id        text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    ends_at         bigint NOT NULL,
    PRIMARY KEY (service_id, token_id)
);
CREATE TABLE token_labels (
    service_id      text COLLATE "C" NOT NULL,
    organization_id text COLLATE "C" NOT NULL,
    label           text COLLATE "C" NOT NULL,
    token_id        text COLLATE "C" NOT NULL,
    PRIMARY KEY (service_id, token_id, label)
);
CREATE INDEX token_labels_order ON token_labels (service_id, organization_id, label, token_id);
CREATE TABLE token_list_places (
    service_id text COLLATE "C" NOT NULL PRIMARY KEY,
    link       bigint NOT NULL
);

-- The place comes first: what is written meanwhile stands in links that are made later, and is entered again.
INSERT INTO token_list_places (service_id, link) SELECT service_id, MAX(link) FROM audit_links GROUP BY service_id;
INSERT INTO token_ends (service_id, token_id, organization_id, ends_at)
SELECT service_id, id, organization_id, COALESCE(expires_at, 0) FROM records WHERE kind = 'token' AND status = 'live';
CREATE INDEX token_ends_order ON token_ends (service_id, organization_id, ends_at, token_id);
INSERT INTO token_labels (service_id, organization_id, label, token_id)
SELECT DISTINCT r.service_id, r.organization_id, e.value COLLATE "C", r.id FROM records r
CROSS JOIN LATERAL json_array_elements_text(CASE WHEN json_typeof(r.state::json -> 'labels') = 'array' THEN r.state::json -> 'labels' END) e (value)
WHERE r.kind = 'token' AND r.status = 'live';
