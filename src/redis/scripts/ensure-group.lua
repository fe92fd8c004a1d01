-- Creates a group unless it exists.
--
-- allowed: growing
-- uses: refuse, probe, info, companion, policy
-- arguments: group, after, entries_read?: number, create_stream: flag, policy?
--
-- `after`: an id, or "$" for the end of the stream. `policy`: as JSON.
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
-- What is left of a group of this name that a native client deleted.
if redis.call('HGET', STATE, group) then drop_companion(group) end
if policy then set_policy(key, ensure_companion(key, group), policy) end
return 1
