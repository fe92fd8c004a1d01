-- Removes entries from the pending list of a group.
--
-- allowed: settling
-- uses: probe, has-companion
-- constants: RETURNED
-- arguments: group, consumer?, ids...
--
-- `consumer`: acks only the entries that it owns. `ids`: without duplicates.
--
-- Returns nothing if Weir keeps anything of the group beside the stream: `ack-queue` acks there. Returns the number of
-- entries acked, and the ids that were not pending.

local returned, refusal = probe(key, group)
if refusal then return refusal end
if has_companion(group) then return {} end
local acked, not_pending = 0, {}
for i = ids_at, #ARGV do
  local id, may_ack = ARGV[i], true
  if consumer then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, consumer) == 1
  elseif #returned > 0 then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, RETURNED) == 0
  end
  if may_ack and redis.call('XACK', key, group, id) == 1 then acked = acked + 1
  else not_pending[#not_pending + 1] = id end
end
return { acked, not_pending }
