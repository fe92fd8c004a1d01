-- Dead entries of a group: members of `c.dead`, each a padded id, and
-- after a colon what is known of its death, as JSON.
--
-- `find_dead(c, id)`: its member, or nil. `death_of(member)`: the id and what is known. `add_dead(c, id, death)`.
-- `ack_dead(c, id, consumer)`: removes it, if the consumer had it last or none is given; returns whether it did.
--
-- uses: ids

local function find_dead(c, id)
  local at = padded(id)
  return redis.call('ZRANGE', c.dead, '[' .. at .. ':', '(' .. at .. ';', 'BYLEX', 'LIMIT', 0, 1)[1]
end
local function death_of(member)
  return unpadded(member), cjson.decode(string.sub(member, 43))
end
local function add_dead(c, id, death)
  redis.call('ZADD', c.dead, 0, padded(id) .. ':' .. cjson.encode(death))
end
local function ack_dead(c, id, consumer)
  local member = find_dead(c, id)
  if not member then return false end
  local _, death = death_of(member)
  return (not consumer or death.consumer == consumer) and redis.call('ZREM', c.dead, member) == 1
end
