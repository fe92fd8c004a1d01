-- Describes a stream.
--
-- allowed: reading
-- uses: refuse
-- answers with fields
--
-- Returns XINFO STREAM, and the memory in bytes. Refuses: stream-not-found.

local missing = refuse_unless_stream(key)
if missing then return missing end
return { redis.call('XINFO', 'STREAM', key), redis.call('MEMORY', 'USAGE', key) }
