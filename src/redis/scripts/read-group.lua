-- Delivers to a consumer: idle entries first, then those that came back, then new ones.
--
-- XREADGROUP with CLAIM (Redis 8.4) is not used: its reply does not name the owner that an undo must restore.
--
-- allowed: settling
-- uses: probe, ids, info, clock, answer-budget, idle-entries
-- constants: RETURNED
-- arguments: group, consumer, count: number, no_ack: flag, min_idle?: number, is_quiet: flag, room_bytes: number, is_strict: flag, look_from
-- answers with fields
--
-- `min_idle`: of entries to claim. `is_quiet`: leaves no trace when there is nothing. `is_strict`: no entry may go
-- beyond the room. `look_from`: where to begin to look for idle entries.
--
-- Returns moments before and after; new entries; entries delivered again: { entry, owner, delivered at, deliveries
-- before, idle }; where to look for idle entries next; the stream's last id when there is nothing, else nil; how long
-- the oldest entry has been idle that cannot be claimed yet, -1 for none, nil when that was not looked for or not all
-- were looked at; 1 when the room ended before there were as many as were asked for.

local room = Room(room_bytes, is_strict)
local back, refusal = probe(key, group)
if refusal then return refusal end
local began = now_ms()
local fresh, again = {}, {}
local function left() return room.full() and 0 or count - #fresh - #again end

local function read_new(wanted)
  local reply
  if no_ack then
    reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'NOACK', 'STREAMS', key, '>')
  else
    reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, '>')
  end
  return reply and reply[1][2] or {}
end

local picked, oldest = {}, false
if min_idle then
  local found
  found, look_from, oldest = idle_entries(key, group, min_idle, look_from)
  for _, pending in ipairs(found) do
    if #picked == count then
      -- Whoever comes next may claim the rest.
      oldest = false
      break
    end
    local entry = redis.call('XRANGE', key, pending.id, pending.id)[1]
    if entry then
      if not room.takes(entry[2]) then
        oldest = false
        break
      end
      pending.entry = entry
      picked[#picked + 1] = pending
    end
  end
end

if is_quiet and #picked == 0 and #back == 0 then
  local last = group_info(key, group)['last-delivered-id']
  if last == MAX_ID or #redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', 1) == 0 then
    return { '0', '0', {}, {}, look_from, stream_info(key)['last-generated-id'], oldest, false }
  end
end

for _, pending in ipairs(picked) do
  redis.call('XCLAIM', key, group, consumer, 0, pending.id, 'RETRYCOUNT', integer(pending.deliveries + 1), 'JUSTID')
  again[#again + 1] = { pending.entry, pending.owner, integer(pending.delivered_at),
    integer(pending.deliveries), pending.idle }
end

if #back > 0 then
  local last = group_info(key, group)['last-delivered-id']
  local rest = 1000
  while rest == 1000 and left() > 0 do
    -- Each of the page goes from there, unless there is no room for it.
    local page = redis.call('XPENDING', key, group, '-', '+', 1000, RETURNED)
    rest = #page
    for _, pending in ipairs(page) do
      if left() == 0 then break end
      local id = pending[1]
      local entry = redis.call('XRANGE', key, id, id)[1]
      if not entry or before(last, id) then redis.call('XACK', key, group, id)
      elseif room.takes(entry[2]) then
        if no_ack then redis.call('XACK', key, group, id)
        else redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', 1, 'JUSTID') end
        fresh[#fresh + 1] = entry
      end
    end
  end
  if #redis.call('XPENDING', key, group, '-', '+', 1, RETURNED) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
  end
end

while left() > 0 do
  local wanted = math.min(STEP, left())
  local page = read_new(wanted)
  for _, entry in ipairs(page) do
    if room.takes(entry[2]) then fresh[#fresh + 1] = entry
    else
      -- An entry was read that has no room: it is the first that is read next.
      redis.call('XCLAIM', key, group, RETURNED, 0, entry[1], 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
    end
  end
  if #page < wanted then break end
end
local last_id = false
if #fresh + #again == 0 then
  -- Before 7.2 a read that finds nothing does not make its consumer.
  redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
  last_id = stream_info(key)['last-generated-id']
end
local cut = room.full() and #fresh + #again < count
return { integer(began), integer(now_ms()), fresh, again, look_from, last_id, oldest, cut and 1 }
