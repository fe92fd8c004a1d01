-- As XAUTOCLAIM: looks at ten times the count of entries at most, and says where it stopped looking.
--
-- allowed: settling
-- uses: probe, ids, answer-budget
-- constants: RETURNED
-- arguments: group, consumer, min_idle: number, from, count: number, just_ids: flag, room_bytes: number
-- answers with fields
--
-- Returns where to go on; claimed entries, each with its deliveries; the ids of those that were deleted.

local _, refusal = probe(key, group)
if refusal then return refusal end
local room = Room(room_bytes)
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
redis.call('XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID')
local entries, deleted, looked, next = {}, {}, 0, '0-0'

-- False for an entry that has no room.
local function take(id, state)
  local entry = redis.call('XRANGE', key, id, id)[1]
  if not entry then
    redis.call('XACK', key, group, id)
    deleted[#deleted + 1] = id
  elseif state[3] >= min_idle then
    if not just_ids and not room.takes(entry[2]) then return false end
    local deliveries = string.format('%.0f', state[4] + (just_ids and 0 or 1))
    redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', deliveries, 'JUSTID')
    entries[#entries + 1] = { id, just_ids and {} or entry[2], deliveries }
  end
  return true
end

local at_end = false
while not at_end do
  local page = redis.call('XPENDING', key, group, from, '+', 1000)
  for _, state in ipairs(page) do
    if state[2] ~= RETURNED then
      local is_done = looked == count * 10 or #entries + #deleted == count or room.full()
      if is_done or not take(state[1], state) then
        next, at_end = state[1], true
        break
      end
      looked = looked + 1
    end
  end
  if #page < 1000 or page[#page][1] == MAX_ID then at_end = true
  else from = '(' .. page[#page][1] end
end
return { next, entries, deleted }
