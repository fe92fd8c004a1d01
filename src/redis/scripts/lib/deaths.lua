-- `why_blocked(c)`: why no entry of the group can be moved to its dead-letter stream; false if it can. `bury(key, c,
-- id, deliveries, consumer, reason)`: the entry dies, unless that is blocked. Returns whether it left the pending list.
-- An orphan only stops being pending. `consumer`: nil if it was in nobody's hands. `is_full_of_letters()`: whether the
-- script has moved as much as it may. `deaths_of(c)`: for the reply of a script, the number of deaths, and why others
-- were blocked.
--
-- uses: clock, companion, dead, ids, info, trim-step, nacked
-- constants: LETTER_STREAM, LETTER_GROUP, LETTER_ID, LETTER_DELIVERIES, LETTER_CONSUMER, LETTER_REASON, LETTER_DEAD_AT

-- Lua limits a command to about 8000 arguments. An entry with more fields stays in its group.
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
end
