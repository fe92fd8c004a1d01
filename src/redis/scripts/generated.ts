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

const COMPANION_LIBRARY = `local STATE = KEYS[2]
local PREFIX = string.sub(STATE, 1, string.find(STATE, '\\1weir:', 1, true) - 1)
local function nacked_key(group) return STATE .. '\\1nacked\\1' .. group end
local function dead_key(group) return STATE .. '\\1dead\\1' .. group end
local function drop_companion(group)
  redis.call('HDEL', STATE, group, group .. '\\1')
  redis.call('UNLINK', nacked_key(group), dead_key(group))
end
local function load_companion(group)
  local policy = redis.call('HGET', STATE, group)
  if not policy then return nil end
  local c = { group = group, text = policy, policy = cjson.decode(policy), nacked = nacked_key(group),
    dead = dead_key(group) }
  local words = {}
  for word in string.gmatch(redis.call('HGET', STATE, group .. '\\1') or '0 new 0 - 0', '%S+') do
    words[#words + 1] = word
  end
  c.since, c.turn, c.check = tonumber(words[1]), words[2], tonumber(words[3])
  c.from, c.low = words[4], tonumber(words[5])
  c.letters = c.policy.deadLetterStream and PREFIX .. c.policy.deadLetterStream
  return c
end
local function save(c)
  local words = string.format('%.0f %s %.0f %s %.0f', c.since, c.turn, c.check, c.from, c.low)
  redis.call('HSET', STATE, c.group .. '\\1', words)
end
local function companion(key, group)
  local c = load_companion(group)
  if not c or redis.call('XGROUP', 'CREATECONSUMER', key, group, NOBODY) == 0 then return c end
  redis.call('XGROUP', 'DELCONSUMER', key, group, NOBODY)
  drop_companion(group)
end
local function companion_read(key, group)
  local c = load_companion(group)
  if not c then return nil end
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    local consumer = named(flat)
    if consumer.name == NOBODY then
      c.held = consumer.pending
      return c
    end
  end
end
local function ensure_companion(key, group)
  local c = companion(key, group)
  if c then return c end
  redis.call('HSET', STATE, group, '{}')
  redis.call('XGROUP', 'CREATECONSUMER', key, group, NOBODY)
  return load_companion(group)
end
local function drop_unused(key, c)
  if c.text ~= '{}' or redis.call('EXISTS', c.nacked, c.dead) > 0 then return end
  if #redis.call('XPENDING', key, c.group, '-', '+', 1, NOBODY) > 0 then return end
  drop_companion(c.group)
  redis.call('XGROUP', 'DELCONSUMER', key, c.group, NOBODY)
end`

const DEAD_LIBRARY = `local function find_dead(c, id)
  local at = padded(id)
  return redis.call('ZRANGE', c.dead, '[' .. at .. ':', '(' .. at .. ';', 'BYLEX', 'LIMIT', 0, 1)[1]
end
local function death_of(member)
  return unpadded(member), cjson.decode(string.sub(member, 43))
end
local function add_dead(c, id, death)
  redis.call('ZADD', c.dead, 0, padded(id) .. ':' .. cjson.encode(death))
end
local function ack_dead(c, id, consumer)
  local member = find_dead(c, id)
  if not member then return false end
  local _, death = death_of(member)
  return (not consumer or death.consumer == consumer) and redis.call('ZREM', c.dead, member) == 1
end`

const DEATHS_LIBRARY = `-- Lua limits a command to about 8000 arguments. An entry with more fields stays in its group.
local MAX_ARGUMENTS = 7900
-- A death trims the dead-letter stream by this many entries at most. The next ones continue.
local TRIM_ENTRIES = 1000
-- A script moves this many bytes to dead-letter streams. What exceeds it stays dead in its group.
local LETTER_BYTES = 16777216
local died, letter_bytes = 0, 0
local LETTER_NAMES = { [LETTER_STREAM] = true, [LETTER_GROUP] = true, [LETTER_ID] = true, [LETTER_DELIVERIES] = true,
  [LETTER_CONSUMER] = true, [LETTER_REASON] = true, [LETTER_DEAD_AT] = true }

-- The script itself may run while the memory is full, so that entries can be acked.
local function memory_is_full()
  local info = redis.call('INFO', 'memory')
  local used, max = string.match(info, 'used_memory:(%d+)'), string.match(info, 'maxmemory:(%d+)')
  if not used or not max or max == '0' then return false end
  return tonumber(used) > tonumber(max) and string.find(info, 'maxmemory_policy:noeviction', 1, true) ~= nil
end
local function why_blocked(c)
  if c.blocked ~= nil then return c.blocked end
  c.blocked = false
  if not c.letters then return false end
  local type = redis.call('TYPE', c.letters).ok
  if type ~= 'none' and type ~= 'stream' then c.blocked = 'dead-letter-conflict'
  elseif type == 'stream' and stream_info(c.letters)['last-generated-id'] == MAX_ID then c.blocked = 'dead-letter-ids'
  elseif memory_is_full() then c.blocked = 'storage-full' end
  return c.blocked
end

local function add_letter(key, c, fields, death, id)
  local letter = { 'XADD', c.letters, '*' }
  for i = 1, #fields, 2 do
    if not LETTER_NAMES[fields[i]] then letter[#letter + 1], letter[#letter + 2] = fields[i], fields[i + 1] end
  end
  local function add(name, value)
    if value then letter[#letter + 1], letter[#letter + 2] = name, value end
  end
  add(LETTER_STREAM, string.sub(key, #PREFIX + 1))
  add(LETTER_GROUP, c.group)
  add(LETTER_ID, id)
  add(LETTER_DELIVERIES, integer(death.deliveries))
  add(LETTER_CONSUMER, death.consumer)
  add(LETTER_REASON, death.reason)
  add(LETTER_DEAD_AT, integer(death.deadAt))
  for i = 4, #letter do letter_bytes = letter_bytes + #letter[i] end
  redis.call(unpack(letter))
  local length = c.policy.deadLetterMaxLength
  if length then trim_step(c.letters, 'MAXLEN', integer(length), true, TRIM_ENTRIES) end
end

local function bury(key, c, id, deliveries, consumer, reason)
  local entry = redis.call('XRANGE', key, id, id)[1]
  if entry then
    if why_blocked(c) then
      c.was_blocked = c.blocked
      return false
    end
    local death = { deliveries = deliveries, consumer = consumer, reason = reason, deadAt = now_ms() }
    if c.letters and #entry[2] <= MAX_ARGUMENTS and letter_bytes < LETTER_BYTES then
      add_letter(key, c, entry[2], death, id)
    else
      add_dead(c, id, death)
    end
    died = died + 1
  end
  redis.call('XACK', key, c.group, id)
  forget_free(c, id)
  return true
end
local function is_full_of_letters() return letter_bytes >= LETTER_BYTES end
local function deaths_of(c)
  return { died, c and c.was_blocked }
end`

const DUE_LIBRARY = `-- At most this many entries die in a script, or turn out not to be pending.
local MAX_STEPS = 1000
local function due_entries(key, c, limit)
  local found, steps, max = {}, 0, c.policy.maxDeliveries
  -- Returns whether the entry is gone, or has to wait until it can die.
  local function dies(id, deliveries, owner, reason)
    if not max or deliveries < max then return false end
    if steps < MAX_STEPS and not is_full_of_letters() then bury(key, c, id, deliveries, owner, reason) end
    steps = steps + 1
    return true
  end
  local offset = 0
  while #found < limit and steps < MAX_STEPS do
    local now = now_ms()
    local page = redis.call('ZRANGE', c.nacked, '-inf', integer(now), 'BYSCORE', 'LIMIT', offset, limit, 'WITHSCORES')
    local removed = 0
    for i = 1, #page, 2 do
      local id, due = unpadded(page[i]), tonumber(page[i + 1])
      local state = redis.call('XPENDING', key, c.group, id, id, 1, NOBODY)[1]
      if not state then
        removed, steps = removed + redis.call('ZREM', c.nacked, page[i]), steps + 1
      elseif not dies(id, state[4], nil, DIED_OF_LIMIT) then
        found[#found + 1] = { id = id, owner = NOBODY, deliveries = state[4], delivered_at = due, due = due,
          idle = now - due }
      elseif not redis.call('ZSCORE', c.nacked, page[i]) then
        removed = removed + 1
      end
    end
    if #page < 2 * limit then break end
    offset = offset + limit - removed
  end
  for _, entry in ipairs(lapsed_leases(key, c)) do
    if not dies(entry.id, entry.deliveries, entry.owner, DIED_OF_TIMEOUT) then found[#found + 1] = entry end
  end
  for index, entry in ipairs(found) do entry.index = index end
  table.sort(found, function(a, b)
    if a.due ~= b.due then return a.due < b.due end
    return a.index < b.index
  end)
  return found
end
local function take(key, c, consumer, entry)
  redis.call('XCLAIM', key, c.group, consumer, 0, entry.id, 'RETRYCOUNT', integer(entry.deliveries + 1), 'JUSTID')
  if entry.owner == NOBODY then forget_free(c, entry.id) end
end`

const HAS_COMPANION_LIBRARY = `local function has_companion(group)
  return redis.call('HGET', KEYS[2], group) ~= false
end`

const IDLE_ENTRIES_LIBRARY = `-- A scan examines at most this many pages of pending entries.
local PAGE_SIZE, MAX_PAGES = 1000, 10
local function idle_entries(key, group, min_idle, from)
  local found, next, oldest, start = {}, '-', -1, from
  for page_number = 1, MAX_PAGES do
    local page, now = pending_now(key, group, from, '+', PAGE_SIZE)
    for _, pending in ipairs(page) do
      if not is_reserved(pending[2]) and pending[3] >= min_idle then
        found[#found + 1] = { id = pending[1], owner = pending[2], idle = pending[3],
          deliveries = pending[4], delivered_at = now - pending[3], index = #found }
      elseif not is_reserved(pending[2]) then
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
end
local function padded(id)
  local ms, seq = split(id)
  return string.rep('0', 20 - #ms) .. ms .. '-' .. string.rep('0', 20 - #seq) .. seq
end
local function unpadded(text)
  local ms, seq = string.gsub(string.sub(text, 1, 20), '^0+', ''), string.gsub(string.sub(text, 22, 41), '^0+', '')
  return (ms == '' and '0' or ms) .. '-' .. (seq == '' and '0' or seq)
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

const LAPSED_LIBRARY = `local SCAN_PAGE, SCAN_PAGES, SCAN_PAUSE_MS, SCAN_VALID_MS = 1000, 5, 20, 1000
local function lapsed_leases(key, c)
  local found, timeout = {}, c.policy.ackTimeoutMs
  local now = now_ms()
  -- After the clock has gone back, \`c.check\` is too far away, and the policy seems to be set in the future.
  if not timeout or (now < c.check and c.check <= now + SCAN_VALID_MS) then return found end
  c.since = math.min(c.since, now)
  if c.from == '-' then c.low = now end
  for page_number = 1, SCAN_PAGES do
    local page, at = pending_now(key, c.group, c.from, '+', SCAN_PAGE)
    now = at
    for _, pending in ipairs(page) do
      local delivered_at = at - pending[3]
      local due = math.max(delivered_at, c.since) + timeout
      if is_reserved(pending[2]) then due = nil end
      if due and due <= at then
        found[#found + 1] = { id = pending[1], owner = pending[2], deliveries = pending[4],
          delivered_at = delivered_at, due = due, idle = pending[3] }
      elseif due then
        c.low = math.min(c.low, due - timeout)
      end
    end
    if #page < SCAN_PAGE then
      c.from = '-'
      break
    end
    c.from = '(' .. page[#page][1]
  end
  if #found > 0 then c.check = now
  elseif c.from == '-' then c.check = math.min(c.low + timeout, now + SCAN_VALID_MS)
  else c.check = now + SCAN_PAUSE_MS end
  return found
end`

const NACK_LIBRARY = `local function dies_by_nack(c, state, outcome)
  local max = c.policy.maxDeliveries
  return outcome == 'reject' or (outcome == 'retry' and max and state[4] >= max)
end
-- As \`retryDelayMs\` in \`semantics/delivery-policy.ts\`.
local function retry_delay(c, failures)
  local delays = c.policy.retryDelaysMs or {}
  local delay = delays[math.min(math.max(failures, 1), #delays)] or 0
  return math.floor(delay * (0.9 + 0.2 * math.random()) + 0.5)
end
local function nack(key, c, state, outcome, delay, reason)
  local id, owner, deliveries = state[1], state[2], state[4]
  if dies_by_nack(c, state, outcome) then
    bury(key, c, id, deliveries, owner ~= NOBODY and owner or nil, reason)
    return
  end
  local due = now_ms()
  if outcome == 'retry' then due = due + (delay or retry_delay(c, deliveries))
  elseif owner ~= NOBODY then deliveries = math.max(0, deliveries - 1) end
  set_free(key, c, id, deliveries, due)
end`

const NACKED_LIBRARY = `local function forget_free(c, id)
  redis.call('ZREM', c.nacked, padded(id))
end
local function set_free(key, c, id, deliveries, due)
  -- Redis replaces a time in the future by the current one. So an entry has never been due for longer than it is idle.
  local freed = redis.call('XCLAIM', key, c.group, NOBODY, 0, id, 'TIME', integer(due), 'RETRYCOUNT',
    integer(deliveries), 'JUSTID')
  if #freed == 0 then forget_free(c, id)
  else redis.call('ZADD', c.nacked, integer(due), padded(id)) end
end
local function due_of(c, id)
  return tonumber(redis.call('ZSCORE', c.nacked, padded(id)) or 0)
end
local function idle_of(c, id, now)
  local due = due_of(c, id)
  return due == 0 and 0 or math.max(0, now - due)
end`

const NEW_ENTRIES_LIBRARY = `local function NewEntries(key, group, consumer, no_ack, budget, returned)
  local entries, is_exhausted = {}, false
  local new = { entries = entries }
  local function take_returned(limit)
    local last = group_info(key, group)['last-delivered-id']
    local first, page_size = #entries, 1000
    while page_size == 1000 and #entries - first < limit and not budget.is_spent() do
      -- Every entry of the page leaves the list, except one that does not fit into the answer.
      local page = redis.call('XPENDING', key, group, '-', '+', 1000, RETURNED)
      page_size = #page
      for _, pending in ipairs(page) do
        if #entries - first == limit or budget.is_spent() then break end
        local id = pending[1]
        local entry = redis.call('XRANGE', key, id, id)[1]
        if not entry or before(last, id) then redis.call('XACK', key, group, id)
        elseif budget.add(entry[2]) then
          if no_ack then redis.call('XACK', key, group, id)
          else redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', 1, 'JUSTID') end
          entries[#entries + 1] = entry
        end
      end
    end
    if #redis.call('XPENDING', key, group, '-', '+', 1, RETURNED) == 0 then
      redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
      returned = {}
    end
  end
  local function read(wanted)
    local reply
    if no_ack then
      reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'NOACK', 'STREAMS', key, '>')
    else
      reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, '>')
    end
    return reply and reply[1][2] or {}
  end
  function new.take(limit, on_read)
    local first = #entries
    if #returned > 0 and limit > 0 then take_returned(limit) end
    while #entries - first < limit and not budget.is_spent() and not is_exhausted do
      local wanted = math.min(BATCH, limit - (#entries - first))
      local page = read(wanted)
      for _, entry in ipairs(page) do
        if on_read then on_read(entry[1]) end
        if budget.add(entry[2]) then entries[#entries + 1] = entry
        else
          -- The entry was read but does not fit. The next read delivers it first.
          redis.call('XCLAIM', key, group, RETURNED, 0, entry[1], 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
        end
      end
      is_exhausted = #page < wanted
    end
    return #entries - first
  end
  return new
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
    if not is_reserved(items[i][at]) then
      if #page == limit then return { page, 1 } end
      page[#page + 1] = items[i]
    end
  end
  return { page, 0 }
end`

const POLICY_LIBRARY = `local function set_policy(key, c, text)
  redis.call('HSET', STATE, c.group, text)
  c.text, c.policy = text, cjson.decode(text)
  c.since, c.check, c.from = now_ms(), 0, '-'
  save(c)
  drop_unused(key, c)
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

const RESERVED_LIBRARY = `local function is_reserved(consumer)
  return consumer == RETURNED or consumer == NOBODY
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

const ROOM_LIBRARY = `local function room_for_new(key, c, consumer)
  local max, max_own = c and c.policy.maxPending, c and c.policy.maxPendingPerConsumer
  if not max and not max_own then return math.huge end
  local held, own = 0, 0
  for _, each in ipairs(redis.call('XPENDING', key, c.group)[4] or {}) do
    local count = tonumber(each[2])
    if not is_reserved(each[1]) then held = held + count end
    if each[1] == consumer then own = count end
  end
  return math.max(0, math.min((max or math.huge) - held, (max_own or math.huge) - own))
end`

const SETTLE_LIBRARY = `local function operations_from(at)
  local operations = {}
  while at <= #ARGV do
    local operation = { kind = ARGV[at] }
    if operation.kind == 'nack' then
      operation.outcome, operation.delay = ARGV[at + 1], tonumber(ARGV[at + 2])
      operation.reason, operation.seed = ARGV[at + 3] ~= '' and ARGV[at + 3] or nil, tonumber(ARGV[at + 4])
      at = at + 4
    end
    operation.first, operation.last = at + 2, at + 1 + ARGV[at + 1]
    operations[#operations + 1] = operation
    at = operation.last + 1
  end
  return operations
end
local function settle(key, group, c, consumer, at)
  local operations, ids = operations_from(at), {}
  local function state_of(id)
    local state = redis.call('XPENDING', key, group, id, id, 1)[1]
    if not state or state[2] == RETURNED or (consumer and state[2] ~= consumer) then return nil end
    return state
  end
  -- A script cannot roll back, so everything that may refuse it comes before its first change.
  for _, operation in ipairs(operations) do
    for i = operation.first, operation.kind == 'nack' and operation.last or 0 do
      local state = state_of(ARGV[i])
      if state then
        c = c or ensure_companion(key, group)
        if dies_by_nack(c, state, operation.outcome) and why_blocked(c) then return refuse(c.blocked) end
      end
    end
  end
  local acked, nacked, not_pending = 0, 0, {}
  for _, operation in ipairs(operations) do
    local kind = operation.kind
    if kind == 'nack' then math.randomseed(operation.seed) end
    for i = operation.first, operation.last do
      local id = ARGV[i]
      local state = kind ~= 'skip' and not ids[id] and state_of(id)
      if state or kind == 'skip' then ids[id] = true end
      if kind == 'ack' and state then
        redis.call('XACK', key, group, id)
        if c and state[2] == NOBODY then forget_free(c, id) end
        acked = acked + 1
      elseif kind == 'nack' and state then
        nack(key, c, state, operation.outcome, operation.delay, operation.reason)
        nacked = nacked + 1
      elseif kind == 'ack' and c and ack_dead(c, id, consumer) then
        acked = acked + 1
      elseif kind ~= 'skip' then
        not_pending[#not_pending + 1] = id
      end
    end
  end
  return nil, { acked, nacked, not_pending }, ids, c
end`

const TRIM_STEP_LIBRARY = `local function trim_step(key, strategy, threshold, exact, max_removed)
  local removed = redis.call('XTRIM', key, strategy, '~', threshold, 'LIMIT', string.format('%.0f', max_removed))
  if removed * 2 >= max_removed then return removed, true end
  if exact then removed = removed + redis.call('XTRIM', key, strategy, '=', threshold) end
  return removed, false
end`

export interface AckQueueArguments {
  readonly group: string
  readonly consumer?: string | undefined
  readonly ids: readonly string[]
}

export const ACK_QUEUE = script<AckQueueArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  IDS_LIBRARY,
  DEAD_LIBRARY,
  CLOCK_LIBRARY,
  NACKED_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2] ~= '' and ARGV[2] or nil
local ids_at = 3
local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local has_nacked = c and redis.call('EXISTS', c.nacked) == 1
local acked, not_pending = 0, {}
for i = ids_at, #ARGV do
  local id, may_ack = ARGV[i], true
  if consumer then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, consumer) == 1
  elseif #returned > 0 then
    may_ack = #redis.call('XPENDING', key, group, id, id, 1, RETURNED) == 0
  end
  if may_ack and redis.call('XACK', key, group, id) == 1 then
    acked = acked + 1
    if has_nacked then forget_free(c, id) end
  elseif c and ack_dead(c, id, consumer) then
    acked = acked + 1
  else
    not_pending[#not_pending + 1] = id
  end
end
return { acked, not_pending, c and (c.policy.maxPending or c.policy.maxPendingPerConsumer) and 1 or false, c and 1 }`
)

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
  HAS_COMPANION_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2] ~= '' and ARGV[2] or nil
local ids_at = 3
local returned, refusal = probe(key, group)
if refusal then return refusal end
if has_companion(group) then return {} end
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
  readonly maxDeliveries?: number | undefined
  readonly budgetBytes: number
}

export const AUTO_CLAIM = script<AutoClaimArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'minIdle', 'from', 'count', 'justIds', 'maxDeliveries', 'budgetBytes'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'
local LETTER_DELIVERIES = 'weir.deliveries'
local LETTER_CONSUMER = 'weir.consumer'
local LETTER_REASON = 'weir.reason'
local LETTER_DEAD_AT = 'weir.deadAt'
local DIED_OF_CLAIM = 'Claimed after its last delivery'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  CLOCK_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  DEAD_LIBRARY,
  TRIM_STEP_LIBRARY,
  NACKED_LIBRARY,
  DEATHS_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local min_idle = tonumber(ARGV[3])
local from = ARGV[4]
local count = tonumber(ARGV[5])
local just_ids = ARGV[6] == '1'
local max_deliveries = tonumber(ARGV[7])
local budget_bytes = tonumber(ARGV[8])
local _, refusal = probe(key, group)
if refusal then return refusal end
local budget = Budget(budget_bytes)
redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
redis.call('XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID')
local entries, deleted, examined, next = {}, {}, 0, '0-0'

local c = companion(key, group)
local max = c and not just_ids and c.policy.maxDeliveries or math.huge

local function is_too_young(id, state)
  if state[2] ~= NOBODY then return state[3] < min_idle end
  local now = now_ms()
  return c and (due_of(c, id) > now or idle_of(c, id, now) < min_idle)
end
-- Returns false if the entry does not fit into the answer.
local function claim(id, state)
  local entry = redis.call('XRANGE', key, id, id)[1]
  if not entry then
    redis.call('XACK', key, group, id)
    deleted[#deleted + 1] = id
  elseif state[4] >= (max_deliveries or math.huge) or is_too_young(id, state) then
    return true
  elseif state[4] >= max then
    bury(key, c, id, state[4], state[2] ~= NOBODY and state[2] or nil, DIED_OF_CLAIM)
  else
    if not just_ids and not budget.add(entry[2]) then return false end
    local deliveries = string.format('%.0f', state[4] + (just_ids and 0 or 1))
    redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', deliveries, 'JUSTID')
    if c and state[2] == NOBODY then forget_free(c, id) end
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
return { next, entries, deleted, deaths_of(c) }`
)

export interface CheckStreamArguments {
  readonly groups: readonly string[]
}

export const CHECK_STREAM = script<CheckStreamArguments>(
  { isReading: true, hasFields: false, order: ['groups'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  RESERVED_LIBRARY,
  IDLE_ENTRIES_LIBRARY,
  COMPANION_LIBRARY,
  LAPSED_LIBRARY,
  `local key = KEYS[1]
local groups_at = 1
if not is_stream(key) then return { false, {} } end
local info = stream_info(key)
local function due_in(group)
  local c = companion_read(key, group)
  if not c then return -1, -1 end
  local timeout, now = c.policy.ackTimeoutMs, now_ms()
  local first = redis.call('ZRANGE', c.nacked, '-inf', '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')[2]
  local due = first and tonumber(first) or math.huge
  if timeout then
    if #lapsed_leases(key, c) > 0 then due = now end
    due = math.min(due, c.check)
  end
  return due == math.huge and -1 or math.max(0, due - now), timeout or -1
end
local results = {}
for i = groups_at, #ARGV, 3 do
  local group, min_idle, from = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local returned = probe(key, group)
  if not returned then
    results[#results + 1] = { 'gone', -1, '-', '1', -1, -1 }
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
    local due, timeout = due_in(group)
    results[#results + 1] = { has_new and 'new' or 'none', idle, from, oldest and '1' or '0', due, timeout }
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
  readonly onlyFrom?: string | undefined
  readonly budgetBytes: number
  readonly ids: readonly string[]
}

export const CLAIM = script<ClaimArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'minIdle', 'force', 'justIds', 'deliveries', 'lastId', 'idle', 'deliveredAt', 'onlyFrom', 'budgetBytes', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'
local LETTER_DELIVERIES = 'weir.deliveries'
local LETTER_CONSUMER = 'weir.consumer'
local LETTER_REASON = 'weir.reason'
local LETTER_DEAD_AT = 'weir.deadAt'
local DIED_OF_CLAIM = 'Claimed after its last delivery'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  COMPANION_LIBRARY,
  DEAD_LIBRARY,
  TRIM_STEP_LIBRARY,
  NACKED_LIBRARY,
  DEATHS_LIBRARY,
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
local only_from = ARGV[10] ~= '' and ARGV[10] or nil
local budget_bytes = tonumber(ARGV[11])
local ids_at = 12
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
local c = companion(key, group)
if c and #options > 0 then
  -- A lease may have ended already.
  c.check, c.from = 0, '-'
  save(c)
end
local entries, deleted, budget = {}, {}, Budget(budget_bytes)
local max = c and not just_ids and c.policy.maxDeliveries or math.huge

local function is_too_young(id, state)
  if state[2] ~= NOBODY then return state[3] < min_idle end
  local now = now_ms()
  return c and (due_of(c, id) > now or idle_of(c, id, now) < min_idle)
end
-- Returns false if the entry does not fit into the answer.
local function claim(id)
  local state = redis.call('XPENDING', key, group, id, id, 1)[1]
  if state and state[2] == RETURNED then state = nil end
  if only_from and not (state and state[2] == only_from) then return true end
  if not state and (not force or (c and find_dead(c, id))) then return true end
  local entry = redis.call('XRANGE', key, id, id)[1]
  if state and not entry then deleted[#deleted + 1] = id end
  if state and entry and is_too_young(id, state) then return true end
  if state and entry and state[4] >= max then
    bury(key, c, id, state[4], state[2] ~= NOBODY and state[2] or nil, DIED_OF_CLAIM)
    return true
  end
  if entry and not just_ids and not budget.add(entry[2]) then return false end
  local count = deliveries or string.format('%.0f', (state and state[4] or 1) + (just_ids and 0 or 1))
  local arguments = { 'XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', count, 'JUSTID' }
  for _, option in ipairs(options) do arguments[#arguments + 1] = option end
  if #redis.call(unpack(arguments)) > 0 then
    entries[#entries + 1] = { id, just_ids and {} or entry[2], count }
  end
  if c and state and state[2] == NOBODY then forget_free(c, id) end
  return true
end

for i = ids_at, #ARGV do
  if budget.is_spent() or not claim(ARGV[i]) then break end
end
return { entries, deleted, deaths_of(c) }`
)

export type CompanionsArguments = object

export const COMPANIONS = script<CompanionsArguments>(
  { isReading: false, hasFields: false, order: [] },
  `#!lua flags=allow-oom
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  `local key = KEYS[1]
local groups = {}
local exists = is_stream(key)
for _, field in ipairs(redis.call('HKEYS', STATE)) do
  if string.sub(field, -1) == '\\1' then
    -- The group has another field, unless somebody else wrote this one.
    if not redis.call('HGET', STATE, string.sub(field, 1, -2)) then redis.call('HDEL', STATE, field) end
  elseif exists then groups[#groups + 1] = field
  else drop_companion(field) end
end
return groups`
)

export interface ConsumersArguments {
  readonly group: string
  readonly after: string
  readonly limit: number
}

export const CONSUMERS = script<ConsumersArguments>(
  { isReading: true, hasFields: false, order: ['group', 'after', 'limit'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  RESERVED_LIBRARY,
  PAGE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local limit = tonumber(ARGV[3])
local _, refusal = probe(key, group)
if refusal then return refusal end
return page_after(redis.call('XINFO', 'CONSUMERS', key, group), 2, after, limit)`
)

export type DeadLetterStreamsArguments = object

export const DEAD_LETTER_STREAMS = script<DeadLetterStreamsArguments>(
  { isReading: true, hasFields: false, order: [] },
  `#!lua flags=no-writes,allow-oom
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  `local key = KEYS[1]
local streams = {}
if not is_stream(key) then return streams end
for _, field in ipairs(redis.call('HKEYS', STATE)) do
  local c = string.sub(field, -1) ~= '\\1' and companion_read(key, field)
  if c and c.policy.deadLetterStream then streams[#streams + 1] = c.policy.deadLetterStream end
end
return streams`
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
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local drop_pending = ARGV[2] == '1'
local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
if not drop_pending then
  local pending = group_info(key, group).pending + (c and redis.call('ZCARD', c.dead) or 0)
  if #returned > 0 and pending > 0 then
    for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
      local consumer = named(flat)
      if consumer.name == RETURNED then pending = pending - consumer.pending end
    end
  end
  if pending > 0 then return refuse('group-has-pending', pending) end
end
if c then drop_companion(group) end
return redis.call('XGROUP', 'DESTROY', key, group)`
)

export type DeleteStreamArguments = object

export const DELETE_STREAM = script<DeleteStreamArguments>(
  { isReading: false, hasFields: false, order: [] },
  `#!lua flags=allow-oom
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  `local key = KEYS[1]
if not is_stream(key) then return refuse('stream-not-found') end
for _, field in ipairs(redis.call('HKEYS', STATE)) do
  if string.sub(field, -1) ~= '\\1' then drop_companion(field) end
end
redis.call('UNLINK', key, STATE)
return 1`
)

export interface DescribeArguments {
  readonly limit: number
  readonly maxItems: number
  readonly maxBytes: number
}

export const DESCRIBE = script<DescribeArguments>(
  { isReading: true, hasFields: true, order: ['limit', 'maxItems', 'maxBytes'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  RETURNED_IDS_LIBRARY,
  COMPANION_LIBRARY,
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
    if consumer.name ~= RETURNED and consumer.name ~= NOBODY then
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
  if companion_read(key, group.name) then consumers = consumers - 1 end
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
  readonly policy?: string | undefined
}

export const ENSURE_GROUP = script<EnsureGroupArguments>(
  { isReading: false, hasFields: false, order: ['group', 'after', 'entriesRead', 'createStream', 'policy'] },
  `#!lua
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  CLOCK_LIBRARY,
  POLICY_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local entries_read = tonumber(ARGV[3])
local create_stream = ARGV[4] == '1'
local policy = ARGV[5] ~= '' and ARGV[5] or nil
local missing = refuse_unless_stream(key)
if missing and (not create_stream or redis.call('EXISTS', key) == 1) then return missing end
if not missing and probe(key, group) then return 0 end
local arguments = { 'XGROUP', 'CREATE', key, group, after, 'MKSTREAM' }
if entries_read then
  local added = missing and 0 or stream_info(key)['entries-added']
  arguments[7], arguments[8] = 'ENTRIESREAD', string.format('%.0f', math.min(entries_read, added))
end
redis.call(unpack(arguments))
-- What is left of a group of this name that a native client deleted.
if redis.call('HGET', STATE, group) then drop_companion(group) end
if policy then set_policy(key, ensure_companion(key, group), policy) end
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

export interface ExtendArguments {
  readonly group: string
  readonly consumer: string
  readonly limit: number
  readonly maxExamined: number
  readonly latelyMs: number
  readonly hasIds: boolean
  readonly ids: readonly string[]
}

export const EXTEND = script<ExtendArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'limit', 'maxExamined', 'latelyMs', 'hasIds', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  CLOCK_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local limit = tonumber(ARGV[3])
local max_examined = tonumber(ARGV[4])
local lately_ms = tonumber(ARGV[5])
local has_ids = ARGV[6] == '1'
local ids_at = 7
local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local timeout = c and c.policy.ackTimeoutMs
local states, not_pending, seen, is_cut = {}, {}, {}, false
if has_ids then
  for i = ids_at, #ARGV do
    local state = redis.call('XPENDING', key, group, ARGV[i], ARGV[i], 1, consumer)[1]
    if state then states[#states + 1] = state else not_pending[#not_pending + 1] = ARGV[i] end
  end
end
local function own_entries()
  local own, from = {}, '-'
  repeat
    local page = redis.call('XPENDING', key, group, from, '+', 1000, consumer)
    for _, state in ipairs(page) do own[#own + 1] = state end
    if #page > 0 then from = '(' .. page[#page][1] end
    is_cut = #page == 1000
  until #page < 1000 or #own >= max_examined
  return own
end
local own = not has_ids and own_entries() or {}
for index, state in ipairs(own) do state[5] = index end
table.sort(own, function(a, b)
  if a[3] ~= b[3] then return a[3] > b[3] end
  return a[5] < b[5]
end)
for i = 1, math.min(limit, #own) do states[i] = own[i] end

local exists = #states > 0
if not exists then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    if named(flat).name == consumer then exists = true end
  end
end
-- Updates when the consumer was last seen.
if exists then redis.call('XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID') end
for _, state in ipairs(states) do
  seen[state[1]] = true
  -- XCLAIM would remove an orphan from the pending list.
  if #redis.call('XRANGE', key, state[1], state[1]) == 1 then
    redis.call('XCLAIM', key, group, consumer, 0, state[1], 'RETRYCOUNT', integer(state[4]), 'JUSTID')
  end
end
local lately, now, more = math.min(lately_ms, (timeout or math.huge) / 2), now_ms(), is_cut
for _, state in ipairs(own) do
  local age = math.min(state[3], c and now - c.since or math.huge)
  if not seen[state[1]] and age > lately then more = true end
end
return { #states, not_pending, timeout or false, more and 1 or false }`
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
local NOBODY = '\\001weir:nobody'
local ENTRY_BYTES = 128`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  IDS_LIBRARY,
  RESERVED_LIBRARY,
  PAGE_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  RETURNED_IDS_LIBRARY,
  CLOCK_LIBRARY,
  COMPANION_LIBRARY,
  NACKED_LIBRARY,
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
local function oldest_idle(group, c)
  if group.pending == 0 or group.pending > scans_left then return false end
  scans_left = scans_left - group.pending
  local oldest = -1
  for _, pending in ipairs(redis.call('XPENDING', key, group.name, '-', '+', group.pending)) do
    local id, owner, idle = pending[1], pending[2], pending[3]
    if c and owner == NOBODY then idle = idle_of(c, id, now_ms()) end
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
    local c, delayed, dead = companion_read(key, group.name), 0, 0
    if c then
      consumers, dead = consumers - 1, redis.call('ZCARD', c.dead)
      delayed = math.min(c.held, redis.call('ZCOUNT', c.nacked, '(' .. integer(now_ms()), '+inf'))
    end
    groups[#groups + 1] = { group.name, consumers, pending, group['last-delivered-id'],
      group['entries-read'], returned, oldest_idle(group, c), entries_after(group),
      delayed, dead, c and c.text ~= '{}' and c.text }
  end
end
if group_name and #groups == 0 then return refuse('group-not-found') end
return { stream.length, first and first[1] or '0-0', stream['last-generated-id'],
  stream['max-deleted-entry-id'], stream['entries-added'], groups, more }`
)

export interface ListDeadArguments {
  readonly group: string
  readonly after: string
  readonly limit: number
  readonly budgetBytes: number
}

export const LIST_DEAD = script<ListDeadArguments>(
  { isReading: true, hasFields: true, order: ['group', 'after', 'limit', 'budgetBytes'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  IDS_LIBRARY,
  DEAD_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local limit = tonumber(ARGV[3])
local budget_bytes = tonumber(ARGV[4])
local _, refusal = probe(key, group)
if refusal then return refusal end
local c, budget, found = companion_read(key, group), Budget(budget_bytes), {}
if not c then return { found, false } end
local from = after == '' and '-' or '(' .. padded(after) .. ';'
while true do
  local page = redis.call('ZRANGE', c.dead, from, '+', 'BYLEX', 'LIMIT', 0, BATCH)
  for _, member in ipairs(page) do
    if #found == limit then return { found, 1 } end
    local id, death = death_of(member)
    local entry = redis.call('XRANGE', key, id, id)[1]
    if not budget.add(entry and entry[2] or {}) then return { found, 1 } end
    found[#found + 1] = { id, entry and entry[2] or false, death.deliveries, death.consumer or false,
      death.reason or false, string.format('%.0f', death.deadAt) }
  end
  if #page < BATCH then return { found, false } end
  from = '(' .. page[#page]
end`
)

export interface ListPendingArguments {
  readonly group: string
  readonly minIdle: number
  readonly from: string
  readonly to: string
  readonly limit: number
  readonly consumer?: string | undefined
}

export const LIST_PENDING = script<ListPendingArguments>(
  { isReading: true, hasFields: false, order: ['group', 'minIdle', 'from', 'to', 'limit', 'consumer'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  CLOCK_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  NACKED_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local min_idle = tonumber(ARGV[2])
local from = ARGV[3]
local to = ARGV[4]
local limit = tonumber(ARGV[5])
local consumer = ARGV[6] ~= '' and ARGV[6] or nil
local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion_read(key, group)
local function page_from(start, count)
  local arguments = { 'XPENDING', key, group, 'IDLE', integer(min_idle), start, to, count }
  if consumer then arguments[#arguments + 1] = consumer end
  if c then return call_now(unpack(arguments)) end
  return redis.call(unpack(arguments))
end
local function states_of(page, now)
  if not c then return page end
  local timeout, states = c.policy.ackTimeoutMs, {}
  for _, pending in ipairs(page) do
    local id, owner, idle = pending[1], pending[2], pending[3]
    local due = timeout and math.max(now - idle, c.since) + timeout
    if owner == NOBODY then owner, due, idle = false, due_of(c, id), idle_of(c, id, now) end
    local state = due and due <= now and 'due' or owner and 'leased' or 'delayed'
    if idle >= min_idle then
      states[#states + 1] = { id, owner, idle, pending[4], state, state ~= 'due' and due and due - now or false }
    end
  end
  return states
end
if not c and (#returned == 0 or consumer) then return page_from(from, limit) end
local found = {}
while #found < limit do
  local wanted = limit - #found
  local page, now = page_from(from, wanted)
  for _, pending in ipairs(states_of(page, now)) do
    if pending[2] ~= RETURNED then found[#found + 1] = pending end
  end
  if #page < wanted or page[#page][1] == MAX_ID then break end
  from = '(' .. page[#page][1]
end
return found`
)

export interface NackArguments {
  readonly group: string
  readonly consumer?: string | undefined
  readonly settlement: readonly string[]
}

export const NACK = script<NackArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'settlement'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'
local LETTER_DELIVERIES = 'weir.deliveries'
local LETTER_CONSUMER = 'weir.consumer'
local LETTER_REASON = 'weir.reason'
local LETTER_DEAD_AT = 'weir.deadAt'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  CLOCK_LIBRARY,
  IDS_LIBRARY,
  DEAD_LIBRARY,
  TRIM_STEP_LIBRARY,
  NACKED_LIBRARY,
  DEATHS_LIBRARY,
  NACK_LIBRARY,
  SETTLE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2] ~= '' and ARGV[2] or nil
local settlement_at = 3
local _, refusal = probe(key, group)
if refusal then return refusal end
local refused, settled, _, c = settle(key, group, companion(key, group), consumer, settlement_at)
if refused then return refused end
return { settled, deaths_of(c) }`
)

export interface PendingSummaryArguments {
  readonly group: string
  readonly after: string
  readonly limit: number
}

export const PENDING_SUMMARY = script<PendingSummaryArguments>(
  { isReading: true, hasFields: false, order: ['group', 'after', 'limit'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  RESERVED_LIBRARY,
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
  readonly isClaiming: boolean
}

export const PROBE_GROUP = script<ProbeGroupArguments>(
  { isReading: true, hasFields: false, order: ['group', 'isClaiming'] },
  `#!lua flags=no-writes,allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local is_claiming = ARGV[2] == '1'
local _, refusal = probe(key, group)
if refusal then return refusal end
local c = is_claiming and companion_read(key, group)
if c and c.policy.ackTimeoutMs then return refuse('claim-in-timed-group') end
return 1`
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
  readonly maxDeliveries?: number | undefined
  readonly isQuiet: boolean
  readonly budgetBytes: number
  readonly isStrict: boolean
  readonly scanFrom: string
}

export const READ_GROUP = script<ReadGroupArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'count', 'noAck', 'minIdle', 'maxDeliveries', 'isQuiet', 'budgetBytes', 'isStrict', 'scanFrom'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  RESERVED_LIBRARY,
  IDLE_ENTRIES_LIBRARY,
  HAS_COMPANION_LIBRARY,
  NEW_ENTRIES_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local count = tonumber(ARGV[3])
local no_ack = ARGV[4] == '1'
local min_idle = tonumber(ARGV[5])
local max_deliveries = tonumber(ARGV[6])
local is_quiet = ARGV[7] == '1'
local budget_bytes = tonumber(ARGV[8])
local is_strict = ARGV[9] == '1'
local scan_from = ARGV[10]
local budget = Budget(budget_bytes, is_strict)
local returned, refusal = probe(key, group)
if refusal then return refusal end
if has_companion(group) then return {} end
local began = now_ms()
local claimed = {}
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
    local is_spent = max_deliveries and pending.deliveries >= max_deliveries
    local entry = not is_spent and redis.call('XRANGE', key, pending.id, pending.id)[1]
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

local new = NewEntries(key, group, consumer, no_ack, budget, returned)
new.take(count - #claimed)
local last_id = false
if #new.entries + #claimed == 0 then
  -- Before Redis 7.2, a read that finds nothing does not create its consumer.
  redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
  last_id = stream_info(key)['last-generated-id']
end
local is_cut = budget.is_spent() and #new.entries + #claimed < count
return { integer(began), integer(now_ms()), new.entries, claimed, scan_from, last_id, oldest, is_cut and 1 }`
)

export interface ReadOwnArguments {
  readonly group: string
  readonly consumer: string
  readonly count: number
  readonly after: string
  readonly isClaiming: boolean
  readonly budgetBytes: number
  readonly isStrict: boolean
  readonly settlement: readonly string[]
}

export const READ_OWN = script<ReadOwnArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'count', 'after', 'isClaiming', 'budgetBytes', 'isStrict', 'settlement'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'
local LETTER_DELIVERIES = 'weir.deliveries'
local LETTER_CONSUMER = 'weir.consumer'
local LETTER_REASON = 'weir.reason'
local LETTER_DEAD_AT = 'weir.deadAt'
local DIED_OF_REREAD = 'Read again after its last delivery'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  DEAD_LIBRARY,
  TRIM_STEP_LIBRARY,
  NACKED_LIBRARY,
  DEATHS_LIBRARY,
  NACK_LIBRARY,
  SETTLE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local count = tonumber(ARGV[3])
local after = ARGV[4]
local is_claiming = ARGV[5] == '1'
local budget_bytes = tonumber(ARGV[6])
local is_strict = ARGV[7] == '1'
local settlement_at = 8
-- At most this many entries die in one read.
local MAX_DEATHS = 1000
local budget = Budget(budget_bytes, is_strict)
local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
if c and is_claiming and c.policy.ackTimeoutMs then return refuse('claim-in-timed-group') end
local settled = false
if #ARGV >= settlement_at then
  local is_settling = ARGV[settlement_at] ~= 'skip'
  refusal, settled, _, c = settle(key, group, c, consumer, settlement_at)
  if refusal then return refusal end
  settled = is_settling and settled
end
local began = now_ms()
local entries, previous, deaths = {}, {}, 0
local max = c and c.policy.maxDeliveries

-- Returns how many entries of a page died.
local function bury_spent(page)
  local dead = 0
  for _, state in ipairs(page) do
    if max and state[4] >= max and #redis.call('XRANGE', key, state[1], state[1]) == 1 then
      if bury(key, c, state[1], state[4], consumer, DIED_OF_REREAD) then dead = dead + 1 end
    end
  end
  deaths = deaths + dead
  return dead
end

while #entries < count and not budget.is_spent() and after ~= MAX_ID do
  local wanted = math.min(BATCH, count - #entries)
  local states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer)
  if not max or bury_spent(states) == 0 or deaths >= MAX_DEATHS then
    local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, after)
    local page = reply and reply[1][2] or {}
    if deaths >= MAX_DEATHS then states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer) end
    for i, entry in ipairs(page) do
      local delivered_at, deliveries = integer(now - states[i][3]), integer(states[i][4])
      if budget.add(entry[2] or {}) then
        entries[#entries + 1] = entry
        previous[#previous + 1] = { delivered_at, deliveries }
      elseif entry[2] then
        -- The entry was read but does not fit: restores its state.
        redis.call('XCLAIM', key, group, consumer, 0, entry[1], 'TIME', delivered_at, 'RETRYCOUNT', deliveries,
          'JUSTID')
      end
    end
    if #page < wanted then break end
    after = page[#page][1]
  end
end
if #entries == 0 then redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer) end
local is_cut = budget.is_spent() and #entries < count
return { integer(began), integer(now_ms()), entries, previous, is_cut and 1, c and c.policy.ackTimeoutMs or false,
  settled, deaths_of(c), c and (c.policy.maxPending or c.policy.maxPendingPerConsumer) and 1 or false }`
)

export interface ReadQueueArguments {
  readonly group: string
  readonly consumer: string
  readonly count: number
  readonly noAck: boolean
  readonly isClaiming: boolean
  readonly minIdle?: number | undefined
  readonly maxDeliveries?: number | undefined
  readonly isQuiet: boolean
  readonly budgetBytes: number
  readonly isStrict: boolean
  readonly scanFrom: string
  readonly settlement: readonly string[]
}

export const READ_QUEUE = script<ReadQueueArguments>(
  { isReading: false, hasFields: true, order: ['group', 'consumer', 'count', 'noAck', 'isClaiming', 'minIdle', 'maxDeliveries', 'isQuiet', 'budgetBytes', 'isStrict', 'scanFrom', 'settlement'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local ENTRY_BYTES = 128
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'
local LETTER_DELIVERIES = 'weir.deliveries'
local LETTER_CONSUMER = 'weir.consumer'
local LETTER_REASON = 'weir.reason'
local LETTER_DEAD_AT = 'weir.deadAt'
local DIED_OF_TIMEOUT = 'Not acked in time'
local DIED_OF_LIMIT = 'Delivered too often for a new delivery policy'
local DIED_OF_CLAIM = 'Claimed after its last delivery'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  ANSWER_BUDGET_LIBRARY,
  RESERVED_LIBRARY,
  IDLE_ENTRIES_LIBRARY,
  COMPANION_LIBRARY,
  DEAD_LIBRARY,
  TRIM_STEP_LIBRARY,
  NACKED_LIBRARY,
  DEATHS_LIBRARY,
  LAPSED_LIBRARY,
  DUE_LIBRARY,
  ROOM_LIBRARY,
  NACK_LIBRARY,
  SETTLE_LIBRARY,
  NEW_ENTRIES_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local count = tonumber(ARGV[3])
local no_ack = ARGV[4] == '1'
local is_claiming = ARGV[5] == '1'
local min_idle = tonumber(ARGV[6])
local max_deliveries = tonumber(ARGV[7])
local is_quiet = ARGV[8] == '1'
local budget_bytes = tonumber(ARGV[9])
local is_strict = ARGV[10] == '1'
local scan_from = ARGV[11]
local settlement_at = 12
local budget = Budget(budget_bytes, is_strict)
local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local state_before = c and c.turn .. c.check .. c.from
if c and is_claiming and c.policy.ackTimeoutMs then return refuse('claim-in-timed-group') end
local settled, skipped = false, {}
local function settle_now()
  local refused
  refused, settled, skipped, c = settle(key, group, c, consumer, settlement_at)
  if settled and ARGV[settlement_at] == 'skip' then settled = false end
  return refused
end
local has_settlement = #ARGV >= settlement_at
if has_settlement and (not is_quiet or ARGV[settlement_at] == 'skip') then
  refusal = settle_now()
  if refusal then return refusal end
  has_settlement = false
end

local began = now_ms()
local claimed = {}
local selected, oldest = {}, false
if min_idle then
  local found
  found, scan_from, oldest = idle_entries(key, group, min_idle, scan_from)
  local max = c and c.policy.maxDeliveries or math.huge
  for _, pending in ipairs(found) do
    if #selected == count then
      -- The next reader can claim the rest at once.
      oldest = false
      break
    end
    if pending.deliveries >= math.min(max_deliveries or math.huge, max) then
      if pending.deliveries >= max then bury(key, c, pending.id, pending.deliveries, pending.owner, DIED_OF_CLAIM) end
    else
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
end
local room = 0
local function limits()
  if not c or not (c.policy.maxPending or c.policy.maxPendingPerConsumer) then return false end
  return room == 0 and c.policy.maxPendingPerConsumer and 2 or 1
end
local due = c and due_entries(key, c, count) or {}
room = no_ack and math.huge or room_for_new(key, c, consumer)

if is_quiet and #selected == 0 and #due == 0 and (#returned == 0 or room == 0) then
  local last = group_info(key, group)['last-delivered-id']
  if room == 0 or last == MAX_ID or #redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', 1) == 0 then
    if c and state_before ~= c.turn .. c.check .. c.from then save(c) end
    return { '0', '0', {}, {}, scan_from, stream_info(key)['last-generated-id'], oldest, false, false, settled,
      deaths_of(c), limits(), c and 1 }
  end
end
if has_settlement then
  refusal = settle_now()
  if refusal then return refusal end
  room = no_ack and math.huge or room_for_new(key, c, consumer)
end

for _, pending in ipairs(selected) do
  redis.call('XCLAIM', key, group, consumer, 0, pending.id, 'RETRYCOUNT', integer(pending.deliveries + 1), 'JUSTID')
  claimed[#claimed + 1] = { pending.entry, pending.owner, integer(pending.delivered_at),
    integer(pending.deliveries), pending.idle }
end

local next_due = 1
local function give_due(limit)
  local first = #claimed
  while #claimed - first < limit and due[next_due] and not budget.is_spent() do
    local pending = due[next_due]
    local entry = not skipped[pending.id] and redis.call('XRANGE', key, pending.id, pending.id)[1]
    if entry then
      if not budget.add(entry[2]) then break end
      take(key, c, consumer, pending)
      claimed[#claimed + 1] = { entry, pending.owner, integer(pending.delivered_at), integer(pending.deliveries),
        pending.idle }
    elseif not skipped[pending.id] then
      redis.call('XACK', key, group, pending.id)
      forget_free(c, pending.id)
    end
    next_due = next_due + 1
  end
  return #claimed - first
end

-- A group that was moved back reads dead entries anew. They are not dead any more then.
local last_dead = c and redis.call('ZRANGE', c.dead, -1, -1)[1]
local function on_read(id)
  if padded(id) < last_dead then ack_dead(c, id) end
end
local new = NewEntries(key, group, consumer, no_ack, budget, returned)
local function give_new(limit)
  -- Due entries that were given before count as well.
  if not no_ack then room = room_for_new(key, c, consumer) end
  local given = new.take(math.min(limit, room), last_dead and on_read)
  room = room - given
  return given
end

-- The class that has its turn goes first.
local rest = count - #claimed
local half = math.ceil(rest / 2)
local turn = c and c.turn or 'new'
if #due == 0 then half = rest end
for part = 1, 3 do
  local limit = part == 1 and half or rest
  local gives_due = (turn == 'due') == (part ~= 2)
  local given = gives_due and give_due(limit) or not gives_due and give_new(limit) or 0
  if given > 0 and c then c.turn = gives_due and 'new' or 'due' end
  rest = rest - given
end
if c and state_before ~= c.turn .. c.check .. c.from then save(c) end

local last_id = false
if #new.entries + #claimed == 0 then
  -- Before Redis 7.2, a read that finds nothing does not create its consumer.
  redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
  last_id = stream_info(key)['last-generated-id']
end
local is_cut = budget.is_spent() and #new.entries + #claimed < count
return { integer(began), integer(now_ms()), new.entries, claimed, scan_from, last_id, oldest, is_cut and 1,
  c and c.policy.ackTimeoutMs or false, settled, deaths_of(c),
  limits(), c and 1 }`
)

export interface RedriveLettersArguments {
  readonly group: string
  readonly letterStream: string
  readonly from: string
  readonly limit: number
  readonly hasIds: boolean
  readonly ids: readonly string[]
}

export const REDRIVE_LETTERS = script<RedriveLettersArguments>(
  { isReading: false, hasFields: false, order: ['group', 'letterStream', 'from', 'limit', 'hasIds', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  CLOCK_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  IDS_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local letter_stream = ARGV[2]
local from = ARGV[3]
local limit = tonumber(ARGV[4])
local has_ids = ARGV[5] == '1'
local ids_at = 6
local MAX_EXAMINED, BATCH, MAX_BYTES = 500, 20, 1048576
local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
if not c or c.policy.deadLetterStream ~= letter_stream then return refuse('dead-letter-changed') end
if not is_stream(c.letters) then return { 0, {}, {}, false } end
local wanted, name = {}, string.sub(key, #PREFIX + 1)
for i = ids_at, #ARGV do wanted[ARGV[i]] = true end
local redriven, missing, found, examined, bytes = 0, {}, {}, 0, 0

local function original_of(fields)
  local values = {}
  for i = 1, #fields, 2 do
    values[fields[i]] = fields[i + 1]
    bytes = bytes + #fields[i] + #fields[i + 1]
  end
  if values[LETTER_STREAM] ~= name or values[LETTER_GROUP] ~= group then return nil end
  local id = values[LETTER_ID]
  return id and string.find(id, '^%d+-%d+$') and id
end
local function take_back(letter, id)
  -- An entry that is pending is not dead, whatever a letter of it says.
  if #redis.call('XPENDING', key, group, id, id, 1) == 1 then return end
  found[#found + 1] = id
  local claimed = redis.pcall('XCLAIM', key, group, NOBODY, 0, id, 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
  if claimed.err or #claimed == 0 then
    missing[#missing + 1] = id
    return
  end
  redis.call('ZADD', c.nacked, integer(now_ms()), padded(id))
  redis.call('XDEL', c.letters, letter)
  redriven = redriven + 1
end

while examined < MAX_EXAMINED and bytes < MAX_BYTES do
  local page = redis.call('XRANGE', c.letters, from, '+', 'COUNT', BATCH)
  for _, letter in ipairs(page) do
    local id = original_of(letter[2])
    if id and (not has_ids or wanted[id]) then take_back(letter[1], id) end
    from = '(' .. letter[1]
    if redriven == limit then return { redriven, missing, found, false } end
  end
  examined = examined + #page
  if #page < BATCH then return { redriven, missing, found, false } end
end
return { redriven, missing, found, from }`
)

export interface RedriveArguments {
  readonly group: string
  readonly after: string
  readonly limit: number
  readonly maxExamined: number
  readonly letterStream?: string | undefined
  readonly hasIds: boolean
  readonly ids: readonly string[]
}

export const REDRIVE = script<RedriveArguments>(
  { isReading: false, hasFields: false, order: ['group', 'after', 'limit', 'maxExamined', 'letterStream', 'hasIds', 'ids'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  CLOCK_LIBRARY,
  INFO_LIBRARY,
  COMPANION_LIBRARY,
  IDS_LIBRARY,
  DEAD_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2]
local limit = tonumber(ARGV[3])
local max_examined = tonumber(ARGV[4])
local letter_stream = ARGV[5] ~= '' and ARGV[5] or nil
local has_ids = ARGV[6] == '1'
local ids_at = 7
local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local letters = c and c.policy.deadLetterStream
if letter_stream and letters ~= letter_stream then return refuse('dead-letter-changed') end
local redriven, not_dead, missing, next = 0, {}, {}, false
local function revive(id, member)
  if #redis.call('XPENDING', key, group, id, id, 1) == 1 then
    -- A native client has claimed it by force.
    redis.call('ZREM', c.dead, member)
    not_dead[#not_dead + 1] = id
  elseif #redis.call('XCLAIM', key, group, NOBODY, 0, id, 'RETRYCOUNT', 0, 'FORCE', 'JUSTID') == 1 then
    redis.call('ZREM', c.dead, member)
    redis.call('ZADD', c.nacked, integer(now_ms()), padded(id))
    redriven = redriven + 1
  else
    missing[#missing + 1] = id
  end
end
if has_ids then
  for i = ids_at, #ARGV do
    local member = c and find_dead(c, ARGV[i])
    if redriven == limit then break end
    if member then revive(ARGV[i], member) else not_dead[#not_dead + 1] = ARGV[i] end
  end
elseif c then
  local from = after == '' and '-' or '(' .. padded(after) .. ';'
  local page = redis.call('ZRANGE', c.dead, from, '+', 'BYLEX', 'LIMIT', 0, integer(max_examined))
  for index, member in ipairs(page) do
    if redriven == limit then break end
    local id = death_of(member)
    revive(id, member)
    next = (index == #page and #page == max_examined) and id
  end
end
return { redriven, not_dead, missing, next, letter_stream and 1 or false }`
)

export interface ReleaseConsumerArguments {
  readonly group: string
  readonly consumer: string
  readonly limit: number
  readonly isFirst: boolean
}

export const RELEASE_CONSUMER = script<ReleaseConsumerArguments>(
  { isReading: false, hasFields: false, order: ['group', 'consumer', 'limit', 'isFirst'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  COMPANION_LIBRARY,
  IDS_LIBRARY,
  NACKED_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local consumer = ARGV[2]
local limit = tonumber(ARGV[3])
local is_first = ARGV[4] == '1'
local _, refusal = probe(key, group)
if refusal then return refusal end
local page = redis.call('XPENDING', key, group, '-', '+', limit, consumer)
if #page == 0 and is_first then
  local exists = false
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    if named(flat).name == consumer then exists = true end
  end
  if not exists then return refuse('consumer-not-found') end
end
local c = #page > 0 and ensure_companion(key, group)
for _, state in ipairs(page) do set_free(key, c, state[1], math.max(0, state[4] - 1), now_ms()) end
if #page == limit then return { #page, 1 } end
redis.call('XGROUP', 'DELCONSUMER', key, group, consumer)
return { #page, false }`
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

export interface SweepArguments {
  readonly group: string
}

export const SWEEP = script<SweepArguments>(
  { isReading: false, hasFields: false, order: ['group'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'
local LETTER_STREAM = 'weir.stream'
local LETTER_GROUP = 'weir.group'
local LETTER_ID = 'weir.id'
local LETTER_DELIVERIES = 'weir.deliveries'
local LETTER_CONSUMER = 'weir.consumer'
local LETTER_REASON = 'weir.reason'
local LETTER_DEAD_AT = 'weir.deadAt'
local DIED_OF_TIMEOUT = 'Not acked in time'
local DIED_OF_LIMIT = 'Delivered too often for a new delivery policy'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  RESERVED_LIBRARY,
  CLOCK_LIBRARY,
  COMPANION_LIBRARY,
  IDS_LIBRARY,
  DEAD_LIBRARY,
  TRIM_STEP_LIBRARY,
  NACKED_LIBRARY,
  DEATHS_LIBRARY,
  LAPSED_LIBRARY,
  DUE_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local MAX_CONSUMERS, MAX_ENTRIES = 100, 1000
-- How long a policy counts as new. It takes several sweeps to find it.
local NEW_POLICY_MS = 15000
-- No entry has been idle for this long. With it, XCLAIM claims nothing, but removes orphans from the pending list.
local NEVER = '9007199254740991'
if not probe(key, group) then
  drop_companion(group)
  return false
end
local c = companion(key, group)
if not c then return false end
local before = redis.call('XPENDING', key, group)[1]
local due = due_entries(key, c, 1)
-- The next read finds the entries that are due and stay.
local orphans = { 'XCLAIM', key, group, NOBODY, NEVER }
for i = 1, math.min(#due, MAX_ENTRIES) do orphans[#orphans + 1] = due[i].id end
if #due > 0 then
  orphans[#orphans + 1] = 'JUSTID'
  redis.call(unpack(orphans))
end
save(c)

local held = 0
for _, each in ipairs(redis.call('XPENDING', key, group)[4] or {}) do
  if each[1] == NOBODY then held = tonumber(each[2]) end
end
-- A native client may have claimed entries for this consumer. A new policy may allow fewer deliveries.
local max = now_ms() - c.since < NEW_POLICY_MS and c.policy.maxDeliveries
if held > 0 and (max or held > redis.call('ZCARD', c.nacked)) then
  for _, state in ipairs(redis.call('XPENDING', key, group, '-', '+', MAX_ENTRIES, NOBODY)) do
    local id, deliveries = state[1], state[4]
    if max and deliveries >= max then bury(key, c, id, deliveries, nil, DIED_OF_LIMIT)
    elseif not redis.call('ZSCORE', c.nacked, padded(id)) then
      redis.call('ZADD', c.nacked, integer(now_ms()), padded(id))
    end
  end
end

local ttl, deleted = c.policy.consumerTtlMs, 0
if ttl then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    local consumer = named(flat)
    local is_unused = consumer.pending == 0 and consumer.idle >= ttl and not is_reserved(consumer.name)
    if is_unused and deleted < MAX_CONSUMERS then
      redis.call('XGROUP', 'DELCONSUMER', key, group, consumer.name)
      deleted = deleted + 1
    end
  end
end
local after = redis.call('XPENDING', key, group)[1]
drop_unused(key, c)
return { deaths_of(c), after < before and 1 or false }`
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
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  IDS_LIBRARY,
  INFO_LIBRARY,
  CLOCK_LIBRARY,
  COMPANION_LIBRARY,
  NACKED_LIBRARY,
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
local c = companion(key, group)

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
    if owner == NOBODY then
      c = c or ensure_companion(key, group)
      set_free(key, c, id, tonumber(deliveries), tonumber(delivered_at))
      undone = undone + 1
    elseif not owners[owner] then release(id)
    elseif #redis.call('XRANGE', key, id, id) == 1 then
      -- For a deleted entry, XCLAIM would remove it from the pending list instead of changing its owner.
      redis.call('XCLAIM', key, group, owner, 0, id, 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
      undone = undone + 1
    end
  end
end
if c and undone > 0 then
  -- The lease of an entry that went back may have ended.
  c.check, c.from = 0, '-'
  save(c)
end
return undone`
)

export interface UpdateGroupArguments {
  readonly group: string
  readonly after?: string | undefined
  readonly entriesRead?: number | undefined
  readonly policy?: string | undefined
}

export const UPDATE_GROUP = script<UpdateGroupArguments>(
  { isReading: false, hasFields: false, order: ['group', 'after', 'entriesRead', 'policy'] },
  `#!lua flags=allow-oom
local RETURNED = '\\001weir:returned'
local NOBODY = '\\001weir:nobody'`,
  REFUSE_LIBRARY,
  PROBE_LIBRARY,
  INFO_LIBRARY,
  IDS_LIBRARY,
  RETURNED_IDS_LIBRARY,
  COMPANION_LIBRARY,
  CLOCK_LIBRARY,
  POLICY_LIBRARY,
  `local key = KEYS[1]
local group = ARGV[1]
local after = ARGV[2] ~= '' and ARGV[2] or nil
local entries_read = tonumber(ARGV[3])
local policy = ARGV[4] ~= '' and ARGV[4] or nil
local returned, refusal = probe(key, group)
if refusal then return refusal end
if policy then
  local c = companion(key, group)
  if not c and policy ~= '{}' then c = ensure_companion(key, group) end
  if c then set_policy(key, c, policy) end
end
if not after and not entries_read then return policy and 1 or 0 end
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
  ACK_QUEUE,
  ACK,
  APPEND,
  AUTO_CLAIM,
  CHECK_STREAM,
  CLAIM,
  COMPANIONS,
  CONSUMERS,
  DEAD_LETTER_STREAMS,
  DELETE_CONSUMER,
  DELETE_ENTRIES,
  DELETE_GROUP,
  DELETE_STREAM,
  DESCRIBE,
  ENSURE_CONSUMER,
  ENSURE_GROUP,
  ENSURE_STREAM,
  EXTEND,
  GROUPS,
  LIST_DEAD,
  LIST_PENDING,
  NACK,
  PENDING_SUMMARY,
  PROBE_GROUP,
  RANGE,
  READ_GROUP,
  READ_OWN,
  READ_QUEUE,
  REDRIVE_LETTERS,
  REDRIVE,
  RELEASE_CONSUMER,
  SET_STREAM_ID,
  STREAM_SUMMARY,
  STREAM,
  SWEEP,
  TRIM,
  UNDO,
  UPDATE_GROUP
]

