-- Which database a service's row was written in. A restored copy has another identity, and what it says of silos holds for the original's.
ALTER TABLE services ADD database_identity nvarchar(250) COLLATE Latin1_General_100_BIN2;

-- Holds the key of a retired pepper too, encrypted.
ALTER TABLE peppers ALTER COLUMN check_value nvarchar(250) COLLATE Latin1_General_100_BIN2 NOT NULL;
