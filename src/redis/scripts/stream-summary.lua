-- Returns counts of a stream, without the entries that XINFO includes.
--
-- allowed: reading
-- uses: refuse, info
--
-- Returns the length, the last id, the number of entries ever appended, the number of groups, the memory in bytes.
-- Refuses: stream-not-found.

local missing = refuse_unless_stream(key)
if missing then return missing end
local info = stream_info(key)
return { info.length, info['last-generated-id'], info['entries-added'], info.groups,
  redis.call('MEMORY', 'USAGE', key) }
