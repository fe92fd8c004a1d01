-- Reads a range of a stream.
--
-- allowed: reading
-- uses: refuse, info, ids, answer-budget
-- arguments: is_descending: flag, from, to, count: number, room_bytes: number, is_strict: flag
-- answers with fields
--
-- `from`: the lower end, or "next" for behind the last id. `is_strict`: no entry may go beyond the room.
--
-- Returns the entries; the stream's last id when the range has none; 1 when the room ended before the range. Refuses:
-- stream-not-found.

local missing = refuse_unless_stream(key)
if missing then return missing end
local function last_id() return stream_info(key)['last-generated-id'] end
if from == 'next' then return { {}, last_id(), false } end
local room = Room(room_bytes, is_strict)
local entries = {}
while #entries < count and not room.full() do
  local wanted = math.min(STEP, count - #entries)
  local page = not is_descending and redis.call('XRANGE', key, from, to, 'COUNT', wanted)
    or redis.call('XREVRANGE', key, to, from, 'COUNT', wanted)
  for _, entry in ipairs(page) do
    if not room.takes(entry[2]) then break end
    entries[#entries + 1] = entry
  end
  if #page < wanted then break end
  local last = page[#page][1]
  if last == MAX_ID or last == '0-0' then break end
  if is_descending then to = '(' .. last else from = '(' .. last end
end
local cut = room.full() and #entries < count
return { entries, #entries == 0 and not cut and last_id(), cut and 1 }
