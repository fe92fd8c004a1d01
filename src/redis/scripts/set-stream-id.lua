-- Sets the counters of a stream by the rules of XSETID: no existing or deleted id may be above the last id.
--
-- allowed: growing
-- uses: refuse, ids, info
-- arguments: last_id, entries_added?: number, max_deleted_id?
--
-- Values that are left out stay as they are.
--
-- Returns 1. Refuses: id-not-greater MINIMUM, max-deleted-id, entries-added LENGTH.

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
return 1
