-- `returned_ids(key, group, last)`: returns the ids of the returned entries to deliver again, then the ids of those
-- that never will be, because the entry was deleted, or because the group was moved and will read the entry again
-- anyway.
--
-- uses: ids
-- constants: RETURNED

local function returned_ids(key, group, last)
  local ids, obsolete = {}, {}
  for _, pending in ipairs(redis.call('XPENDING', key, group, '-', '+', 1000000, RETURNED)) do
    local entry = redis.call('XRANGE', key, pending[1], pending[1])[1]
    if not entry or before(last, pending[1]) then obsolete[#obsolete + 1] = pending[1]
    else ids[#ids + 1] = pending[1] end
  end
  return ids, obsolete
end
