import { CLOCK, IDS, INFO, PAGE, PROBE, REFUSE, ROOM, script } from './script.ts'

/**
 * KEYS  stream
 * ARGV  group; consumer that must own them, or ""; ids, each once
 * Gives how many were acked, and the others.
 */
export const ACK = script(
  'settling',
  [REFUSE, PROBE],
  `
local key, group, consumer = KEYS[1], ARGV[1], ARGV[2]
local back, refusal = probe(key, group)
if refusal then return refusal end
local acked, not_pending = 0, {}
for i = 3, #ARGV do
  local id, mine = ARGV[i], true
  if consumer ~= '' then
    mine = #redis.call('XPENDING', key, group, id, id, 1, consumer) == 1
  elseif #back > 0 then
    mine = #redis.call('XPENDING', key, group, id, id, 1, RETURNED) == 0
  end
  if mine and redis.call('XACK', key, group, id) == 1 then acked = acked + 1
  else not_pending[#not_pending + 1] = id end
end
return { acked, not_pending }`
)

/**
 * KEYS  stream
 * ARGV  group; least idle time; lower and upper end; how many at most; consumer, or ""
 * Gives XPENDING, without what came back and is nobody's.
 */
export const LIST_PENDING = script(
  'reading',
  [REFUSE, PROBE, IDS],
  `
local key, group, min_idle, from, to = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local limit, consumer = tonumber(ARGV[5]), ARGV[6]
local back, refusal = probe(key, group)
if refusal then return refusal end
local function page_from(start, count)
  local arguments = { 'XPENDING', key, group, 'IDLE', min_idle, start, to, count }
  if consumer ~= '' then arguments[#arguments + 1] = consumer end
  return redis.call(unpack(arguments))
end
if #back == 0 or consumer ~= '' then return page_from(from, limit) end
local found = {}
while #found < limit do
  local wanted = limit - #found
  local page = page_from(from, wanted)
  for _, pending in ipairs(page) do
    if pending[2] ~= RETURNED then found[#found + 1] = pending end
  end
  if #page < wanted or page[#page][1] == MAX_ID then break end
  from = '(' .. page[#page][1]
end
return found`
)

/**
 * KEYS  stream
 * ARGV  group; the name that the page of consumers comes after, or ""; how many of them at most
 * Gives XPENDING's summary, without what came back and is nobody's, and 1 if more consumers follow.
 */
export const PENDING_SUMMARY = script(
  'reading',
  [REFUSE, PROBE, PAGE],
  `
local key, group = KEYS[1], ARGV[1]
local back, refusal = probe(key, group)
if refusal then return refusal end
local summary = redis.call('XPENDING', key, group)
local page, more = unpack(page_after(summary[4] or {}, 1, ARGV[2], tonumber(ARGV[3])))
if #back == 0 then return { summary[1], summary[2], summary[3], page, more } end
local count, first, last = 0, false, false
for _, consumer in ipairs(summary[4]) do
  if consumer[1] ~= RETURNED then count = count + consumer[2] end
end
local from = '-'
repeat
  local page = redis.call('XPENDING', key, group, from, '+', 1000)
  for _, pending in ipairs(page) do
    if pending[2] ~= RETURNED then first, last = first or pending[1], pending[1] end
  end
  if #page > 0 then from = '(' .. page[#page][1] end
until #page < 1000
return { count, first, last, page, more }`
)

/**
 * Each id in the order given, one that is named twice is claimed twice.
 *
 * KEYS  stream
 * ARGV  group; consumer; least idle time; "1" for force; "1" for just the ids; deliveries to set, or "";
 *       last id to move the group to, or ""; "IDLE", "TIME" or ""; its value; bytes of room; ids
 * Gives claimed entries, each with its deliveries, and the ids of those that were deleted. Ids that come when the room
 * is used up are left as they are. Refuses: id-too-high LAST.
 */
export const CLAIM = script(
  'settling',
  [REFUSE, PROBE, IDS, INFO, CLOCK, ROOM],
  `
local key, group, consumer, min_idle = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local force, just_ids, deliveries, last_id = ARGV[4] == '1', ARGV[5] == '1', ARGV[6], ARGV[7]
local back, refusal = probe(key, group)
if refusal then return refusal end
if last_id ~= '' then
  local last = stream_info(key)['last-generated-id']
  if before(last, last_id) then return refuse('id-too-high', last) end
end
local options, how, value = {}, ARGV[8], ARGV[9]
-- Redis takes a moment before 1970 for now.
if how == 'IDLE' and tonumber(value) > now_ms() then how, value = 'TIME', 0 end
if how ~= '' then options[1], options[2] = how, value end
if force then options[#options + 1] = 'FORCE' end
if last_id ~= '' then options[#options + 1], options[#options + 2] = 'LASTID', last_id end

-- Makes the consumer (which a claim of nothing does from 7.2 on only), or notes that it was seen, and moves the group.
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
local touch = { 'XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID' }
if last_id ~= '' then touch[8], touch[9] = 'LASTID', last_id end
redis.call(unpack(touch))
local entries, deleted, room = {}, {}, Room(tonumber(ARGV[10]))
for i = 11, #ARGV do
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
    if count == '' then
      count = string.format('%.0f', (known and state[4] or 1) + (just_ids and 0 or 1))
    end
    local arguments = { 'XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', count, 'JUSTID' }
    for _, option in ipairs(options) do arguments[#arguments + 1] = option end
    if #redis.call(unpack(arguments)) > 0 then
      entries[#entries + 1] = { id, just_ids and {} or entry[2], count }
    end
  end
end
return { entries, deleted }`,
  { hasFields: true }
)

/**
 * As XAUTOCLAIM: looks at ten times the count of entries at most, and says where it stopped looking.
 *
 * KEYS  stream
 * ARGV  group; consumer; least idle time; from which id; how many at most; "1" for just the ids; bytes of room
 * Gives where to go on; claimed entries, each with its deliveries; the ids of those that were deleted.
 */
export const AUTO_CLAIM = script(
  'settling',
  [REFUSE, PROBE, IDS, ROOM],
  `
local key, group, consumer, min_idle = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local from, count, just_ids = ARGV[4], tonumber(ARGV[5]), ARGV[6] == '1'
local _, refusal = probe(key, group)
if refusal then return refusal end
local room = Room(tonumber(ARGV[7]))
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
return { next, entries, deleted }`,
  { hasFields: true }
)
