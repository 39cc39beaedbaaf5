-- The calls of an organization are found by audit_calls; nothing asks for all its rows.
DROP INDEX audit_organization;

-- A state of some 2 KB stays in its row as it is: compressing it would cost more than all else that writing it costs. With room for a row's next
-- version on its page, a change that moves no indexed column touches no index.
ALTER TABLE records SET (toast_tuple_target = 4080, fillfactor = 70);
