-- Delivers a consumer's own pending entries once more.
--
-- allowed: settling
-- uses: probe, ids, clock, answer-budget
-- arguments: group, consumer, count: number, after, room_bytes: number, is_strict: flag
-- answers with fields
--
-- `after`: which id. `is_strict`: no entry may go beyond the room.
--
-- Returns moments before and after; entries, with nil for the fields of those that were deleted; of each: delivered
-- at, deliveries before; 1 when the room ended before there were as many as were asked for.

local room = Room(room_bytes, is_strict)
local _, refusal = probe(key, group)
if refusal then return refusal end
local began = now_ms()
local entries, before_it = {}, {}
while #entries < count and not room.full() and after ~= MAX_ID do
  local wanted = math.min(STEP, count - #entries)
  local states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer)
  local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, after)
  local page = reply and reply[1][2] or {}
  for i, entry in ipairs(page) do
    local delivered_at, deliveries = integer(now - states[i][3]), integer(states[i][4])
    if room.takes(entry[2] or {}) then
      entries[#entries + 1] = entry
      before_it[#before_it + 1] = { delivered_at, deliveries }
    elseif entry[2] then
      redis.call('XCLAIM', key, group, consumer, 0, entry[1], 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
    end
  end
  if #page < wanted then break end
  after = page[#page][1]
end
if #entries == 0 then redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer) end
local cut = room.full() and #entries < count
return { integer(began), integer(now_ms()), entries, before_it, cut and 1 }
