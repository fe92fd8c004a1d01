import { IDS, INFO, REFUSE, ROOM, script, TRIMMING } from './script.ts'

/**
 * KEYS  stream
 * ARGV  XRANGE or XREVRANGE; lower end, or "next" for behind the last id; upper end; how many at most; bytes of room;
 *       "1" when no entry may go beyond it
 * Gives the entries; the stream's last id when the range has none; 1 when the room ended before the range.
 * Refuses: stream-not-found.
 */
export const RANGE = script(
  'reading',
  [REFUSE, INFO, IDS, ROOM],
  `
local key = KEYS[1]
local missing = refuse_unless_stream(key)
if missing then return missing end
local command, from, to, count = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local function last_id() return stream_info(key)['last-generated-id'] end
if from == 'next' then return { {}, last_id(), false } end
local room = Room(tonumber(ARGV[5]), ARGV[6] == '1')
local entries = {}
while #entries < count and not room.full() do
  local wanted = math.min(STEP, count - #entries)
  local page = command == 'XRANGE' and redis.call('XRANGE', key, from, to, 'COUNT', wanted)
    or redis.call('XREVRANGE', key, to, from, 'COUNT', wanted)
  for _, entry in ipairs(page) do
    if not room.takes(entry[2]) then break end
    entries[#entries + 1] = entry
  end
  if #page < wanted then break end
  local last = page[#page][1]
  if last == MAX_ID or last == '0-0' then break end
  if command == 'XRANGE' then from = '(' .. last else to = '(' .. last end
end
local cut = room.full() and #entries < count
return { entries, #entries == 0 and not cut and last_id(), cut and 1 }`,
  { hasFields: true }
)

/**
 * KEYS  stream
 * ARGV  ids, each once
 * Gives how many were deleted, and those that were not there.
 */
export const DELETE_ENTRIES = script(
  'settling',
  [REFUSE],
  `
local missing = refuse_unless_stream(KEYS[1])
if missing then return missing end
local deleted, not_found = 0, {}
for _, id in ipairs(ARGV) do
  if redis.call('XDEL', KEYS[1], id) == 1 then deleted = deleted + 1
  else not_found[#not_found + 1] = id end
end
return { deleted, not_found }`
)

/**
 * KEYS  stream
 * ARGV  MAXLEN or MINID; its value; "1" for an exact trim; how many entries to remove at most, more or less
 * Gives how many entries were removed; 1 when more are to be.
 */
export const TRIM = script(
  'settling',
  [REFUSE, TRIMMING],
  `
local missing = refuse_unless_stream(KEYS[1])
if missing then return missing end
local removed, more = trim_some(KEYS[1], ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]))
return { removed, more and 1 }`
)

/**
 * Redis makes an empty stream only for a group: one is made with it and destroyed again.
 *
 * KEYS  stream
 * Gives 1 when it was made, 0 when it was there. Refuses: stream-conflict.
 */
export const ENSURE_STREAM = script(
  'growing',
  [REFUSE],
  `
if is_stream(KEYS[1]) then return 0 end
if redis.call('EXISTS', KEYS[1]) == 1 then return refuse('stream-conflict') end
redis.call('XGROUP', 'CREATE', KEYS[1], RETURNED, '$', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', KEYS[1], RETURNED)
return 1`
)

/**
 * KEYS  stream
 * Gives 1. A key that is no stream is left alone. Refuses: stream-not-found.
 */
export const DELETE_STREAM = script(
  'settling',
  [REFUSE],
  `
if not is_stream(KEYS[1]) then return refuse('stream-not-found') end
return redis.call('UNLINK', KEYS[1])`
)

/**
 * Redis' rules for XSETID: the ids that exist, and those that were deleted, do not lie above the last id.
 *
 * KEYS  stream
 * ARGV  last id; entries ever appended, or ""; highest deleted id, or "0-0" for as it is
 * Gives 1. Refuses: id-not-greater FLOOR, max-deleted-id, entries-added LENGTH.
 */
export const SET_STREAM_ID = script(
  'growing',
  [REFUSE, IDS, INFO],
  `
local key = KEYS[1]
local missing = refuse_unless_stream(key)
if missing then return missing end
local info = stream_info(key)
local floor = info['max-deleted-entry-id']
local top = info['last-entry']
if top and before(floor, top[1]) then floor = top[1] end
if before(ARGV[1], floor) then return refuse('id-not-greater', floor) end
local deleted = ARGV[3] == '0-0' and info['max-deleted-entry-id'] or ARGV[3]
if before(ARGV[1], deleted) then return refuse('max-deleted-id') end
local added = ARGV[2] == '' and info['entries-added'] or tonumber(ARGV[2])
if added < info.length then return refuse('entries-added', info.length) end
redis.call('XSETID', key, ARGV[1], 'ENTRIESADDED', string.format('%.0f', added), 'MAXDELETEDID', deleted)
return 1`
)

/**
 * KEYS  stream
 * Gives length, last id, entries ever added, number of groups, bytes of memory, without the entries that XINFO gives.
 * Refuses: stream-not-found.
 */
export const GLANCE = script(
  'reading',
  [REFUSE, INFO],
  `
local missing = refuse_unless_stream(KEYS[1])
if missing then return missing end
local info = stream_info(KEYS[1])
return { info.length, info['last-generated-id'], info['entries-added'], info.groups,
  redis.call('MEMORY', 'USAGE', KEYS[1]) }`
)

/**
 * KEYS  stream
 * Gives XINFO STREAM, bytes of memory. Refuses: stream-not-found.
 */
export const STREAM = script(
  'reading',
  [REFUSE],
  `
local missing = refuse_unless_stream(KEYS[1])
if missing then return missing end
return { redis.call('XINFO', 'STREAM', KEYS[1]), redis.call('MEMORY', 'USAGE', KEYS[1]) }`,
  { hasFields: true }
)
