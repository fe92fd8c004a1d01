-- `returned_ids(key, group, last)`: the ids to be delivered anew; `drop` lists those that wait there in vain, because
-- the entry was deleted, or because the group was moved and comes to it once more by itself.
--
-- uses: ids
-- constants: RETURNED

local function returned_ids(key, group, last)
  local ids, drop = {}, {}
  for _, pending in ipairs(redis.call('XPENDING', key, group, '-', '+', 1000000, RETURNED)) do
    local entry = redis.call('XRANGE', key, pending[1], pending[1])[1]
    if not entry or before(last, pending[1]) then drop[#drop + 1] = pending[1]
    else ids[#ids + 1] = pending[1] end
  end
  return ids, drop
end
