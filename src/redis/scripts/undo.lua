-- Undoes a delivery that did not reach its consumer, except for entries that were acked, claimed or read since.
-- Entries delivered for the first time become returned entries. Claimed entries go back to their owners as they were,
-- or to nobody.
--
-- allowed: settling
-- uses: probe, ids, info, clock, companion, nacked
-- constants: RETURNED, NOBODY
-- arguments: group, consumer, began: number, ended: number, no_ack: flag, new_count: number, ids...
--
-- `began`, `ended`: the time before and after the delivery. `ids`: the ids delivered for the first time, `new_count`
-- of them; then for each entry delivered again its id, owner, when it was delivered before or due
-- since, and its deliveries before.
--
-- Returns the number of deliveries undone.

local _, refusal = probe(key, group)
if refusal then return 0 end
local last = group_info(key, group)['last-delivered-id']
local undone = 0
local c = companion(key, group)

local function state_of(id)
  local states, now = pending_now(key, group, id, id, 1)
  return states[1], now
end
local function is_untouched(id, deliveries)
  local state, now = state_of(id)
  if not state or state[2] ~= consumer or state[4] ~= deliveries then return false end
  local at = now - state[3]
  return at >= began - 1 and at <= ended + 1
end
local function release(id)
  undone = undone + 1
  if #redis.call('XRANGE', key, id, id) == 0 or before(last, id) then
    redis.call('XACK', key, group, id)
  else
    redis.call('XCLAIM', key, group, RETURNED, 0, id, 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
  end
end

local redelivered_at = ids_at + new_count
for i = ids_at, redelivered_at - 1 do
  local id = ARGV[i]
  if no_ack then
    if not state_of(id) then release(id) end
  elseif is_untouched(id, 1) then
    release(id)
  end
end

local owners = {}
if #ARGV >= redelivered_at then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do owners[named(flat).name] = true end
end
for i = redelivered_at, #ARGV, 4 do
  local id, owner, delivered_at, deliveries = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if is_untouched(id, tonumber(deliveries) + 1) then
    if owner == NOBODY then
      c = c or ensure_companion(key, group)
      set_free(key, c, id, tonumber(deliveries), tonumber(delivered_at))
      undone = undone + 1
    elseif not owners[owner] then release(id)
    elseif #redis.call('XRANGE', key, id, id) == 1 then
      -- For a deleted entry, XCLAIM would remove it from the pending list instead of changing its owner.
      redis.call('XCLAIM', key, group, owner, 0, id, 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
      undone = undone + 1
    end
  end
end
if c and undone > 0 then
  -- The lease of an entry that went back may have ended.
  c.check, c.from = 0, '-'
  save(c)
end
return undone
