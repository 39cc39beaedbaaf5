-- Which database a service's row was written in. A restored copy has another identity, and what it says of silos holds for the original's.
ALTER TABLE services ADD COLUMN database_identity text COLLATE "C";
