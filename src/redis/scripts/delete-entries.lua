-- Deletes entries.
--
-- allowed: settling
-- uses: refuse
-- arguments: ids...
--
-- `ids`: without duplicates.
--
-- Returns the number of entries deleted, and the ids that did not exist.

local missing = refuse_unless_stream(key)
if missing then return missing end
local deleted, not_found = 0, {}
for i = ids_at, #ARGV do
  local id = ARGV[i]
  if redis.call('XDEL', key, id) == 1 then deleted = deleted + 1
  else not_found[#not_found + 1] = id end
end
return { deleted, not_found }
