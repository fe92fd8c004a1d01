-- Describes one group, or a page of them.
--
-- allowed: reading
-- uses: refuse, probe, info, ids, page, answer-budget, returned-ids
-- constants: RETURNED
-- arguments: group_name?, most_looks: number, after, limit: number, is_counting: flag
--
-- `group_name`: left out for a page of groups, of `limit` at most, whose names come after one. `most_looks`: how many
-- pending entries may be looked at, and how many entries that are to come. `is_counting`: whether to count the
-- entries after a group's place.
--
-- Returns the stream's length, first id, last id, highest deleted id, entries added; and for each group its name,
-- consumers, pending, last delivered id, entries read or nil, returned entries that are still to be delivered, how
-- long the pending entry that still exists has been idle that has been so longest, or nil, how many entries come
-- after its place, or nil; then 1 if more groups follow. Refuses: stream-not-found, group-not-found.

-- How many bytes of entries a count of them may read.
local COUNTED_BYTES = 1048576
local missing = refuse_unless_stream(key)
if missing then return missing end
local stream = stream_info(key)
local first = stream['first-entry']
local looks = most_looks
-- There is no index by time to ask: all of a list is looked at, or nothing.
local function oldest_idle(group)
  if group.pending == 0 or group.pending > looks then return false end
  looks = looks - group.pending
  local oldest = -1
  for _, pending in ipairs(redis.call('XPENDING', key, group.name, '-', '+', group.pending)) do
    local id, owner, idle = pending[1], pending[2], pending[3]
    if idle > oldest and owner ~= RETURNED and #redis.call('XRANGE', key, id, id) == 1 then oldest = idle end
  end
  return oldest >= 0 and oldest
end
local counts = most_looks
-- Only what was never trimmed or deleted need not be counted. Small steps first: entries may be large.
local function entries_after(group)
  local from, found, step, room = group['last-delivered-id'], 0, 1, Room(COUNTED_BYTES)
  if from == stream['last-generated-id'] then return 0 end
  if not is_counting or stream['entries-added'] == stream.length then return false end
  while counts > 0 and from ~= MAX_ID do
    local wanted = math.min(counts, step)
    local page = redis.call('XRANGE', key, '(' .. from, '+', 'COUNT', wanted)
    found, counts, step = found + #page, counts - #page, math.min(2 * step, 100)
    if #page < wanted then return found end
    for _, entry in ipairs(page) do
      if not room.takes(entry[2]) then return false end
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
      local ids, drop = returned_ids(key, group.name, group['last-delivered-id'])
      returned = #ids
      consumers, pending = consumers - 1, pending - returned - #drop
    end
    groups[#groups + 1] = { group.name, consumers, pending, group['last-delivered-id'],
      group['entries-read'], returned, oldest_idle(group), entries_after(group) }
  end
end
if group_name and #groups == 0 then return refuse('group-not-found') end
return { stream.length, first and first[1] or '0-0', stream['last-generated-id'],
  stream['max-deleted-entry-id'], stream['entries-added'], groups, more }
