-- Claims ids in the given order. An id that is named twice is claimed twice. Passes over delayed and dead entries. An
-- entry without a delivery left dies instead.
--
-- allowed: settling
-- uses: refuse, probe, ids, info, clock, answer-budget, companion, dead, deaths, nacked
-- constants: RETURNED, NOBODY, DIED_OF_CLAIM
-- arguments: group, consumer, min_idle: number, force: flag, just_ids: flag, deliveries?, last_id?, idle?: number, delivered_at?: number, only_from?, budget_bytes: number, ids...
-- answers with fields
--
-- `deliveries`, `idle`, `delivered_at`: values to set. `last_id`: where to move the group. `only_from`:
-- claims only entries that this consumer owns.
--
-- Returns the claimed entries with their delivery counts, the ids of deleted entries, and the deaths. When the budget
-- is spent, the remaining ids stay as they are. Refuses: id-too-high LAST.

local _, refusal = probe(key, group)
if refusal then return refusal end
if last_id then
  local last = stream_info(key)['last-generated-id']
  if before(last, last_id) then return refuse('id-too-high', last) end
end
local options = {}
-- Redis replaces a time before 1970 by the current time.
if idle and idle > now_ms() then idle, delivered_at = nil, 0 end
if idle then options[1], options[2] = 'IDLE', integer(idle)
elseif delivered_at then options[1], options[2] = 'TIME', integer(delivered_at) end
if force then options[#options + 1] = 'FORCE' end
if last_id then options[#options + 1], options[#options + 2] = 'LASTID', last_id end

-- Creates the consumer, or updates when it was last seen, and moves the group. Before Redis 7.2, an XCLAIM that claims
-- nothing does not create it.
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
local touch = { 'XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID' }
if last_id then touch[8], touch[9] = 'LASTID', last_id end
redis.call(unpack(touch))
local c = companion(key, group)
if c and #options > 0 then
  -- A lease may have ended already.
  c.check, c.from = 0, '-'
  save(c)
end
local entries, deleted, budget = {}, {}, Budget(budget_bytes)
local max = c and not just_ids and c.policy.maxDeliveries or math.huge

local function is_too_young(id, state)
  if state[2] ~= NOBODY then return state[3] < min_idle end
  local now = now_ms()
  return c and (due_of(c, id) > now or idle_of(c, id, now) < min_idle)
end
-- Returns false if the entry does not fit into the answer.
local function claim(id)
  local state = redis.call('XPENDING', key, group, id, id, 1)[1]
  if state and state[2] == RETURNED then state = nil end
  if only_from and not (state and state[2] == only_from) then return true end
  if not state and (not force or (c and find_dead(c, id))) then return true end
  local entry = redis.call('XRANGE', key, id, id)[1]
  if state and not entry then deleted[#deleted + 1] = id end
  if state and entry and is_too_young(id, state) then return true end
  if state and entry and state[4] >= max then
    bury(key, c, id, state[4], state[2] ~= NOBODY and state[2] or nil, DIED_OF_CLAIM)
    return true
  end
  if entry and not just_ids and not budget.add(entry[2]) then return false end
  local count = deliveries or string.format('%.0f', (state and state[4] or 1) + (just_ids and 0 or 1))
  local arguments = { 'XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', count, 'JUSTID' }
  for _, option in ipairs(options) do arguments[#arguments + 1] = option end
  if #redis.call(unpack(arguments)) > 0 then
    entries[#entries + 1] = { id, just_ids and {} or entry[2], count }
  end
  if c and state and state[2] == NOBODY then forget_free(c, id) end
  return true
end

for i = ids_at, #ARGV do
  if budget.is_spent() or not claim(ARGV[i]) then break end
end
return { entries, deleted, deaths_of(c) }
