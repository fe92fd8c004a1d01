-- Makes a consumer unless it is there.
--
-- allowed: growing
-- uses: probe
-- arguments: group, consumer
--
-- Returns 1 when it was made, 0 when it was there.

local _, refusal = probe(key, group)
if refusal then return refusal end
return redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
