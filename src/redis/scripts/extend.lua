-- Lets the time of pending entries start anew, if the consumer owns them.
--
-- allowed: settling
-- uses: probe, clock, info, companion
-- arguments: group, consumer, limit: number, max_examined: number, lately_ms: number, has_ids: flag, ids...
--
-- Without `has_ids`: what the consumer owns, the longest idle first, at most `limit` entries of `max_examined`. `ids`:
-- without duplicates. `lately_ms`: an entry whose time started this long before, or half of the time limit, counts as
-- extended.
--
-- Returns the number of entries extended, the ids that it does not own, the time limit or nil, and
-- 1 if it owns others.

local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local timeout = c and c.policy.ackTimeoutMs
local states, not_pending, seen, is_cut = {}, {}, {}, false
if has_ids then
  for i = ids_at, #ARGV do
    local state = redis.call('XPENDING', key, group, ARGV[i], ARGV[i], 1, consumer)[1]
    if state then states[#states + 1] = state else not_pending[#not_pending + 1] = ARGV[i] end
  end
end
local function own_entries()
  local own, from = {}, '-'
  repeat
    local page = redis.call('XPENDING', key, group, from, '+', 1000, consumer)
    for _, state in ipairs(page) do own[#own + 1] = state end
    if #page > 0 then from = '(' .. page[#page][1] end
    is_cut = #page == 1000
  until #page < 1000 or #own >= max_examined
  return own
end
local own = not has_ids and own_entries() or {}
for index, state in ipairs(own) do state[5] = index end
table.sort(own, function(a, b)
  if a[3] ~= b[3] then return a[3] > b[3] end
  return a[5] < b[5]
end)
for i = 1, math.min(limit, #own) do states[i] = own[i] end

local exists = #states > 0
if not exists then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    if named(flat).name == consumer then exists = true end
  end
end
-- Updates when the consumer was last seen.
if exists then redis.call('XCLAIM', key, group, consumer, 0, '0-0', 'JUSTID') end
for _, state in ipairs(states) do
  seen[state[1]] = true
  -- XCLAIM would remove an orphan from the pending list.
  if #redis.call('XRANGE', key, state[1], state[1]) == 1 then
    redis.call('XCLAIM', key, group, consumer, 0, state[1], 'RETRYCOUNT', integer(state[4]), 'JUSTID')
  end
end
local lately, now, more = math.min(lately_ms, (timeout or math.huge) / 2), now_ms(), is_cut
for _, state in ipairs(own) do
  local age = math.min(state[3], c and now - c.since or math.huge)
  if not seen[state[1]] and age > lately then more = true end
end
return { #states, not_pending, timeout or false, more and 1 or false }
