-- `due_entries(key, c, limit)`: entries to deliver again, earliest due first: those in nobody's hands that are due, at
-- least `limit` of them if there are as many, and those whose lease has ended: { id, owner, deliveries, delivered_at,
-- due, idle }. Entries without a delivery left die instead. `take(key, c, consumer, entry)`: delivers one of them.
--
-- uses: clock, ids, deaths, lapsed, nacked
-- constants: NOBODY, DIED_OF_TIMEOUT, DIED_OF_LIMIT

-- At most this many entries die in a script, or turn out not to be pending.
local MAX_STEPS = 1000
local function due_entries(key, c, limit)
  local found, steps, max = {}, 0, c.policy.maxDeliveries
  -- Returns whether the entry is gone, or has to wait until it can die.
  local function dies(id, deliveries, owner, reason)
    if not max or deliveries < max then return false end
    if steps < MAX_STEPS and not is_full_of_letters() then bury(key, c, id, deliveries, owner, reason) end
    steps = steps + 1
    return true
  end
  local offset = 0
  while #found < limit and steps < MAX_STEPS do
    local now = now_ms()
    local page = redis.call('ZRANGE', c.nacked, '-inf', integer(now), 'BYSCORE', 'LIMIT', offset, limit, 'WITHSCORES')
    local removed = 0
    for i = 1, #page, 2 do
      local id, due = unpadded(page[i]), tonumber(page[i + 1])
      local state = redis.call('XPENDING', key, c.group, id, id, 1, NOBODY)[1]
      if not state then
        removed, steps = removed + redis.call('ZREM', c.nacked, page[i]), steps + 1
      elseif not dies(id, state[4], nil, DIED_OF_LIMIT) then
        found[#found + 1] = { id = id, owner = NOBODY, deliveries = state[4], delivered_at = due, due = due,
          idle = now - due }
      elseif not redis.call('ZSCORE', c.nacked, page[i]) then
        removed = removed + 1
      end
    end
    if #page < 2 * limit then break end
    offset = offset + limit - removed
  end
  for _, entry in ipairs(lapsed_leases(key, c)) do
    if not dies(entry.id, entry.deliveries, entry.owner, DIED_OF_TIMEOUT) then found[#found + 1] = entry end
  end
  for index, entry in ipairs(found) do entry.index = index end
  table.sort(found, function(a, b)
    if a.due ~= b.due then return a.due < b.due end
    return a.index < b.index
  end)
  return found
end
local function take(key, c, consumer, entry)
  redis.call('XCLAIM', key, c.group, consumer, 0, entry.id, 'RETRYCOUNT', integer(entry.deliveries + 1), 'JUSTID')
  if entry.owner == NOBODY then forget_free(c, entry.id) end
end
