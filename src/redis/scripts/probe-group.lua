-- Checks that a group exists.
--
-- allowed: reading
-- uses: probe
-- arguments: group
--
-- Returns 1. Refuses: stream-not-found, group-not-found.

local _, refusal = probe(key, group)
return refusal or 1
