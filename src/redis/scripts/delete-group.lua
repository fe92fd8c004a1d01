-- Deletes a group. Returned entries count as not delivered, so they do not prevent it.
--
-- allowed: settling
-- uses: refuse, probe, info, companion
-- constants: RETURNED
-- arguments: group, drop_pending: flag
--
-- Returns 1. Refuses: group-has-pending COUNT.

local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
if not drop_pending then
  local pending = group_info(key, group).pending + (c and redis.call('ZCARD', c.dead) or 0)
  if #returned > 0 and pending > 0 then
    for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
      local consumer = named(flat)
      if consumer.name == RETURNED then pending = pending - consumer.pending end
    end
  end
  if pending > 0 then return refuse('group-has-pending', pending) end
end
if c then drop_companion(group) end
return redis.call('XGROUP', 'DESTROY', key, group)
