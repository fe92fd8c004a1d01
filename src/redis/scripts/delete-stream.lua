-- Deletes a stream, and what Weir keeps beside it. Leaves a key of another type alone.
--
-- allowed: settling
-- uses: refuse, companion
--
-- Returns 1. Refuses: stream-not-found.

if not is_stream(key) then return refuse('stream-not-found') end
for _, field in ipairs(redis.call('HKEYS', STATE)) do
  if string.sub(field, -1) ~= '\1' then drop_companion(field) end
end
redis.call('UNLINK', key, STATE)
return 1
