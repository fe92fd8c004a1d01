-- Checks that a group exists, and that a reader may claim idle entries in it.
--
-- allowed: reading
-- uses: refuse, probe, companion
-- arguments: group, is_claiming: flag
--
-- Returns 1. Refuses: stream-not-found, group-not-found, claim-in-timed-group.

local _, refusal = probe(key, group)
if refusal then return refusal end
local c = is_claiming and companion_read(key, group)
if c and c.policy.ackTimeoutMs then return refuse('claim-in-timed-group') end
return 1
