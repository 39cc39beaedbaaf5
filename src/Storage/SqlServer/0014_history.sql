-- Which rows of the trail are about what, and in which link each is. Links are entered in their order, after they were made: an index of audit itself
-- would move with every change.
CREATE TABLE audit_history (
    service_id nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    subject_id nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL,
    number     bigint NOT NULL,
    link       bigint NOT NULL,
    PRIMARY KEY (service_id, subject_id, number)
);

-- The last link that is entered.
CREATE TABLE audit_history_places (
    service_id nvarchar(100) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
    link       bigint NOT NULL
);
