import { CLOCK, IDS, INFO, PROBE, REFUSE, ROOM, script } from './script.ts'

/**
 * KEYS  stream
 * ARGV  group; consumer
 * Gives 1. Refuses: stream-not-found, group-not-found.
 */
export const PROBE_GROUP = script(
  'reading',
  [REFUSE, PROBE],
  `
local _, refusal = probe(KEYS[1], ARGV[1])
return refusal or 1`
)

/** How many pending entries one look for idle ones examines: pages of this size, and so many of them. */
const PAGE = 1000
const PAGES = 10

/**
 * Collects pending entries that have been idle for long enough, longest first: { id, owner, idle, deliveries,
 * delivered_at }. There is no index by time to ask, so a look examines a bounded part of the list, from a place that
 * the caller carries on; with a list that fits into one look the order is that of all. Gives, besides, where the next
 * look begins; and how long the oldest of the others has been idle, -1 for none, false when not all were examined.
 */
export const IDLE = `
local function idle_entries(key, group, min_idle, from)
  local found, next, oldest, begun = {}, '-', -1, from
  for page_number = 1, ${PAGES} do
    local page, now = pending_now(key, group, from, '+', ${PAGE})
    for _, pending in ipairs(page) do
      if pending[2] ~= RETURNED and pending[3] >= min_idle then
        found[#found + 1] = { id = pending[1], owner = pending[2], idle = pending[3],
          deliveries = pending[4], delivered_at = now - pending[3], index = #found }
      elseif pending[2] ~= RETURNED then
        oldest = math.max(oldest, pending[3])
      end
    end
    if #page < ${PAGE} then
      next = '-'
      break
    end
    from = '(' .. page[#page][1]
    next = from
  end
  table.sort(found, function(a, b)
    if a.idle ~= b.idle then return a.idle > b.idle end
    return a.index < b.index
  end)
  return found, next, begun == '-' and next == '-' and oldest
end`

/**
 * Delivers to a consumer: idle entries first, then those that came back, then new ones.
 *
 * XREADGROUP with CLAIM (Redis 8.4) is not used: its reply does not name the owner that an undo must restore.
 *
 * KEYS  stream
 * ARGV  group; consumer; how many at most; "1" for noAck; least idle time of entries to claim, or "";
 *       "1" to leave no trace when there is nothing; bytes of room; "1" when no entry may go beyond it; where to begin
 *       to look for idle entries
 * Gives moments before and after; new entries; entries delivered again: { entry, owner, delivered at, deliveries
 * before, idle }; where to look for idle entries next; the stream's last id when there is nothing, else nil; how long
 * the oldest entry has been idle that cannot be claimed yet, -1 for none, nil when that was not looked for or not all
 * were looked at; 1 when the room ended before there were as many as were asked for.
 */
export const READ_GROUP = script(
  'settling',
  [REFUSE, PROBE, IDS, INFO, CLOCK, ROOM, IDLE],
  `
local key, group, consumer, count = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local no_ack, min_idle, quiet = ARGV[4] == '1', tonumber(ARGV[5]), ARGV[6] == '1'
local room, look_from = Room(tonumber(ARGV[7]), ARGV[8] == '1'), ARGV[9]
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

if quiet and #picked == 0 and #back == 0 then
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
return { integer(began), integer(now_ms()), fresh, again, look_from, last_id, oldest, cut and 1 }`,
  { hasFields: true }
)

/**
 * Delivers a consumer's own pending entries once more.
 *
 * KEYS  stream
 * ARGV  group; consumer; how many at most; after which id; bytes of room; "1" when no entry may go beyond it
 * Gives moments before and after; entries, with nil for the fields of those that were deleted; of each: delivered at,
 * deliveries before; 1 when the room ended before there were as many as were asked for.
 */
export const READ_OWN = script(
  'settling',
  [REFUSE, PROBE, IDS, CLOCK, ROOM],
  `
local key, group, consumer, count, after = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local room = Room(tonumber(ARGV[5]), ARGV[6] == '1')
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
return { integer(began), integer(now_ms()), entries, before_it, cut and 1 }`,
  { hasFields: true }
)

/**
 * Takes back what never reached its consumer, as far as nobody has acked, claimed or read it since: new entries wait
 * for the next reader, the others are with their owners as before.
 *
 * KEYS  stream
 * ARGV  group; consumer; moments before and after the delivery; "1" for noAck; how many new ids follow; these;
 *       then for each entry delivered again: id, owner, delivered at, deliveries before
 * Gives how many were taken back.
 */
export const UNDO = script(
  'settling',
  [REFUSE, PROBE, IDS, INFO, CLOCK],
  `
local key, group, consumer = KEYS[1], ARGV[1], ARGV[2]
local began, ended, no_ack = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1'
local _, refusal = probe(key, group)
if refusal then return 0 end
local last = group_info(key, group)['last-delivered-id']
local undone = 0

local function state_of(id)
  local states, now = pending_now(key, group, id, id, 1)
  return states[1], now
end
local function untouched(id, deliveries)
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

local count = tonumber(ARGV[6])
for i = 7, 6 + count do
  local id = ARGV[i]
  if no_ack then
    if not state_of(id) then release(id) end
  elseif untouched(id, 1) then
    release(id)
  end
end

local owners = {}
if #ARGV > 6 + count then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do owners[named(flat).name] = true end
end
for i = 7 + count, #ARGV, 4 do
  local id, owner, delivered_at, deliveries = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if untouched(id, tonumber(deliveries) + 1) then
    if not owners[owner] then release(id)
    elseif #redis.call('XRANGE', key, id, id) == 1 then
      -- Redis would drop a deleted entry instead of giving it back.
      redis.call('XCLAIM', key, group, owner, 0, id, 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
      undone = undone + 1
    end
  end
end
return undone`
)
