-- Does what time demands in a group, a bounded part of it: entries die, orphans stop being pending, and consumers that
-- were not seen for long are deleted. Any number of Weir nodes may call it at any time.
--
-- allowed: settling
-- uses: probe, info, reserved, clock, companion, due, deaths, ids
-- constants: NOBODY, DIED_OF_LIMIT
-- arguments: group
--
-- Returns the deaths, and 1 if entries that were pending are no longer. If there is no such group, drops what was kept
-- of it and returns nil.

local MAX_CONSUMERS, MAX_ENTRIES = 100, 1000
-- How long a policy counts as new. It takes several sweeps to find it.
local NEW_POLICY_MS = 15000
-- No entry has been idle for this long. With it, XCLAIM claims nothing, but removes orphans from the pending list.
local NEVER = '9007199254740991'
if not probe(key, group) then
  drop_companion(group)
  return false
end
local c = companion(key, group)
if not c then return false end
local before = redis.call('XPENDING', key, group)[1]
local due = due_entries(key, c, 1)
-- The next read finds the entries that are due and stay.
local orphans = { 'XCLAIM', key, group, NOBODY, NEVER }
for i = 1, math.min(#due, MAX_ENTRIES) do orphans[#orphans + 1] = due[i].id end
if #due > 0 then
  orphans[#orphans + 1] = 'JUSTID'
  redis.call(unpack(orphans))
end
save(c)

local held = 0
for _, each in ipairs(redis.call('XPENDING', key, group)[4] or {}) do
  if each[1] == NOBODY then held = tonumber(each[2]) end
end
-- A native client may have claimed entries for this consumer. A new policy may allow fewer deliveries.
local max = now_ms() - c.since < NEW_POLICY_MS and c.policy.maxDeliveries
if held > 0 and (max or held > redis.call('ZCARD', c.nacked)) then
  for _, state in ipairs(redis.call('XPENDING', key, group, '-', '+', MAX_ENTRIES, NOBODY)) do
    local id, deliveries = state[1], state[4]
    if max and deliveries >= max then bury(key, c, id, deliveries, nil, DIED_OF_LIMIT)
    elseif not redis.call('ZSCORE', c.nacked, padded(id)) then
      redis.call('ZADD', c.nacked, integer(now_ms()), padded(id))
    end
  end
end

local ttl, deleted = c.policy.consumerTtlMs, 0
if ttl then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    local consumer = named(flat)
    local is_unused = consumer.pending == 0 and consumer.idle >= ttl and not is_reserved(consumer.name)
    if is_unused and deleted < MAX_CONSUMERS then
      redis.call('XGROUP', 'DELCONSUMER', key, group, consumer.name)
      deleted = deleted + 1
    end
  end
end
local after = redis.call('XPENDING', key, group)[1]
drop_unused(key, c)
return { deaths_of(c), after < before and 1 or false }
