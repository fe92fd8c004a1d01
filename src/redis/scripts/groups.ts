import { IDS, INFO, PAGE, PROBE, REFUSE, RETURNING, ROOM, script } from './script.ts'

/** How many bytes of entries a count of them may read. */
const COUNTED_BYTES = 1 << 20

/**
 * KEYS  stream
 * ARGV  group, or "" for a page of them; how many pending entries may be looked at; the name that the page comes after,
 *       or ""; how many groups at most; "1" to count the entries after a group's place, as many as may be looked at
 * Gives the stream's length, first id, last id, highest deleted id, entries added; and for each group its name,
 * consumers, pending, last delivered id, entries read or nil, returned entries that are still to be delivered, how long
 * the pending entry that still exists has been idle that has been so longest, or nil, how many entries come after its
 * place, or nil; then 1 if more groups follow.
 */
export const GROUPS = script(
  'reading',
  [REFUSE, PROBE, IDS, INFO, PAGE, ROOM, RETURNING],
  `
local key = KEYS[1]
local missing = refuse_unless_stream(key)
if missing then return missing end
local stream = stream_info(key)
local first = stream['first-entry']
local looks = tonumber(ARGV[2])
-- There is no index by time to ask: all of a list is looked at, or nothing.
local function oldest_idle(group)
  if group.pending == 0 or group.pending > looks then return false end
  looks = looks - group.pending
  local oldest = -1
  for _, pending in ipairs(redis.call('XPENDING', key, group.name, '-', '+', group.pending)) do
    local id, owner, idle = pending[1], pending[2], pending[3]
    if idle > oldest and owner ~= RETURNED and #redis.call('XRANGE', key, id, id) == 1 then oldest = idle end
  end
  return oldest >= 0 and oldest
end
local counts = tonumber(ARGV[2])
-- Only what was never trimmed or deleted need not be counted. Small steps first: entries may be large.
local function entries_after(group)
  local from, found, step, room = group['last-delivered-id'], 0, 1, Room(${COUNTED_BYTES})
  if from == stream['last-generated-id'] then return 0 end
  if ARGV[5] ~= '1' or stream['entries-added'] == stream.length then return false end
  while counts > 0 and from ~= MAX_ID do
    local wanted = math.min(counts, step)
    local page = redis.call('XRANGE', key, '(' .. from, '+', 'COUNT', wanted)
    found, counts, step = found + #page, counts - #page, math.min(2 * step, 100)
    if #page < wanted then return found end
    for _, entry in ipairs(page) do
      if not room.takes(entry[2]) then return false end
    end
    from = page[#page][1]
  end
  return false
end
local groups = {}
local listed, more = redis.call('XINFO', 'GROUPS', key), 0
if ARGV[1] == '' then listed, more = unpack(page_after(listed, 2, ARGV[3], tonumber(ARGV[4]))) end
for _, flat in ipairs(listed) do
  local group = named(flat)
  if ARGV[1] == '' or ARGV[1] == group.name then
    local consumers, pending, returned = group.consumers, group.pending, 0
    if #probe(key, group.name) > 0 then
      local ids, drop = returned_ids(key, group.name, group['last-delivered-id'])
      returned = #ids
      consumers, pending = consumers - 1, pending - returned - #drop
    end
    groups[#groups + 1] = { group.name, consumers, pending, group['last-delivered-id'],
      group['entries-read'], returned, oldest_idle(group), entries_after(group) }
  end
end
if ARGV[1] ~= '' and #groups == 0 then return refuse('group-not-found') end
return { stream.length, first and first[1] or '0-0', stream['last-generated-id'],
  stream['max-deleted-entry-id'], stream['entries-added'], groups, more }`
)

/**
 * KEYS  stream
 * ARGV  group; id, or "$" for the end; entries read, or ""; "1" to make the stream
 * Gives 1 when it was made, 0 when it was there. Refuses: stream-not-found, stream-conflict.
 */
export const ENSURE_GROUP = script(
  'growing',
  [REFUSE, PROBE, INFO],
  `
local key, group, after, read = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local missing = refuse_unless_stream(key)
if missing and (ARGV[4] == '0' or redis.call('EXISTS', key) == 1) then return missing end
if not missing and probe(key, group) then return 0 end
local arguments = { 'XGROUP', 'CREATE', key, group, after, 'MKSTREAM' }
if read ~= '' then
  local added = missing and 0 or stream_info(key)['entries-added']
  arguments[7], arguments[8] = 'ENTRIESREAD', string.format('%.0f', math.min(tonumber(read), added))
end
redis.call(unpack(arguments))
return 1`
)

/**
 * Moving a group forgets what came back to it. Setting only its counter does not, and counts it in.
 *
 * KEYS  stream
 * ARGV  group; id, "$" for the end, or "" for where it is; entries read, or ""
 */
export const UPDATE_GROUP = script(
  'settling',
  [REFUSE, PROBE, IDS, INFO, RETURNING],
  `
local key, group, after, read = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local back, refusal = probe(key, group)
if refusal then return refusal end
if after == '' and read == '' then return 0 end
local place, returned = after, 0
if after == '' then
  place = group_info(key, group)['last-delivered-id']
  if #back > 0 then returned = #returned_ids(key, group, place) end
elseif #back > 0 then
  redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
end
local arguments = { 'XGROUP', 'SETID', key, group, place }
if read ~= '' then
  local count = math.min(tonumber(read) + returned, stream_info(key)['entries-added'])
  arguments[6], arguments[7] = 'ENTRIESREAD', string.format('%.0f', count)
end
redis.call(unpack(arguments))
return 1`
)

/**
 * What came back from a reader that hung up is nobody's, and counts as not delivered.
 *
 * KEYS  stream
 * ARGV  group; "1" to drop what is pending
 * Returns 1. Refuses: group-has-pending COUNT.
 */
export const DELETE_GROUP = script(
  'settling',
  [REFUSE, PROBE, INFO],
  `
local key, group = KEYS[1], ARGV[1]
local back, refusal = probe(key, group)
if refusal then return refusal end
if ARGV[2] == '0' then
  local pending = group_info(key, group).pending
  if #back > 0 and pending > 0 then
    for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
      local consumer = named(flat)
      if consumer.name == RETURNED then pending = pending - consumer.pending end
    end
  end
  if pending > 0 then return refuse('group-has-pending', pending) end
end
return redis.call('XGROUP', 'DESTROY', key, group)`
)

/**
 * KEYS  stream
 * ARGV  group, consumer
 * Gives 1 when it was made, 0 when it was there.
 */
export const ENSURE_CONSUMER = script(
  'growing',
  [REFUSE, PROBE],
  `
local _, refusal = probe(KEYS[1], ARGV[1])
if refusal then return refusal end
return redis.call('XGROUP', 'CREATECONSUMER', KEYS[1], ARGV[1], ARGV[2])`
)

/**
 * KEYS  stream
 * ARGV  group; consumer; "1" to drop what it has pending
 * Gives how many it had pending. Refuses: consumer-not-found, consumer-has-pending COUNT.
 */
export const DELETE_CONSUMER = script(
  'settling',
  [REFUSE, PROBE, INFO],
  `
local key, group = KEYS[1], ARGV[1]
local _, refusal = probe(key, group)
if refusal then return refusal end
local found
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
  local consumer = named(flat)
  if consumer.name == ARGV[2] then found = consumer end
end
if not found then return refuse('consumer-not-found') end
if found.pending > 0 and ARGV[3] == '0' then return refuse('consumer-has-pending', found.pending) end
return redis.call('XGROUP', 'DELCONSUMER', key, group, ARGV[2])`
)

/**
 * KEYS  stream
 * ARGV  group; the name that the page comes after, or ""; how many at most
 * Gives consumers as XINFO CONSUMERS does, and 1 if more follow.
 */
export const CONSUMERS = script(
  'reading',
  [REFUSE, PROBE, PAGE],
  `
local _, refusal = probe(KEYS[1], ARGV[1])
if refusal then return refusal end
return page_after(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1]), 2, ARGV[2], tonumber(ARGV[3]))`
)
