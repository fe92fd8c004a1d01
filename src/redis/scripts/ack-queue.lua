-- Acks as `ackEntries`, in any group. Also acks dead entries.
--
-- allowed: settling
-- uses: probe, companion, dead, nacked
-- constants: RETURNED
-- arguments: group, consumer?, ids...
--
-- `consumer`: acks only the entries that it owns, and dead ones that it had last. `ids`: without duplicates.
--
-- Returns the number of entries acked, the ids that were not pending, 1 if the group limits pending entries, and 1
-- if Weir keeps anything of it beside the stream.

local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local has_nacked = c and redis.call('EXISTS', c.nacked) == 1
local acked, not_pending = 0, {}
for i = ids_at, #ARGV do
  local id, may_ack = ARGV[i], true
  if consumer then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, consumer) == 1
  elseif #returned > 0 then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, RETURNED) == 0
  end
  if may_ack and redis.call('XACK', key, group, id) == 1 then
    acked = acked + 1
    if has_nacked then forget_free(c, id) end
  elseif c and ack_dead(c, id, consumer) then
    acked = acked + 1
  else
    not_pending[#not_pending + 1] = id
  end
end
return { acked, not_pending, c and (c.policy.maxPending or c.policy.maxPendingPerConsumer) and 1 or false, c and 1 }
