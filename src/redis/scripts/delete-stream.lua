-- Deletes a stream. A key that is no stream is left alone.
--
-- allowed: settling
-- uses: refuse
--
-- Returns 1. Refuses: stream-not-found.

if not is_stream(key) then return refuse('stream-not-found') end
return redis.call('UNLINK', key)
