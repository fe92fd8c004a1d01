-- Describes a stream.
--
-- allowed: reading
-- uses: refuse
-- answers with fields
--
-- Returns XINFO STREAM, bytes of memory. Refuses: stream-not-found.

local missing = refuse_unless_stream(key)
if missing then return missing end
return { redis.call('XINFO', 'STREAM', key), redis.call('MEMORY', 'USAGE', key) }
