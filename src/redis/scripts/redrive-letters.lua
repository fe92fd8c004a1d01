-- Takes entries of a group back from its dead-letter stream: see `redrive`. Examines a part of that stream.
--
-- allowed: settling
-- uses: probe, refuse, clock, companion, ids
-- constants: NOBODY, LETTER_STREAM, LETTER_GROUP, LETTER_ID
-- arguments: group, letter_stream, from, limit: number, has_ids: flag, ids...
--
-- `from`: where to start in the dead-letter stream. With `has_ids`, only the letters of these entries.
--
-- Returns the number of entries redriven; the ids of letters whose entry no longer exists; the ids of all letters
-- that were found; where to continue, or nil. Refuses: dead-letter-changed.

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
return { redriven, missing, found, from }
