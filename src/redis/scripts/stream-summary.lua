-- Says how large a stream is, without the entries that XINFO gives.
--
-- allowed: reading
-- uses: refuse, info
--
-- Returns length, last id, entries ever added, number of groups, bytes of memory. Refuses: stream-not-found.

local missing = refuse_unless_stream(key)
if missing then return missing end
local info = stream_info(key)
return { info.length, info['last-generated-id'], info['entries-added'], info.groups,
  redis.call('MEMORY', 'USAGE', key) }
