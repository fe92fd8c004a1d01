-- Reads a range of a stream.
--
-- allowed: reading
-- uses: refuse, info, ids, answer-budget
-- arguments: is_descending: flag, from, to, count: number, budget_bytes: number, is_strict: flag
-- answers with fields
--
-- `from`: the lower end, or "next" for the entries after the last id. `is_strict`: the first entry must fit, too.
--
-- Returns the entries; the stream's last id if the range is empty; 1 if the budget was spent before the end of the
-- range. Refuses: stream-not-found.

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
return { entries, #entries == 0 and not is_cut and last_id(), is_cut and 1 }
