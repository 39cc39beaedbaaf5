-- What most changes of a row change, in a binary form of its own; null where the state holds all of it, as in every row that programs before this one
-- write. Written from when on no program before this one starts on the database (decision 55).
ALTER TABLE records ADD COLUMN hot blob;
