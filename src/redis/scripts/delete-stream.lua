-- Deletes a stream. Leaves a key of another type alone.
--
-- allowed: settling
-- uses: refuse
--
-- Returns 1. Refuses: stream-not-found.

if not is_stream(key) then return refuse('stream-not-found') end
return redis.call('UNLINK', key)
