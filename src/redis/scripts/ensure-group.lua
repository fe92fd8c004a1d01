-- Creates a group unless it exists.
--
-- allowed: growing
-- uses: refuse, probe, info
-- arguments: group, after, entries_read?: number, create_stream: flag
--
-- `after`: an id, or "$" for the end of the stream.
--
-- Returns 1 if it was created, 0 if it existed. Refuses: stream-not-found, stream-conflict.

local missing = refuse_unless_stream(key)
if missing and (not create_stream or redis.call('EXISTS', key) == 1) then return missing end
if not missing and probe(key, group) then return 0 end
local arguments = { 'XGROUP', 'CREATE', key, group, after, 'MKSTREAM' }
if entries_read then
  local added = missing and 0 or stream_info(key)['entries-added']
  arguments[7], arguments[8] = 'ENTRIESREAD', string.format('%.0f', math.min(entries_read, added))
end
redis.call(unpack(arguments))
return 1
