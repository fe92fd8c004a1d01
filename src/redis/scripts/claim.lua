-- Claims ids in the given order. An id that is named twice is claimed twice.
--
-- allowed: settling
-- uses: refuse, probe, ids, info, clock, answer-budget
-- constants: RETURNED
-- arguments: group, consumer, min_idle: number, force: flag, just_ids: flag, deliveries?, last_id?, idle?: number, delivered_at?: number, budget_bytes: number, ids...
-- answers with fields
--
-- `deliveries`, `idle`, `delivered_at`: values to set. `last_id`: where to move the group.
--
-- Returns the claimed entries with their delivery counts, and the ids of deleted entries. When the budget is spent,
-- the remaining ids stay as they are. Refuses: id-too-high LAST.

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
local entries, deleted, budget = {}, {}, Budget(budget_bytes)
for i = ids_at, #ARGV do
  if budget.is_spent() then break end
  local id = ARGV[i]
  local state = redis.call('XPENDING', key, group, id, id, 1)[1]
  local is_returned = state and state[2] == RETURNED
  local entry = redis.call('XRANGE', key, id, id)[1]
  if state and not is_returned and not entry then deleted[#deleted + 1] = id end
  local is_pending = state and not is_returned
  local is_too_young = is_pending and entry and state[3] < min_idle
  if not is_too_young and (is_pending or force) then
    if entry and not just_ids and not budget.add(entry[2]) then break end
    local count = deliveries
    if not count then
      count = string.format('%.0f', (is_pending and state[4] or 1) + (just_ids and 0 or 1))
    end
    local arguments = { 'XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', count, 'JUSTID' }
    for _, option in ipairs(options) do arguments[#arguments + 1] = option end
    if #redis.call(unpack(arguments)) > 0 then
      entries[#entries + 1] = { id, just_ids and {} or entry[2], count }
    end
  end
end
return { entries, deleted }
