-- Removes a consumer.
--
-- allowed: settling
-- uses: refuse, probe, info
-- arguments: group, consumer, drop_pending: flag
--
-- Returns the number of entries that it had pending. Refuses: consumer-not-found, consumer-has-pending COUNT.

local _, refusal = probe(key, group)
if refusal then return refusal end
local found
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
  local info = named(flat)
  if info.name == consumer then found = info end
end
if not found then return refuse('consumer-not-found') end
if found.pending > 0 and not drop_pending then return refuse('consumer-has-pending', found.pending) end
return redis.call('XGROUP', 'DELCONSUMER', key, group, consumer)
