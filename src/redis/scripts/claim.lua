-- Claims each id in the order given; one that is named twice is claimed twice.
--
-- allowed: settling
-- uses: refuse, probe, ids, info, clock, answer-budget
-- constants: RETURNED
-- arguments: group, consumer, min_idle: number, force: flag, just_ids: flag, deliveries?, last_id?, idle?: number, delivered_at?: number, room_bytes: number, ids...
-- answers with fields
--
-- `deliveries`, `idle`, `delivered_at`: what to set. `last_id`: where to move the group.
--
-- Returns claimed entries, each with its deliveries, and the ids of those that were deleted. Ids that come when the
-- room is used up are left as they are. Refuses: id-too-high LAST.

local _, refusal = probe(key, group)
if refusal then return refusal end
if last_id then
  local last = stream_info(key)['last-generated-id']
  if before(last, last_id) then return refuse('id-too-high', last) end
end
local options = {}
-- Redis takes a moment before 1970 for now.
if idle and idle > now_ms() then idle, delivered_at = nil, 0 end
if idle then options[1], options[2] = 'IDLE', integer(idle)
elseif delivered_at then options[1], options[2] = 'TIME', integer(delivered_at) end
if force then options[#options + 1] = 'FORCE' end
if last_id then options[#options + 1], options[#options + 2] = 'LASTID', last_id end

-- Makes the consumer (which a claim of nothing does from 7.2 on only), or notes that it was seen, and moves the group.
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
local touch = { 'XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID' }
if last_id then touch[8], touch[9] = 'LASTID', last_id end
redis.call(unpack(touch))
local entries, deleted, room = {}, {}, Room(room_bytes)
for i = ids_at, #ARGV do
  if room.full() then break end
  local id = ARGV[i]
  local state = redis.call('XPENDING', key, group, id, id, 1)[1]
  local came_back = state and state[2] == RETURNED
  local entry = redis.call('XRANGE', key, id, id)[1]
  if state and not came_back and not entry then deleted[#deleted + 1] = id end
  local known = state and not came_back
  local is_young = known and entry and state[3] < min_idle
  if not is_young and (known or force) then
    if entry and not just_ids and not room.takes(entry[2]) then break end
    local count = deliveries
    if not count then
      count = string.format('%.0f', (known and state[4] or 1) + (just_ids and 0 or 1))
    end
    local arguments = { 'XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', count, 'JUSTID' }
    for _, option in ipairs(options) do arguments[#arguments + 1] = option end
    if #redis.call(unpack(arguments)) > 0 then
      entries[#entries + 1] = { id, just_ids and {} or entry[2], count }
    end
  end
end
return { entries, deleted }
