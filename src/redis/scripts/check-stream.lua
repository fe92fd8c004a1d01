-- Checks a stream for its waiting readers. Changes nothing.
--
-- allowed: reading
-- uses: refuse, probe, ids, info, idle-entries, clock, companion, lapsed
-- arguments: groups...
--
-- `groups`: for each group its name; the shortest idle time that a reader waits for, or ""; where the scan for idle
-- entries starts.
--
-- Returns the stream's last id, nil if the stream does not exist; for each group "gone", "new" or "none"; the idle
-- time of the entry that can be claimed first, or -1; where the next scan starts; "1" if the scan examined the whole
-- pending list; the time until an entry falls due, 0 if one has, -1 if none will; the time within which entries must be
-- acked, or -1.

if not is_stream(key) then return { false, {} } end
local info = stream_info(key)
local function due_in(group)
  local c = companion_read(key, group)
  if not c then return -1, -1 end
  local timeout, now = c.policy.ackTimeoutMs, now_ms()
  local first = redis.call('ZRANGE', c.nacked, '-inf', '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')[2]
  local due = first and tonumber(first) or math.huge
  if timeout then
    if #lapsed_leases(key, c) > 0 then due = now end
    due = math.min(due, c.check)
  end
  return due == math.huge and -1 or math.max(0, due - now), timeout or -1
end
local results = {}
for i = groups_at, #ARGV, 3 do
  local group, min_idle, from = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local returned = probe(key, group)
  if not returned then
    results[#results + 1] = { 'gone', -1, '-', '1', -1, -1 }
  else
    local last_entry, has_new = info['last-entry'], #returned > 0
    if last_entry and before(group_info(key, group)['last-delivered-id'], last_entry[1]) then has_new = true end
    local idle, oldest = -1, false
    if min_idle then
      local found
      found, from, oldest = idle_entries(key, group, 0, from)
      for _, pending in ipairs(found) do
        if #redis.call('XRANGE', key, pending.id, pending.id) == 1 then
          idle = pending.idle
          break
        end
      end
    end
    local due, timeout = due_in(group)
    results[#results + 1] = { has_new and 'new' or 'none', idle, from, oldest and '1' or '0', due, timeout }
  end
end
return { info['last-generated-id'], results }
