-- Lists the dead-letter streams of a stream's groups.
--
-- allowed: reading
-- uses: refuse, companion
--
-- Returns their names, possibly repeated. A stream that does not exist has none.

local streams = {}
if not is_stream(key) then return streams end
for _, field in ipairs(redis.call('HKEYS', STATE)) do
  local c = string.sub(field, -1) ~= '\1' and companion_read(key, field)
  if c and c.policy.deadLetterStream then streams[#streams + 1] = c.policy.deadLetterStream end
end
return streams
