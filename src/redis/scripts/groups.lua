-- Describes one group, or a page of them.
--
-- allowed: reading
-- uses: refuse, probe, info, ids, page, answer-budget, returned-ids, clock, companion, nacked
-- constants: RETURNED, NOBODY
-- arguments: group_name?, scan_limit: number, after, limit: number, is_counting: flag
--
-- `group_name`: if left out, lists up to `limit` groups whose names come after `after`. `scan_limit`: how many pending
-- entries may be scanned, and how many undelivered ones, over all groups. `is_counting`: whether to count the entries
-- after the position of each group.
--
-- Returns the stream's length, first id, last id, highest deleted id, entries added; for each group its name,
-- consumers, pending, last delivered id, entries read or nil, the number of returned entries to deliver again, the idle
-- time of the oldest pending entry that still exists or nil, the number of entries after its position or nil, the
-- number of delayed entries and of dead ones, the policy as JSON or nil; then 1 if more groups follow. Refuses:
-- stream-not-found, group-not-found.

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
  stream['max-deleted-entry-id'], stream['entries-added'], groups, more }
