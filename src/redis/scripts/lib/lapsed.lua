-- Redis has no index of pending entries by time, so a scan reads them in the order of their ids. `c.check` is a time
-- before which no lease can have ended, so that most reads need no scan. It is at most a second away, because a native
-- client may claim an entry with any idle time. A scan reads a bounded part of a long list, and `c.from` is where the
-- next one continues. `c.low` is when the earliest lease of those scanned so far began.
--
-- `lapsed_leases(key, c)`: the entries whose lease has ended, of those that were scanned: { id, owner, deliveries,
-- delivered_at, due, idle }. Changes `c`, which the caller saves.
--
-- uses: clock, reserved

local SCAN_PAGE, SCAN_PAGES, SCAN_PAUSE_MS, SCAN_VALID_MS = 1000, 5, 20, 1000
local function lapsed_leases(key, c)
  local found, timeout = {}, c.policy.ackTimeoutMs
  local now = now_ms()
  -- After the clock has gone back, `c.check` is too far away, and the policy seems to be set in the future.
  if not timeout or (now < c.check and c.check <= now + SCAN_VALID_MS) then return found end
  c.since = math.min(c.since, now)
  if c.from == '-' then c.low = now end
  for page_number = 1, SCAN_PAGES do
    local page, at = pending_now(key, c.group, c.from, '+', SCAN_PAGE)
    now = at
    for _, pending in ipairs(page) do
      local delivered_at = at - pending[3]
      local due = math.max(delivered_at, c.since) + timeout
      if is_reserved(pending[2]) then due = nil end
      if due and due <= at then
        found[#found + 1] = { id = pending[1], owner = pending[2], deliveries = pending[4],
          delivered_at = delivered_at, due = due, idle = pending[3] }
      elseif due then
        c.low = math.min(c.low, due - timeout)
      end
    end
    if #page < SCAN_PAGE then
      c.from = '-'
      break
    end
    c.from = '(' .. page[#page][1]
  end
  if #found > 0 then c.check = now
  elseif c.from == '-' then c.check = math.min(c.low + timeout, now + SCAN_VALID_MS)
  else c.check = now + SCAN_PAUSE_MS end
  return found
end
