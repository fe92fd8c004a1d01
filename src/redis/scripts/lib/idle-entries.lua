-- `idle_entries(key, group, min_idle, from)`: collects pending entries that have been idle for long enough, longest
-- first: { id, owner, idle, deliveries, delivered_at }. There is no index by time to ask, so a look examines a
-- bounded part of the list, from a place that the caller carries on; with a list that fits into one look the order is
-- that of all. Gives, besides, where the next look begins; and how long the oldest of the others has been idle, -1
-- for none, false when not all were examined.
--
-- uses: clock
-- constants: RETURNED

-- A look examines so many pages of pending entries, of this size.
local PAGE, PAGES = 1000, 10
local function idle_entries(key, group, min_idle, from)
  local found, next, oldest, begun = {}, '-', -1, from
  for page_number = 1, PAGES do
    local page, now = pending_now(key, group, from, '+', PAGE)
    for _, pending in ipairs(page) do
      if pending[2] ~= RETURNED and pending[3] >= min_idle then
        found[#found + 1] = { id = pending[1], owner = pending[2], idle = pending[3],
          deliveries = pending[4], delivered_at = now - pending[3], index = #found }
      elseif pending[2] ~= RETURNED then
        oldest = math.max(oldest, pending[3])
      end
    end
    if #page < PAGE then
      next = '-'
      break
    end
    from = '(' .. page[#page][1]
    next = from
  end
  table.sort(found, function(a, b)
    if a.idle ~= b.idle then return a.idle > b.idle end
    return a.index < b.index
  end)
  return found, next, begun == '-' and next == '-' and oldest
end
