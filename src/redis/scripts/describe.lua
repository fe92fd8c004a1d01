-- XINFO STREAM FULL lists all groups and all consumers, whatever COUNT says, so it is asked only where the answer
-- cannot exceed the limits. Otherwise the answer is put together from commands that are bounded, except for the lists
-- of groups and of a group's consumers.
--
-- allowed: reading
-- uses: refuse, probe, ids, info, clock, returned-ids
-- constants: RETURNED
-- arguments: limit: number, most_items: number, most_bytes: number
-- answers with fields
--
-- Returns what `stream` does; entries and groups as XINFO STREAM FULL lists them; for each group its name, and how
-- many returned entries are still to be delivered and how many are not; 1 if anything was left out for want of room.
-- Refuses: stream-not-found, stream-conflict.

local left, bytes = most_items, most_bytes
local missing = refuse_unless_stream(key)
if missing then return missing end
local summary, size = redis.call('XINFO', 'STREAM', key), redis.call('MEMORY', 'USAGE', key)
local stream, all = named(summary), redis.call('XINFO', 'GROUPS', key)
local function returned_of(group)
  if #probe(key, group.name) == 0 then return { group.name, 0, 0 } end
  local ids, drop = returned_ids(key, group.name, group['last-delivered-id'])
  return { group.name, #ids, #drop }
end

-- As many items as the lists can have at most, each of them cut at a count.
local function items_at_most(count)
  local items = math.min(count, stream.length)
  for _, flat in ipairs(all) do
    local group = named(flat)
    items = items + 1 + group.consumers + math.min(count, group.pending)
      + math.min(group.pending, count * group.consumers)
    if items > left then break end
  end
  return items
end
local function full()
  if size > bytes or items_at_most(limit) > left then return nil end
  local returned, most = {}, 0
  for _, flat in ipairs(all) do
    local one = returned_of(named(flat))
    returned[#returned + 1] = one
    most = math.max(most, one[2] + one[3])
  end
  if most > 0 and items_at_most(limit + most) > left then return nil end
  local described = redis.call('XINFO', 'STREAM', key, 'FULL', 'COUNT', limit + most)
  return { { summary, size }, described, returned, 0 }
end
local described = full()
if described then return described end

local cut = 0
local function bytes_of(fields)
  local sum = 0
  for i = 1, #fields do sum = sum + #fields[i] + 3 end
  return sum
end
-- Whether there is room for another item, which then is taken up.
local function take(size)
  if left == 0 or size > bytes then
    cut = 1
    return false
  end
  left, bytes = left - 1, bytes - size
  return true
end

local function first_entries()
  local entries, from = {}, '-'
  while #entries < limit do
    -- Their size is only known when they have been read.
    local wanted = math.min(limit - #entries, 8)
    local page = redis.call('XRANGE', key, from, '+', 'COUNT', wanted)
    for _, entry in ipairs(page) do
      if not take(128 + bytes_of(entry[2])) then return entries end
      entries[#entries + 1] = entry
    end
    if #page < wanted or page[#page][1] == MAX_ID then return entries end
    from = '(' .. page[#page][1]
  end
  return entries
end

-- Of one consumer, or of all but the one that returned entries wait with.
local function pending_of(group, consumer)
  local found, from = {}, '-'
  while #found < limit do
    local wanted = math.min(limit - #found, left + 1)
    local arguments = { key, group, from, '+', wanted }
    if consumer then arguments[6] = consumer end
    local page, now = pending_now(unpack(arguments))
    for _, pending in ipairs(page) do
      if pending[2] ~= RETURNED then
        if not take(128 + (consumer and 0 or #pending[2])) then return found end
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
  if left == 0 and count > 0 then cut = 1 end
  if left == 0 or count == 0 then return found end
  local listed, now = call_now('XINFO', 'CONSUMERS', key, group)
  for _, flat in ipairs(listed) do
    local consumer = named(flat)
    if consumer.name ~= RETURNED then
      if #found == limit or not take(128 + #consumer.name) then return found end
      local inactive = consumer.inactive
      found[#found + 1] = { 'name', consumer.name, 'pel-count', consumer.pending, 'seen-time', now - consumer.idle,
        'active-time', inactive and inactive >= 0 and now - inactive or -1,
        'pending', consumer.pending > 0 and pending_of(group, consumer.name) or {} }
    end
  end
  return found
end

for _, which in ipairs({ 'first-entry', 'last-entry' }) do
  if stream[which] then bytes = bytes - bytes_of(stream[which][2]) end
end
local entries, groups, returned = first_entries(), {}, {}
for _, flat in ipairs(all) do
  local group = named(flat)
  if #groups == limit or not take(128 + #group.name) then break end
  local back = returned_of(group)
  returned[#returned + 1] = back
  local consumers = group.consumers - (back[2] + back[3] > 0 and 1 or 0)
  groups[#groups + 1] = { 'name', group.name, 'last-delivered-id', group['last-delivered-id'],
    'entries-read', group['entries-read'], 'pel-count', group.pending,
    'pending', group.pending > 0 and pending_of(group.name) or {},
    'consumers', consumers_of(group.name, consumers) }
end
return { { summary, size }, { 'entries', entries, 'groups', groups }, returned, cut }
