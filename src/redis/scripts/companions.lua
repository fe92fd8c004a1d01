-- Lists the groups that Weir keeps something of. Drops what is left of a stream that a native client deleted.
--
-- allowed: settling
-- uses: refuse, companion
--
-- Returns the names of the groups.

local groups = {}
local exists = is_stream(key)
for _, field in ipairs(redis.call('HKEYS', STATE)) do
  if string.sub(field, -1) == '\1' then
    -- The group has another field, unless somebody else wrote this one.
    if not redis.call('HGET', STATE, string.sub(field, 1, -2)) then redis.call('HDEL', STATE, field) end
  elseif exists then groups[#groups + 1] = field
  else drop_companion(field) end
end
return groups
