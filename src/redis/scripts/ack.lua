-- Takes entries off the pending list.
--
-- allowed: settling
-- uses: probe
-- constants: RETURNED
-- arguments: group, consumer?, ids...
--
-- `consumer`: who must own them. `ids`: each once.
--
-- Returns how many were acked, and the others.

local back, refusal = probe(key, group)
if refusal then return refusal end
local acked, not_pending = 0, {}
for i = ids_at, #ARGV do
  local id, mine = ARGV[i], true
  if consumer then
    mine = #redis.call('XPENDING', key, group, id, id, 1, consumer) == 1
  elseif #back > 0 then
    mine = #redis.call('XPENDING', key, group, id, id, 1, RETURNED) == 0
  end
  if mine and redis.call('XACK', key, group, id) == 1 then acked = acked + 1
  else not_pending[#not_pending + 1] = id end
end
return { acked, not_pending }
