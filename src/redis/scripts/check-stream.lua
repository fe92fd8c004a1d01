-- Looks at a stream where readers wait, and changes nothing.
--
-- allowed: reading
-- uses: refuse, probe, ids, info, idle-entries
-- arguments: groups...
--
-- `groups`: for each, its name; the least idle time that somebody waits for, or ""; where to begin to look.
--
-- Returns the stream's last id, nil when there is no stream; for each group "gone", or "new" or "none"; how long the
-- pending entry has been idle that can be claimed first, or -1; where to look next; "1" when all were looked at.

if not is_stream(key) then return { false, {} } end
local info = stream_info(key)
local seen = {}
for i = groups_at, #ARGV, 3 do
  local group, min_idle, from = ARGV[i], tonumber(ARGV[i + 1]), ARGV[i + 2]
  local back = probe(key, group)
  if not back then
    seen[#seen + 1] = { 'gone', -1, '-', '1' }
  else
    local top, news = info['last-entry'], #back > 0
    if top and before(group_info(key, group)['last-delivered-id'], top[1]) then news = true end
    local idle, whole = -1, false
    if min_idle then
      local found
      found, from, whole = idle_entries(key, group, 0, from)
      for _, pending in ipairs(found) do
        if #redis.call('XRANGE', key, pending.id, pending.id) == 1 then
          idle = pending.idle
          break
        end
      end
    end
    seen[#seen + 1] = { news and 'new' or 'none', idle, from, whole and '1' or '0' }
  end
end
return { info['last-generated-id'], seen }
