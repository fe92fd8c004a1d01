-- Makes dead entries of a group pending again: in nobody's hands, due now, and not delivered yet.
--
-- allowed: settling
-- uses: refuse, probe, clock, companion, dead, ids
-- constants: NOBODY
-- arguments: group, after, limit: number, max_examined: number, letter_stream?, has_ids: flag, ids...
--
-- Without `has_ids`, examines dead entries after the id `after`, or from the first one on if it is "". `letter_stream`:
-- the stream that the group's dead letters must be in.
--
-- Returns the number of entries redriven; ids that are not dead; ids of dead entries that no longer exist; the last id
-- that was examined if more follow, else nil; 1 if the group's dead letters are in `letter_stream`. Refuses:
-- dead-letter-changed.

local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local letters = c and c.policy.deadLetterStream
if letter_stream and letters ~= letter_stream then return refuse('dead-letter-changed') end
local redriven, not_dead, missing, next = 0, {}, {}, false
local function revive(id, member)
  if #redis.call('XPENDING', key, group, id, id, 1) == 1 then
    -- A native client has claimed it by force.
    redis.call('ZREM', c.dead, member)
    not_dead[#not_dead + 1] = id
  elseif #redis.call('XCLAIM', key, group, NOBODY, 0, id, 'RETRYCOUNT', 0, 'FORCE', 'JUSTID') == 1 then
    redis.call('ZREM', c.dead, member)
    redis.call('ZADD', c.nacked, integer(now_ms()), padded(id))
    redriven = redriven + 1
  else
    missing[#missing + 1] = id
  end
end
if has_ids then
  for i = ids_at, #ARGV do
    local member = c and find_dead(c, ARGV[i])
    if redriven == limit then break end
    if member then revive(ARGV[i], member) else not_dead[#not_dead + 1] = ARGV[i] end
  end
elseif c then
  local from = after == '' and '-' or '(' .. padded(after) .. ';'
  local page = redis.call('ZRANGE', c.dead, from, '+', 'BYLEX', 'LIMIT', 0, integer(max_examined))
  for index, member in ipairs(page) do
    if redriven == limit then break end
    local id = death_of(member)
    revive(id, member)
    next = (index == #page and #page == max_examined) and id
  end
end
return { redriven, not_dead, missing, next, letter_stream and 1 or false }
