-- What Weir keeps of a group beside its stream, in keys in the same slot: see `connection/companion-keys.ts`. `STATE`
-- is one hash for all groups of the stream. Its field GROUP is the delivery policy as JSON, and GROUP .. "\1" what
-- changes often: when the policy was set, the class of entries whose turn it is, and when and where leases are scanned
-- again. `nacked` is a sorted set of ids by the time when they fall due, `dead` one of dead entries in the order of
-- their ids.
--
-- `companion(key, group)`: returns all this as a table, nil if the group has nothing of it. The consumer NOBODY marks
-- the group that it belongs to. If a native client deleted the group and created another one, the new one lacks the
-- mark, and what was kept is dropped. `companion_read(key, group)`: the same for scripts that only read.
-- `ensure_companion(key, group)`: creates it. `save(c)`: stores what changes often. `drop_companion(group)`.
-- `drop_unused(key, c)`: drops it if it says nothing. `PREFIX`: what keys of streams start with.
--
-- uses: info
-- constants: NOBODY

local STATE = KEYS[2]
local PREFIX = string.sub(STATE, 1, string.find(STATE, '\1weir:', 1, true) - 1)
local function nacked_key(group) return STATE .. '\1nacked\1' .. group end
local function dead_key(group) return STATE .. '\1dead\1' .. group end
local function drop_companion(group)
  redis.call('HDEL', STATE, group, group .. '\1')
  redis.call('UNLINK', nacked_key(group), dead_key(group))
end
local function load_companion(group)
  local policy = redis.call('HGET', STATE, group)
  if not policy then return nil end
  local c = { group = group, text = policy, policy = cjson.decode(policy), nacked = nacked_key(group),
    dead = dead_key(group) }
  local words = {}
  for word in string.gmatch(redis.call('HGET', STATE, group .. '\1') or '0 new 0 - 0', '%S+') do
    words[#words + 1] = word
  end
  c.since, c.turn, c.check = tonumber(words[1]), words[2], tonumber(words[3])
  c.from, c.low = words[4], tonumber(words[5])
  c.letters = c.policy.deadLetterStream and PREFIX .. c.policy.deadLetterStream
  return c
end
local function save(c)
  local words = string.format('%.0f %s %.0f %s %.0f', c.since, c.turn, c.check, c.from, c.low)
  redis.call('HSET', STATE, c.group .. '\1', words)
end
local function companion(key, group)
  local c = load_companion(group)
  if not c or redis.call('XGROUP', 'CREATECONSUMER', key, group, NOBODY) == 0 then return c end
  redis.call('XGROUP', 'DELCONSUMER', key, group, NOBODY)
  drop_companion(group)
end
local function companion_read(key, group)
  local c = load_companion(group)
  if not c then return nil end
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    local consumer = named(flat)
    if consumer.name == NOBODY then
      c.held = consumer.pending
      return c
    end
  end
end
local function ensure_companion(key, group)
  local c = companion(key, group)
  if c then return c end
  redis.call('HSET', STATE, group, '{}')
  redis.call('XGROUP', 'CREATECONSUMER', key, group, NOBODY)
  return load_companion(group)
end
local function drop_unused(key, c)
  if c.text ~= '{}' or redis.call('EXISTS', c.nacked, c.dead) > 0 then return end
  if #redis.call('XPENDING', key, c.group, '-', '+', 1, NOBODY) > 0 then return end
  drop_companion(c.group)
  redis.call('XGROUP', 'DELCONSUMER', key, c.group, NOBODY)
end
