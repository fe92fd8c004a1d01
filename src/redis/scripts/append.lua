-- Appends several entries as one change. It chooses all ids first, as XADD would choose them, and writes nothing if an
-- entry is refused.
--
-- allowed: growing
-- uses: refuse, ids, info, trim-step
-- arguments: create_stream: flag, is_dry_run: flag, strategy?, threshold?, is_exact: flag, max_removed?: number, entries...
--
-- `is_dry_run`: changes nothing and only checks whether the append would be refused. `strategy`: MAXLEN or MINID, for
-- a trim after the append; the trim's other arguments are those of `trim`. `entries`: for each entry its id ("*",
-- "ms-*", "ms-seq"), the number of names and values, then these.
--
-- Returns the ids; the number of entries that the trim removed; 1 if the trim has more to remove. Refuses:
-- stream-not-found, stream-conflict, id-not-greater INDEX LAST, ids-exhausted INDEX MS.

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
return { ids, removed, more and 1 }
