// Written by "npm run lua" from the Lua scripts beside it. Do not edit.

import { type Script, script } from './script.ts'

const ANSWER_BUDGET_LIBRARY = `local BATCH, CHUNK = 32, 65536
local function size_of(fields)
  local bytes = ENTRY_BYTES
  for _, text in ipairs(fields) do
    bytes = bytes + 4
    for i = 1, #text, CHUNK do bytes = bytes + #cjson.encode(string.sub(text, i, i + CHUNK - 1)) - 2 end
  end
  return bytes
end
local function max_size_of(fields)
  local bytes = ENTRY_BYTES
  for i = 1, #fields do bytes = bytes + 6 * #fields[i] + 4 end
  return bytes
end
local function Budget(total, strict)
  local used, max_used, unmeasured, is_exceeded = 0, 0, {}, false
  local budget = {}
  function budget.is_spent() return is_exceeded or used >= total end
  function budget.add(fields)
    if is_exceeded then return false end
    if unmeasured then
      max_used = max_used + max_size_of(fields)
      if max_used <= total then
        unmeasured[#unmeasured + 1] = fields
        return true
      end
      for _, each in ipairs(unmeasured) do used = used + size_of(each) end
      unmeasured = nil
    end
    local bytes = size_of(fields)
    is_exceeded = used + bytes > total and (strict or used > 0)
    if not is_exceeded then used = used + bytes end
    return not is_exceeded
  end
  return budget
end`

const CLOCK_LIBRARY = `local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function call_now(...)
  local reply, before, after
  for _ = 1, 10 do
    before = now_ms()
    reply = redis.call(...)
    after = now_ms()
    if before == after then break end
  end
  return reply, after
end
local function pending_now(...)
  return call_now('XPENDING', ...)
end
local function integer(number)
  return string.format('%.0f', number)
end`

const IDLE_ENTRIES_LIBRARY = `-- A scan examines at most this many pages of pending entries.
local PAGE_SIZE, MAX_PAGES = 1000, 10
local function idle_entries(key, group, min_idle, from)
  local found, next, oldest, start = {}, '-', -1, from
  for page_number = 1, MAX_PAGES do
    local page, now = pending_now(key, group, from, '+', PAGE_SIZE)
    for _, pending in ipairs(page) do
      if pending[2] ~= RETURNED and pending[3] >= min_idle then
        found[#found + 1] = { id = pending[1], owner = pending[2], idle = pending[3],
          deliveries = pending[4], delivered_at = now - pending[3], index = #found }
      elseif pending[2] ~= RETURNED then
        oldest = math.max(oldest, pending[3])
      end
    end
    if #page < PAGE_SIZE then
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
  return found, next, start == '-' and next == '-' and oldest
end`

const IDS_LIBRARY = `local MAX_HALF = '18446744073709551615'
local MAX_ID = MAX_HALF .. '-' .. MAX_HALF
local function split(id)
  local dash = string.find(id, '-', 1, true)
  return string.sub(id, 1, dash - 1), string.sub(id, dash + 1)
end
local function less(a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end
local function before(a, b)
  local a_ms, a_seq = split(a)
  local b_ms, b_seq = split(b)
  if a_ms ~= b_ms then return less(a_ms, b_ms) end
  return less(a_seq, b_seq)
end`

const INFO_LIBRARY = `local function named(flat)
  local values = {}
  for i = 1, #flat, 2 do values[flat[i]] = flat[i + 1] end
  return values
end
local function stream_info(key)
  return named(redis.call('XINFO', 'STREAM', key))
end
local function group_info(key, group)
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    local info = named(flat)
    if info.name == group then return info end
  end
end`

const PAGE_LIBRARY = `-- Compares bytes: Lua's own order of texts depends on the locale.
local function comes_after(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x > y end
  end
  return #a > #b
end
local function page_after(items, at, after, limit)
  local low, high = 1, #items + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if comes_after(items[middle][at], after) then high = middle else low = middle + 1 end
  end
  local page = {}
  for i = low, #items do
    if items[i][at] ~= RETURNED then
      if #page == limit then return { page, 1 } end
      page[#page + 1] = items[i]
    end
  end
  return { page, 0 }
end`

const PROBE_LIBRARY = `local function probe(key, group)
  local reply = redis.pcall('XPENDING', key, group, '-', '+', 1, RETURNED)
  if not reply.err then return reply end
  local missing = refuse_unless_stream(key)
  if missing then return nil, missing end
  if string.find(reply.err, 'NOGROUP') then return nil, refuse('group-not-found') end
  -- Any other error, such as a missing permission, ends the script.
  redis.call('XPENDING', key, group, '-', '+', 1, RETURNED)
end`

const REFUSE_LIBRARY = `local function refuse(...)
  return redis.error_reply(table.concat({'WEIR', ...}, ' '))
end
local function is_stream(key)
  return redis.call('TYPE', key).ok == 'stream'
end
local function refuse_unless_stream(key)
  local type = redis.call('TYPE', key).ok
  if type == 'stream' then return nil end
  return refuse(type == 'none' and 'stream-not-found' or 'stream-conflict')
end`

const RETURNED_IDS_LIBRARY = `local function returned_ids(key, group, last)
  local ids, obsolete = {}, {}
  for _, pending in ipairs(redis.call('XPENDING', key, group, '-', '+', 1000000, RETURNED)) do
    local entry = redis.call('XRANGE', key, pending[1], pending[1])[1]
    if not entry or before(last, pending[1]) then obsolete[#obsolete + 1] = pending[1]
    else ids[#ids + 1] = pending[1] end
  end
  return ids, obsolete
end`

const TRIM_STEP_LIBRARY = `local function trim_step(key, strategy, threshold, exact, max_removed)
  local removed = redis.call('XTRIM', key, strategy, '~', threshold, 'LIMIT', string.format('%.0f', max_removed))
  if removed * 2 >= max_removed then return removed, true end
  if exact then removed = removed + redis.call('XTRIM', key, strategy, '=', threshold) end
  return removed, false
end`

export interface AckArguments {
  readonly group: string
  readonly consumer?: string | undefined
  readonly ids: readonly string[]
}

export const ACK = script<AckArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2] ~= '' and ARGV[2] or nil
local ids_at = 3
local returned, refusal = probe(key, group)
if refusal then return refusal end
local acked, not_pending = 0, {}
for i = ids_at, #ARGV do
  local id, may_ack = ARGV[i], true
  if consumer then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, consumer) == 1
  elseif #returned > 0 then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, RETURNED) == 0
  end
  if may_ack and redis.call('XACK', key, group, id) == 1 then acked = acked + 1
  else not_pending[#not_pending + 1] = id end
end
return { acked, not_pending }`
)

export interface AppendArguments {
  readonly createStream: boolean
  readonly isDryRun: boolean
  readonly strategy?: string | undefined
  readonly threshold?: string | undefined
  readonly isExact: boolean
  readonly maxRemoved?: number | undefined
  readonly entries: readonly string[]
}

export const APPEND = script<AppendArguments>(
  { isReading: false, hasFields: false, order: ['createStream', 'isDryRun', 'strategy', 'threshold', 'isExact', 'maxRemoved', 'entries'] },
  `#!lua`,
  REFUSE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  TRIM_STEP_LIBRARY,
  `local key = KEYS[1]
local create_stream = ARGV[1] == '1'
local is_dry_run = ARGV[2] == '1'
local strategy = ARGV[3] ~= '' and ARGV[3] or nil
local threshold = ARGV[4] ~= '' and ARGV[4] or nil
local is_exact = ARGV[5] == '1'
local max_removed = tonumber(ARGV[6])
local entries_at = 7
local last_ms, last_seq = '0', '0'
local missing = refuse_unless_stream(key)
if not missing then
  last_ms, last_seq = split(stream_info(key)['last-generated-id'])
elseif not create_stream or redis.call('EXISTS', key) == 1 then
  return missing
end

local function increment(digits)
  if #digits <= 15 then return string.format('%.0f', digits + 1) end
  local kept = string.gsub(digits, '9+$', '')
  local zeros = string.rep('0', #digits - #kept)
  if kept == '' then return '1' .. zeros end
  return string.sub(kept, 1, -2) .. (string.sub(kept, -1) + 1) .. zeros
end

local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

-- Returns the halves of the next id for a requested one; or nil, the code of the refusal and its detail.
local function next_id(requested)
  if last_ms == MAX_HALF and last_seq == MAX_HALF then return nil, 'ids-exhausted', '-' end
  if requested == '*' then
    if less(last_ms, now) then return now, '0' end
    if last_seq == MAX_HALF then return increment(last_ms), '0' end
    return last_ms, increment(last_seq)
  end
  local ms, seq = split(requested)
  if less(ms, last_ms) then return nil, 'id-not-greater' end
  if seq == '*' then
    if ms ~= last_ms then return ms, '0' end
    if last_seq == MAX_HALF then return nil, 'ids-exhausted', ms end
    return ms, increment(last_seq)
  end
  if ms == last_ms and not less(last_seq, seq) then return nil, 'id-not-greater' end
  return ms, seq
end

local planned = {}
local at = entries_at
while at <= #ARGV do
  local ms, seq, detail = next_id(ARGV[at])
  if not ms then
    return refuse(seq, #planned, seq == 'id-not-greater' and last_ms .. '-' .. last_seq or detail)
  end
  last_ms, last_seq = ms, seq
  local count = tonumber(ARGV[at + 1])
  planned[#planned + 1] = { id = ms .. '-' .. seq, from = at + 2, to = at + 1 + count }
  at = at + 2 + count
end

local ids = {}
for index, entry in ipairs(planned) do
  ids[index] = entry.id
  if not is_dry_run then
    local arguments = { 'XADD', key, entry.id }
    for i = entry.from, entry.to do arguments[#arguments + 1] = ARGV[i] end
    redis.call(unpack(arguments))
  end
end
local removed, more = 0, false
if strategy and not is_dry_run then
  removed, more = trim_step(key, strategy, threshold, is_exact, max_removed)
end
return { ids, removed, more and 1 }`
)

export interface AutoClaimArguments {
  readonly group: string
  readonly consumer: string
  readonly minIdle: number
  readonly from: string
  readonly count: number
  readonly justIds: boolean
  readonly budgetBytes: number
}

export const AUTO_CLAIM = script<AutoClaimArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'minIdle', 'from', 'count', 'justIds', 'budgetBytes'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local min_idle = tonumber(ARGV[3])
local from = ARGV[4]
local count = tonumber(ARGV[5])
local just_ids = ARGV[6] == '1'
local budget_bytes = tonumber(ARGV[7])
local _, refusal = probe(key, group)
if refusal then return refusal end
local budget = Budget(budget_bytes)
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
redis.call('XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID')
local entries, deleted, examined, next = {}, {}, 0, '0-0'

-- Returns false if the entry does not fit into the answer.
local function claim(id, state)
  local entry = redis.call('XRANGE', key, id, id)[1]
  if not entry then
    redis.call('XACK', key, group, id)
    deleted[#deleted + 1] = id
  elseif state[3] >= min_idle then
    if not just_ids and not budget.add(entry[2]) then return false end
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
return { next, entries, deleted }`
)

export interface CheckStreamArguments {
  readonly groups: readonly string[]
}

export const CHECK_STREAM = script<CheckStreamArguments>(
  { isReading: true, hasFields: false, order: ['groups'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  IDLE_ENTRIES_LIBRARY,
  `local key = KEYS[1]
local groups_at = 1
if not is_stream(key) then return { false, {} } end
local info = stream_info(key)
local results = {}
for i = groups_at, #ARGV, 3 do
  local group, min_idle, from = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local returned = probe(key, group)
  if not returned then
    results[#results + 1] = { 'gone', -1, '-', '1' }
  else
    local last_entry, has_new = info['last-entry'], #returned > 0
    if last_entry and before(group_info(key, group)['last-delivered-id'], last_entry[1]) then has_new = true end
    local idle, oldest = -1, false
    if min_idle then
      local found
      found, from, oldest = idle_entries(key, group, 0, from)
      for _, pending in ipairs(found) do
        if #redis.call('XRANGE', key, pending.id, pending.id) == 1 then
          idle = pending.idle
          break
        end
      end
    end
    results[#results + 1] = { has_new and 'new' or 'none', idle, from, oldest and '1' or '0' }
  end
end
return { info['last-generated-id'], results }`
)

export interface ClaimArguments {
  readonly group: string
  readonly consumer: string
  readonly minIdle: number
  readonly force: boolean
  readonly justIds: boolean
  readonly deliveries?: string | undefined
  readonly lastId?: string | undefined
  readonly idle?: number | undefined
  readonly deliveredAt?: number | undefined
  readonly budgetBytes: number
  readonly ids: readonly string[]
}

export const CLAIM = script<ClaimArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'minIdle', 'force', 'justIds', 'deliveries', 'lastId', 'idle', 'deliveredAt', 'budgetBytes', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local min_idle = tonumber(ARGV[3])
local force = ARGV[4] == '1'
local just_ids = ARGV[5] == '1'
local deliveries = ARGV[6] ~= '' and ARGV[6] or nil
local last_id = ARGV[7] ~= '' and ARGV[7] or nil
local idle = tonumber(ARGV[8])
local delivered_at = tonumber(ARGV[9])
local budget_bytes = tonumber(ARGV[10])
local ids_at = 11
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
return { entries, deleted }`
)

export interface ConsumersArguments {
  readonly group: string
  readonly after: string
  readonly limit: number
}

export const CONSUMERS = script<ConsumersArguments>(
  { isReading: true, hasFields: false, order: ['group', 'after', 'limit'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  PAGE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local limit = tonumber(ARGV[3])
local _, refusal = probe(key, group)
if refusal then return refusal end
return page_after(redis.call('XINFO', 'CONSUMERS', key, group), 2, after, limit)`
)

export interface DeleteConsumerArguments {
  readonly group: string
  readonly consumer: string
  readonly dropPending: boolean
}

export const DELETE_CONSUMER = script<DeleteConsumerArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'dropPending'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local drop_pending = ARGV[3] == '1'
local _, refusal = probe(key, group)
if refusal then return refusal end
local found
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
  local info = named(flat)
  if info.name == consumer then found = info end
end
if not found then return refuse('consumer-not-found') end
if found.pending > 0 and not drop_pending then return refuse('consumer-has-pending', found.pending) end
return redis.call('XGROUP', 'DELCONSUMER', key, group, consumer)`
)

export interface DeleteEntriesArguments {
  readonly ids: readonly string[]
}

export const DELETE_ENTRIES = script<DeleteEntriesArguments>(
  { isReading: false, hasFields: false, order: ['ids'] },
  `#!lua flags=allow-oom`,
  REFUSE_LIBRARY,
  `local key = KEYS[1]
local ids_at = 1
local missing = refuse_unless_stream(key)
if missing then return missing end
local deleted, not_found = 0, {}
for i = ids_at, #ARGV do
  local id = ARGV[i]
  if redis.call('XDEL', key, id) == 1 then deleted = deleted + 1
  else not_found[#not_found + 1] = id end
end
return { deleted, not_found }`
)

export interface DeleteGroupArguments {
  readonly group: string
  readonly dropPending: boolean
}

export const DELETE_GROUP = script<DeleteGroupArguments>(
  { isReading: false, hasFields: false, order: ['group', 'dropPending'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local drop_pending = ARGV[2] == '1'
local returned, refusal = probe(key, group)
if refusal then return refusal end
if not drop_pending then
  local pending = group_info(key, group).pending
  if #returned > 0 and pending > 0 then
    for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
      local consumer = named(flat)
      if consumer.name == RETURNED then pending = pending - consumer.pending end
    end
  end
  if pending > 0 then return refuse('group-has-pending', pending) end
end
return redis.call('XGROUP', 'DESTROY', key, group)`
)

export type DeleteStreamArguments = object

export const DELETE_STREAM = script<DeleteStreamArguments>(
  { isReading: false, hasFields: false, order: [] },
  `#!lua flags=allow-oom`,
  REFUSE_LIBRARY,
  `local key = KEYS[1]
if not is_stream(key) then return refuse('stream-not-found') end
return redis.call('UNLINK', key)`
)

export interface DescribeArguments {
  readonly limit: number
  readonly maxItems: number
  readonly maxBytes: number
}

export const DESCRIBE = script<DescribeArguments>(
  { isReading: true, hasFields: true, order: ['limit', 'maxItems', 'maxBytes'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  RETURNED_IDS_LIBRARY,
  `local key = KEYS[1]
local limit = tonumber(ARGV[1])
local max_items = tonumber(ARGV[2])
local max_bytes = tonumber(ARGV[3])
local items_left, bytes_left = max_items, max_bytes
local missing = refuse_unless_stream(key)
if missing then return missing end
local summary, size = redis.call('XINFO', 'STREAM', key), redis.call('MEMORY', 'USAGE', key)
local stream, all_groups = named(summary), redis.call('XINFO', 'GROUPS', key)
local function returned_of(group)
  if #probe(key, group.name) == 0 then return { group.name, 0, 0 } end
  local ids, obsolete = returned_ids(key, group.name, group['last-delivered-id'])
  return { group.name, #ids, #obsolete }
end

-- Upper bound of the items in all lists together, if each list ends at \`count\`.
local function max_items_of(count)
  local items = math.min(count, stream.length)
  for _, flat in ipairs(all_groups) do
    local group = named(flat)
    items = items + 1 + group.consumers + math.min(count, group.pending)
      + math.min(group.pending, count * group.consumers)
    if items > items_left then break end
  end
  return items
end
local function full_description()
  if size > bytes_left or max_items_of(limit) > items_left then return nil end
  local returned, max_returned = {}, 0
  for _, flat in ipairs(all_groups) do
    local counts = returned_of(named(flat))
    returned[#returned + 1] = counts
    max_returned = math.max(max_returned, counts[2] + counts[3])
  end
  -- COUNT includes returned entries, which the answer leaves out.
  if max_returned > 0 and max_items_of(limit + max_returned) > items_left then return nil end
  local described = redis.call('XINFO', 'STREAM', key, 'FULL', 'COUNT', limit + max_returned)
  return { { summary, size }, described, returned, 0 }
end
local described = full_description()
if described then return described end

local is_cut = 0
local function bytes_of(fields)
  local sum = 0
  for i = 1, #fields do sum = sum + #fields[i] + 3 end
  return sum
end
-- Counts another item. Returns false if it exceeds the limits.
local function add(size)
  if items_left == 0 or size > bytes_left then
    is_cut = 1
    return false
  end
  items_left, bytes_left = items_left - 1, bytes_left - size
  return true
end

local function first_entries()
  local entries, from = {}, '-'
  while #entries < limit do
    -- Their size is known only after the read.
    local wanted = math.min(limit - #entries, 8)
    local page = redis.call('XRANGE', key, from, '+', 'COUNT', wanted)
    for _, entry in ipairs(page) do
      if not add(128 + bytes_of(entry[2])) then return entries end
      entries[#entries + 1] = entry
    end
    if #page < wanted or page[#page][1] == MAX_ID then return entries end
    from = '(' .. page[#page][1]
  end
  return entries
end

-- The pending entries of one consumer, or of all consumers. Leaves out returned entries.
local function pending_of(group, consumer)
  local found, from = {}, '-'
  while #found < limit do
    local wanted = math.min(limit - #found, items_left + 1)
    local arguments = { key, group, from, '+', wanted }
    if consumer then arguments[6] = consumer end
    local page, now = pending_now(unpack(arguments))
    for _, pending in ipairs(page) do
      if pending[2] ~= RETURNED then
        if not add(128 + (consumer and 0 or #pending[2])) then return found end
        local at = now - pending[3]
        found[#found + 1] = consumer and { pending[1], at, pending[4] } or { pending[1], pending[2], at, pending[4] }
      end
    end
    if #page < wanted or page[#page][1] == MAX_ID then return found end
    from = '(' .. page[#page][1]
  end
  return found
end

local function consumers_of(group, count)
  local found = {}
  if items_left == 0 and count > 0 then is_cut = 1 end
  if items_left == 0 or count == 0 then return found end
  local listed, now = call_now('XINFO', 'CONSUMERS', key, group)
  for _, flat in ipairs(listed) do
    local consumer = named(flat)
    if consumer.name ~= RETURNED then
      if #found == limit or not add(128 + #consumer.name) then return found end
      local inactive = consumer.inactive
      found[#found + 1] = { 'name', consumer.name, 'pel-count', consumer.pending, 'seen-time', now - consumer.idle,
        'active-time', inactive and inactive >= 0 and now - inactive or -1,
        'pending', consumer.pending > 0 and pending_of(group, consumer.name) or {} }
    end
  end
  return found
end

for _, name in ipairs({ 'first-entry', 'last-entry' }) do
  if stream[name] then bytes_left = bytes_left - bytes_of(stream[name][2]) end
end
local entries, groups, returned = first_entries(), {}, {}
for _, flat in ipairs(all_groups) do
  local group = named(flat)
  if #groups == limit or not add(128 + #group.name) then break end
  local counts = returned_of(group)
  returned[#returned + 1] = counts
  local consumers = group.consumers - (counts[2] + counts[3] > 0 and 1 or 0)
  groups[#groups + 1] = { 'name', group.name, 'last-delivered-id', group['last-delivered-id'],
    'entries-read', group['entries-read'], 'pel-count', group.pending,
    'pending', group.pending > 0 and pending_of(group.name) or {},
    'consumers', consumers_of(group.name, consumers) }
end
return { { summary, size }, { 'entries', entries, 'groups', groups }, returned, is_cut }`
)

export interface EnsureConsumerArguments {
  readonly group: string
  readonly consumer: string
}

export const ENSURE_CONSUMER = script<EnsureConsumerArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer'] },
  `#!lua
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local _, refusal = probe(key, group)
if refusal then return refusal end
return redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)`
)

export interface EnsureGroupArguments {
  readonly group: string
  readonly after: string
  readonly entriesRead?: number | undefined
  readonly createStream: boolean
}

export const ENSURE_GROUP = script<EnsureGroupArguments>(
  { isReading: false, hasFields: false, order: ['group', 'after', 'entriesRead', 'createStream'] },
  `#!lua
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local entries_read = tonumber(ARGV[3])
local create_stream = ARGV[4] == '1'
local missing = refuse_unless_stream(key)
if missing and (not create_stream or redis.call('EXISTS', key) == 1) then return missing end
if not missing and probe(key, group) then return 0 end
local arguments = { 'XGROUP', 'CREATE', key, group, after, 'MKSTREAM' }
if entries_read then
  local added = missing and 0 or stream_info(key)['entries-added']
  arguments[7], arguments[8] = 'ENTRIESREAD', string.format('%.0f', math.min(entries_read, added))
end
redis.call(unpack(arguments))
return 1`
)

export type EnsureStreamArguments = object

export const ENSURE_STREAM = script<EnsureStreamArguments>(
  { isReading: false, hasFields: false, order: [] },
  `#!lua
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  `local key = KEYS[1]
if is_stream(key) then return 0 end
if redis.call('EXISTS', key) == 1 then return refuse('stream-conflict') end
redis.call('XGROUP', 'CREATE', key, RETURNED, '$', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', key, RETURNED)
return 1`
)

export interface GroupsArguments {
  readonly groupName?: string | undefined
  readonly scanLimit: number
  readonly after: string
  readonly limit: number
  readonly isCounting: boolean
}

export const GROUPS = script<GroupsArguments>(
  { isReading: true, hasFields: false, order: ['groupName', 'scanLimit', 'after', 'limit', 'isCounting'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  IDS_LIBRARY,
  PAGE_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  RETURNED_IDS_LIBRARY,
  `local key = KEYS[1]
local group_name = ARGV[1] ~= '' and ARGV[1] or nil
local scan_limit = tonumber(ARGV[2])
local after = ARGV[3]
local limit = tonumber(ARGV[4])
local is_counting = ARGV[5] == '1'
-- Counting the entries of a group reads at most this many bytes of them.
local COUNTED_BYTES = 1048576
local missing = refuse_unless_stream(key)
if missing then return missing end
local stream = stream_info(key)
local first = stream['first-entry']
local scans_left = scan_limit
-- Redis has no index by time, so this scans the whole pending list, or nothing if the list is too long.
local function oldest_idle(group)
  if group.pending == 0 or group.pending > scans_left then return false end
  scans_left = scans_left - group.pending
  local oldest = -1
  for _, pending in ipairs(redis.call('XPENDING', key, group.name, '-', '+', group.pending)) do
    local id, owner, idle = pending[1], pending[2], pending[3]
    if idle > oldest and owner ~= RETURNED and #redis.call('XRANGE', key, id, id) == 1 then oldest = idle end
  end
  return oldest >= 0 and oldest
end
local counts_left = scan_limit
-- Counts the entries after the group's position. Returns false if a count is not needed, because nothing was ever
-- trimmed or deleted, and if it reaches its limits. The first steps are small, because entries may be large.
local function entries_after(group)
  local from, found, step, budget = group['last-delivered-id'], 0, 1, Budget(COUNTED_BYTES)
  if from == stream['last-generated-id'] then return 0 end
  if not is_counting or stream['entries-added'] == stream.length then return false end
  while counts_left > 0 and from ~= MAX_ID do
    local wanted = math.min(counts_left, step)
    local page = redis.call('XRANGE', key, '(' .. from, '+', 'COUNT', wanted)
    found, counts_left, step = found + #page, counts_left - #page, math.min(2 * step, 100)
    if #page < wanted then return found end
    for _, entry in ipairs(page) do
      if not budget.add(entry[2]) then return false end
    end
    from = page[#page][1]
  end
  return false
end
local groups = {}
local listed, more = redis.call('XINFO', 'GROUPS', key), 0
if not group_name then listed, more = unpack(page_after(listed, 2, after, limit)) end
for _, flat in ipairs(listed) do
  local group = named(flat)
  if not group_name or group_name == group.name then
    local consumers, pending, returned = group.consumers, group.pending, 0
    if #probe(key, group.name) > 0 then
      local ids, obsolete = returned_ids(key, group.name, group['last-delivered-id'])
      returned = #ids
      consumers, pending = consumers - 1, pending - returned - #obsolete
    end
    groups[#groups + 1] = { group.name, consumers, pending, group['last-delivered-id'],
      group['entries-read'], returned, oldest_idle(group), entries_after(group) }
  end
end
if group_name and #groups == 0 then return refuse('group-not-found') end
return { stream.length, first and first[1] or '0-0', stream['last-generated-id'],
  stream['max-deleted-entry-id'], stream['entries-added'], groups, more }`
)

export interface ListPendingArguments {
  readonly group: string
  readonly minIdle: string
  readonly from: string
  readonly to: string
  readonly limit: number
  readonly consumer?: string | undefined
}

export const LIST_PENDING = script<ListPendingArguments>(
  { isReading: true, hasFields: false, order: ['group', 'minIdle', 'from', 'to', 'limit', 'consumer'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local min_idle = ARGV[2]
local from = ARGV[3]
local to = ARGV[4]
local limit = tonumber(ARGV[5])
local consumer = ARGV[6] ~= '' and ARGV[6] or nil
local returned, refusal = probe(key, group)
if refusal then return refusal end
local function page_from(start, count)
  local arguments = { 'XPENDING', key, group, 'IDLE', min_idle, start, to, count }
  if consumer then arguments[#arguments + 1] = consumer end
  return redis.call(unpack(arguments))
end
if #returned == 0 or consumer then return page_from(from, limit) end
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

export interface PendingSummaryArguments {
  readonly group: string
  readonly after: string
  readonly limit: number
}

export const PENDING_SUMMARY = script<PendingSummaryArguments>(
  { isReading: true, hasFields: false, order: ['group', 'after', 'limit'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  PAGE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local limit = tonumber(ARGV[3])
local returned, refusal = probe(key, group)
if refusal then return refusal end
local summary = redis.call('XPENDING', key, group)
local page, more = unpack(page_after(summary[4] or {}, 1, after, limit))
if #returned == 0 then return { summary[1], summary[2], summary[3], page, more } end
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

export interface ProbeGroupArguments {
  readonly group: string
}

export const PROBE_GROUP = script<ProbeGroupArguments>(
  { isReading: true, hasFields: false, order: ['group'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local _, refusal = probe(key, group)
return refusal or 1`
)

export interface RangeArguments {
  readonly isDescending: boolean
  readonly from: string
  readonly to: string
  readonly count: number
  readonly budgetBytes: number
  readonly isStrict: boolean
}

export const RANGE = script<RangeArguments>(
  { isReading: true, hasFields: true, order: ['isDescending', 'from', 'to', 'count', 'budgetBytes', 'isStrict'] },
  `#!lua flags=no-writes,allow-oom
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  INFO_LIBRARY,
  IDS_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  `local key = KEYS[1]
local is_descending = ARGV[1] == '1'
local from = ARGV[2]
local to = ARGV[3]
local count = tonumber(ARGV[4])
local budget_bytes = tonumber(ARGV[5])
local is_strict = ARGV[6] == '1'
local missing = refuse_unless_stream(key)
if missing then return missing end
local function last_id() return stream_info(key)['last-generated-id'] end
if from == 'next' then return { {}, last_id(), false } end
local budget = Budget(budget_bytes, is_strict)
local entries = {}
while #entries < count and not budget.is_spent() do
  local wanted = math.min(BATCH, count - #entries)
  local page = not is_descending and redis.call('XRANGE', key, from, to, 'COUNT', wanted)
    or redis.call('XREVRANGE', key, to, from, 'COUNT', wanted)
  for _, entry in ipairs(page) do
    if not budget.add(entry[2]) then break end
    entries[#entries + 1] = entry
  end
  if #page < wanted then break end
  local last = page[#page][1]
  if last == MAX_ID or last == '0-0' then break end
  if is_descending then to = '(' .. last else from = '(' .. last end
end
local is_cut = budget.is_spent() and #entries < count
return { entries, #entries == 0 and not is_cut and last_id(), is_cut and 1 }`
)

export interface ReadGroupArguments {
  readonly group: string
  readonly consumer: string
  readonly count: number
  readonly noAck: boolean
  readonly minIdle?: number | undefined
  readonly isQuiet: boolean
  readonly budgetBytes: number
  readonly isStrict: boolean
  readonly scanFrom: string
}

export const READ_GROUP = script<ReadGroupArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'count', 'noAck', 'minIdle', 'isQuiet', 'budgetBytes', 'isStrict', 'scanFrom'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  IDLE_ENTRIES_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local count = tonumber(ARGV[3])
local no_ack = ARGV[4] == '1'
local min_idle = tonumber(ARGV[5])
local is_quiet = ARGV[6] == '1'
local budget_bytes = tonumber(ARGV[7])
local is_strict = ARGV[8] == '1'
local scan_from = ARGV[9]
local budget = Budget(budget_bytes, is_strict)
local returned, refusal = probe(key, group)
if refusal then return refusal end
local began = now_ms()
local new, claimed = {}, {}
local function left() return budget.is_spent() and 0 or count - #new - #claimed end

local function read_new(wanted)
  local reply
  if no_ack then
    reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'NOACK', 'STREAMS', key, '>')
  else
    reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, '>')
  end
  return reply and reply[1][2] or {}
end

local selected, oldest = {}, false
if min_idle then
  local found
  found, scan_from, oldest = idle_entries(key, group, min_idle, scan_from)
  for _, pending in ipairs(found) do
    if #selected == count then
      -- The next reader can claim the rest at once.
      oldest = false
      break
    end
    local entry = redis.call('XRANGE', key, pending.id, pending.id)[1]
    if entry then
      if not budget.add(entry[2]) then
        oldest = false
        break
      end
      pending.entry = entry
      selected[#selected + 1] = pending
    end
  end
end

if is_quiet and #selected == 0 and #returned == 0 then
  local last = group_info(key, group)['last-delivered-id']
  if last == MAX_ID or #redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', 1) == 0 then
    return { '0', '0', {}, {}, scan_from, stream_info(key)['last-generated-id'], oldest, false }
  end
end

for _, pending in ipairs(selected) do
  redis.call('XCLAIM', key, group, consumer, 0, pending.id, 'RETRYCOUNT', integer(pending.deliveries + 1), 'JUSTID')
  claimed[#claimed + 1] = { pending.entry, pending.owner, integer(pending.delivered_at),
    integer(pending.deliveries), pending.idle }
end

if #returned > 0 then
  local last = group_info(key, group)['last-delivered-id']
  local page_size = 1000
  while page_size == 1000 and left() > 0 do
    -- Every entry of the page leaves the list, except one that does not fit into the answer.
    local page = redis.call('XPENDING', key, group, '-', '+', 1000, RETURNED)
    page_size = #page
    for _, pending in ipairs(page) do
      if left() == 0 then break end
      local id = pending[1]
      local entry = redis.call('XRANGE', key, id, id)[1]
      if not entry or before(last, id) then redis.call('XACK', key, group, id)
      elseif budget.add(entry[2]) then
        if no_ack then redis.call('XACK', key, group, id)
        else redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', 1, 'JUSTID') end
        new[#new + 1] = entry
      end
    end
  end
  if #redis.call('XPENDING', key, group, '-', '+', 1, RETURNED) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
  end
end

while left() > 0 do
  local wanted = math.min(BATCH, left())
  local page = read_new(wanted)
  for _, entry in ipairs(page) do
    if budget.add(entry[2]) then new[#new + 1] = entry
    else
      -- The entry was read but does not fit. The next read delivers it first.
      redis.call('XCLAIM', key, group, RETURNED, 0, entry[1], 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
    end
  end
  if #page < wanted then break end
end
local last_id = false
if #new + #claimed == 0 then
  -- Before Redis 7.2, a read that finds nothing does not create its consumer.
  redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
  last_id = stream_info(key)['last-generated-id']
end
local is_cut = budget.is_spent() and #new + #claimed < count
return { integer(began), integer(now_ms()), new, claimed, scan_from, last_id, oldest, is_cut and 1 }`
)

export interface ReadOwnArguments {
  readonly group: string
  readonly consumer: string
  readonly count: number
  readonly after: string
  readonly budgetBytes: number
  readonly isStrict: boolean
}

export const READ_OWN = script<ReadOwnArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'count', 'after', 'budgetBytes', 'isStrict'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local count = tonumber(ARGV[3])
local after = ARGV[4]
local budget_bytes = tonumber(ARGV[5])
local is_strict = ARGV[6] == '1'
local budget = Budget(budget_bytes, is_strict)
local _, refusal = probe(key, group)
if refusal then return refusal end
local began = now_ms()
local entries, previous = {}, {}
while #entries < count and not budget.is_spent() and after ~= MAX_ID do
  local wanted = math.min(BATCH, count - #entries)
  local states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer)
  local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, after)
  local page = reply and reply[1][2] or {}
  for i, entry in ipairs(page) do
    local delivered_at, deliveries = integer(now - states[i][3]), integer(states[i][4])
    if budget.add(entry[2] or {}) then
      entries[#entries + 1] = entry
      previous[#previous + 1] = { delivered_at, deliveries }
    elseif entry[2] then
      -- The entry was read but does not fit: restores its state.
      redis.call('XCLAIM', key, group, consumer, 0, entry[1], 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
    end
  end
  if #page < wanted then break end
  after = page[#page][1]
end
if #entries == 0 then redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer) end
local is_cut = budget.is_spent() and #entries < count
return { integer(began), integer(now_ms()), entries, previous, is_cut and 1 }`
)

export interface SetStreamIdArguments {
  readonly lastId: string
  readonly entriesAdded?: number | undefined
  readonly maxDeletedId?: string | undefined
}

export const SET_STREAM_ID = script<SetStreamIdArguments>(
  { isReading: false, hasFields: false, order: ['lastId', 'entriesAdded', 'maxDeletedId'] },
  `#!lua`,
  REFUSE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  `local key = KEYS[1]
local last_id = ARGV[1]
local entries_added = tonumber(ARGV[2])
local max_deleted_id = ARGV[3] ~= '' and ARGV[3] or nil
local missing = refuse_unless_stream(key)
if missing then return missing end
local info = stream_info(key)
local minimum = info['max-deleted-entry-id']
local last_entry = info['last-entry']
if last_entry and before(minimum, last_entry[1]) then minimum = last_entry[1] end
if before(last_id, minimum) then return refuse('id-not-greater', minimum) end
local deleted = max_deleted_id or info['max-deleted-entry-id']
if before(last_id, deleted) then return refuse('max-deleted-id') end
local added = entries_added or info['entries-added']
if added < info.length then return refuse('entries-added', info.length) end
redis.call('XSETID', key, last_id, 'ENTRIESADDED', string.format('%.0f', added), 'MAXDELETEDID', deleted)
return 1`
)

export type StreamSummaryArguments = object

export const STREAM_SUMMARY = script<StreamSummaryArguments>(
  { isReading: true, hasFields: false, order: [] },
  `#!lua flags=no-writes,allow-oom`,
  REFUSE_LIBRARY,
  INFO_LIBRARY,
  `local key = KEYS[1]
local missing = refuse_unless_stream(key)
if missing then return missing end
local info = stream_info(key)
return { info.length, info['last-generated-id'], info['entries-added'], info.groups,
  redis.call('MEMORY', 'USAGE', key) }`
)

export type StreamArguments = object

export const STREAM = script<StreamArguments>(
  { isReading: true, hasFields: true, order: [] },
  `#!lua flags=no-writes,allow-oom`,
  REFUSE_LIBRARY,
  `local key = KEYS[1]
local missing = refuse_unless_stream(key)
if missing then return missing end
return { redis.call('XINFO', 'STREAM', key), redis.call('MEMORY', 'USAGE', key) }`
)

export interface TrimArguments {
  readonly strategy: string
  readonly threshold: string
  readonly isExact: boolean
  readonly maxRemoved: number
}

export const TRIM = script<TrimArguments>(
  { isReading: false, hasFields: false, order: ['strategy', 'threshold', 'isExact', 'maxRemoved'] },
  `#!lua flags=allow-oom`,
  REFUSE_LIBRARY,
  TRIM_STEP_LIBRARY,
  `local key = KEYS[1]
local strategy = ARGV[1]
local threshold = ARGV[2]
local is_exact = ARGV[3] == '1'
local max_removed = tonumber(ARGV[4])
local missing = refuse_unless_stream(key)
if missing then return missing end
local removed, more = trim_step(key, strategy, threshold, is_exact, max_removed)
return { removed, more and 1 }`
)

export interface UndoArguments {
  readonly group: string
  readonly consumer: string
  readonly began: number
  readonly ended: number
  readonly noAck: boolean
  readonly newCount: number
  readonly ids: readonly string[]
}

export const UNDO = script<UndoArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'began', 'ended', 'noAck', 'newCount', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local began = tonumber(ARGV[3])
local ended = tonumber(ARGV[4])
local no_ack = ARGV[5] == '1'
local new_count = tonumber(ARGV[6])
local ids_at = 7
local _, refusal = probe(key, group)
if refusal then return 0 end
local last = group_info(key, group)['last-delivered-id']
local undone = 0

local function state_of(id)
  local states, now = pending_now(key, group, id, id, 1)
  return states[1], now
end
local function is_untouched(id, deliveries)
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

local redelivered_at = ids_at + new_count
for i = ids_at, redelivered_at - 1 do
  local id = ARGV[i]
  if no_ack then
    if not state_of(id) then release(id) end
  elseif is_untouched(id, 1) then
    release(id)
  end
end

local owners = {}
if #ARGV >= redelivered_at then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do owners[named(flat).name] = true end
end
for i = redelivered_at, #ARGV, 4 do
  local id, owner, delivered_at, deliveries = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if is_untouched(id, tonumber(deliveries) + 1) then
    if not owners[owner] then release(id)
    elseif #redis.call('XRANGE', key, id, id) == 1 then
      -- For a deleted entry, XCLAIM would remove it from the pending list instead of changing its owner.
      redis.call('XCLAIM', key, group, owner, 0, id, 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
      undone = undone + 1
    end
  end
end
return undone`
)

export interface UpdateGroupArguments {
  readonly group: string
  readonly after?: string | undefined
  readonly entriesRead?: number | undefined
}

export const UPDATE_GROUP = script<UpdateGroupArguments>(
  { isReading: false, hasFields: false, order: ['group', 'after', 'entriesRead'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  IDS_LIBRARY,
  RETURNED_IDS_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2] ~= '' and ARGV[2] or nil
local entries_read = tonumber(ARGV[3])
local returned, refusal = probe(key, group)
if refusal then return refusal end
if not after and not entries_read then return 0 end
local position, returned_count = after, 0
if not after then
  position = group_info(key, group)['last-delivered-id']
  if #returned > 0 then returned_count = #returned_ids(key, group, position) end
elseif #returned > 0 then
  redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
end
local arguments = { 'XGROUP', 'SETID', key, group, position }
if entries_read then
  local count = math.min(entries_read + returned_count, stream_info(key)['entries-added'])
  arguments[6], arguments[7] = 'ENTRIESREAD', string.format('%.0f', count)
end
redis.call(unpack(arguments))
return 1`
)

/** The scripts that a new connection loads, so that requests only need to send their hashes. */

export const ALL_SCRIPTS: readonly Script<never>[] = [
  ACK,
  APPEND,
  AUTO_CLAIM,
  CHECK_STREAM,
  CLAIM,
  CONSUMERS,
  DELETE_CONSUMER,
  DELETE_ENTRIES,
  DELETE_GROUP,
  DELETE_STREAM,
  DESCRIBE,
  ENSURE_CONSUMER,
  ENSURE_GROUP,
  ENSURE_STREAM,
  GROUPS,
  LIST_PENDING,
  PENDING_SUMMARY,
  PROBE_GROUP,
  RANGE,
  READ_GROUP,
  READ_OWN,
  SET_STREAM_ID,
  STREAM_SUMMARY,
  STREAM,
  TRIM,
  UNDO,
  UPDATE_GROUP
]

