-- Which rows of the trail are about what, and in which link each is. Links are entered in their order, after they were made: an index of audit itself
-- would move with every change.
CREATE TABLE audit_history (
    service_id text NOT NULL,
    subject_id text NOT NULL,
    number     integer NOT NULL,
    link       integer NOT NULL,
    PRIMARY KEY (service_id, subject_id, number)
);

-- The last link that is entered.
CREATE TABLE audit_history_places (
    service_id text NOT NULL PRIMARY KEY,
    link       integer NOT NULL
);
