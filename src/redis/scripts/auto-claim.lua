-- Works as XAUTOCLAIM: examines at most ten times as many entries as `count`, and returns where it stopped.
-- Passes over delayed entries. An entry without a delivery left dies instead.
--
-- allowed: settling
-- uses: probe, ids, answer-budget, clock, companion, deaths, nacked
-- constants: RETURNED, NOBODY, DIED_OF_CLAIM
-- arguments: group, consumer, min_idle: number, from, count: number, just_ids: flag, max_deliveries?: number, budget_bytes: number
-- answers with fields
--
-- `max_deliveries`: passes over entries that were delivered this often or more.
--
-- Returns where to continue; the claimed entries with their delivery counts; the ids of deleted entries, which it acks;
-- the deaths.

local _, refusal = probe(key, group)
if refusal then return refusal end
local budget = Budget(budget_bytes)
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
redis.call('XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID')
local entries, deleted, examined, next = {}, {}, 0, '0-0'

local c = companion(key, group)
local max = c and not just_ids and c.policy.maxDeliveries or math.huge

local function is_too_young(id, state)
  if state[2] ~= NOBODY then return state[3] < min_idle end
  local now = now_ms()
  return c and (due_of(c, id) > now or idle_of(c, id, now) < min_idle)
end
-- Returns false if the entry does not fit into the answer.
local function claim(id, state)
  local entry = redis.call('XRANGE', key, id, id)[1]
  if not entry then
    redis.call('XACK', key, group, id)
    deleted[#deleted + 1] = id
  elseif state[4] >= (max_deliveries or math.huge) or is_too_young(id, state) then
    return true
  elseif state[4] >= max then
    bury(key, c, id, state[4], state[2] ~= NOBODY and state[2] or nil, DIED_OF_CLAIM)
  else
    if not just_ids and not budget.add(entry[2]) then return false end
    local deliveries = string.format('%.0f', state[4] + (just_ids and 0 or 1))
    redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', deliveries, 'JUSTID')
    if c and state[2] == NOBODY then forget_free(c, id) end
    entries[#entries + 1] = { id, just_ids and {} or entry[2], deliveries }
  end
  return true
end

local at_end = false
while not at_end do
  local page = redis.call('XPENDING', key, group, from, '+', 1000)
  for _, state in ipairs(page) do
    if state[2] ~= RETURNED then
      local is_done = examined == count * 10 or #entries + #deleted == count or budget.is_spent()
      if is_done or not claim(state[1], state) then
        next, at_end = state[1], true
        break
      end
      examined = examined + 1
    end
  end
  if #page < 1000 or page[#page][1] == MAX_ID then at_end = true
  else from = '(' .. page[#page][1] end
end
return { next, entries, deleted, deaths_of(c) }
