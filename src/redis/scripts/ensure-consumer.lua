-- Creates a consumer unless it exists.
--
-- allowed: growing
-- uses: probe
-- arguments: group, consumer
--
-- Returns 1 if it was created, 0 if it existed.

local _, refusal = probe(key, group)
if refusal then return refusal end
return redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
