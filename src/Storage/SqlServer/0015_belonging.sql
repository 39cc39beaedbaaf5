-- What a token belongs to where that is not the token that it was made with: a cascade passes such a row by. Null is the parent, as in rows that
-- programs of the release before write. In no index: a cascade finds what is below by the index of parents.
ALTER TABLE records ADD belongs_to nvarchar(20) COLLATE Latin1_General_100_BIN2;
