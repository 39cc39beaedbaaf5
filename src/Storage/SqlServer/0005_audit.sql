-- What lists of the audit trail show of a call: rows with a method are calls, the others are what followed from one.
ALTER TABLE audit ADD code nvarchar(40) COLLATE Latin1_General_100_BIN2;
ALTER TABLE audit ADD account_id nvarchar(100) COLLATE Latin1_General_100_BIN2;
ALTER TABLE audit ADD integration_id nvarchar(100) COLLATE Latin1_General_100_BIN2;
CREATE INDEX audit_calls ON audit (service_id, organization_id, at, number) WHERE method IS NOT NULL;

-- The chain over the trail: each link holds a code for every row of a range of numbers, and one over them and the link before.
CREATE TABLE audit_links (
    service_id   nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    link         bigint NOT NULL,
    first_number bigint NOT NULL,
    last_number  bigint NOT NULL,
    pepper_id    nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    row_codes    varbinary(max) NOT NULL,
    code         varbinary(max) NOT NULL,
    CONSTRAINT audit_links_key PRIMARY KEY (service_id, link)
);
