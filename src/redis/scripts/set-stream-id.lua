-- Redis' rules for XSETID: the ids that exist, and those that were deleted, do not lie above the last id.
--
-- allowed: growing
-- uses: refuse, ids, info
-- arguments: last_id, entries_added?: number, max_deleted_id?
--
-- What is left out stays as it is.
--
-- Returns 1. Refuses: id-not-greater FLOOR, max-deleted-id, entries-added LENGTH.

local missing = refuse_unless_stream(key)
if missing then return missing end
local info = stream_info(key)
local floor = info['max-deleted-entry-id']
local top = info['last-entry']
if top and before(floor, top[1]) then floor = top[1] end
if before(last_id, floor) then return refuse('id-not-greater', floor) end
local deleted = max_deleted_id or info['max-deleted-entry-id']
if before(last_id, deleted) then return refuse('max-deleted-id') end
local added = entries_added or info['entries-added']
if added < info.length then return refuse('entries-added', info.length) end
redis.call('XSETID', key, last_id, 'ENTRIESADDED', string.format('%.0f', added), 'MAXDELETEDID', deleted)
return 1
