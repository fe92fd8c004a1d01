-- Describes a stream with its entries, groups, consumers and pending entries, within limits.
--
-- XINFO STREAM FULL lists all groups and all consumers whatever its COUNT is. So it is called only if its answer
-- cannot exceed the limits. Otherwise the answer is composed from commands that are bounded, except for the lists of
-- groups and of a group's consumers.
--
-- allowed: reading
-- uses: refuse, probe, ids, info, clock, returned-ids, companion
-- constants: RETURNED, NOBODY
-- arguments: limit: number, max_items: number, max_bytes: number
-- answers with fields
--
-- Returns what `stream` returns; entries and groups as XINFO STREAM FULL lists them; for each group its name, the
-- number of returned entries to deliver again, and the number of those that never will be; 1 if the limits left
-- anything out. Refuses: stream-not-found, stream-conflict.

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

-- Upper bound of the items in all lists together, if each list ends at `count`.
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
return { { summary, size }, { 'entries', entries, 'groups', groups }, returned, is_cut }
