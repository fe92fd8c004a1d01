-- `idle_entries(key, group, min_idle, from)`: finds pending entries that have been idle for at least `min_idle` ms,
-- the longest idle first: { id, owner, idle, deliveries, delivered_at }. Redis has no index by time. So a scan
-- examines a bounded part of the pending list, starting at `from`, which the caller carries from scan to scan. The
-- order covers the whole list only if the list fits into one scan. Also returns where the next scan starts, and the
-- idle time of the oldest entry below `min_idle`: -1 if there is none, false if the scan did not examine the whole
-- list.
--
-- uses: clock, reserved

-- A scan examines at most this many pages of pending entries.
local PAGE_SIZE, MAX_PAGES = 1000, 10
local function idle_entries(key, group, min_idle, from)
  local found, next, oldest, start = {}, '-', -1, from
  for page_number = 1, MAX_PAGES do
    local page, now = pending_now(key, group, from, '+', PAGE_SIZE)
    for _, pending in ipairs(page) do
      if not is_reserved(pending[2]) and pending[3] >= min_idle then
        found[#found + 1] = { id = pending[1], owner = pending[2], idle = pending[3],
          deliveries = pending[4], delivered_at = now - pending[3], index = #found }
      elseif not is_reserved(pending[2]) then
        oldest = math.max(oldest, pending[3])
      end
    end
    if #page < PAGE_SIZE then
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
  return found, next, start == '-' and next == '-' and oldest
end
