-- Entries in nobody's hands. They are pending with the consumer NOBODY, and `c.nacked` holds when they fall due,
-- by their padded ids. An id that a native client acked or claimed is no longer pending with NOBODY, and counts for
-- nothing.
--
-- `set_free(key, c, id, deliveries, due)`: takes an entry out of its consumer's hands. An orphan stops being pending.
-- `forget_free(c, id)`: it is in a consumer's hands, or not pending. `due_of(c, id)`: when an entry in nobody's hands
-- falls due. `idle_of(c, id, now)`: how long it has been due.
--
-- uses: clock, ids
-- constants: NOBODY

local function forget_free(c, id)
  redis.call('ZREM', c.nacked, padded(id))
end
local function set_free(key, c, id, deliveries, due)
  -- Redis replaces a time in the future by the current one. So an entry has never been due for longer than it is idle.
  local freed = redis.call('XCLAIM', key, c.group, NOBODY, 0, id, 'TIME', integer(due), 'RETRYCOUNT',
    integer(deliveries), 'JUSTID')
  if #freed == 0 then forget_free(c, id)
  else redis.call('ZADD', c.nacked, integer(due), padded(id)) end
end
local function due_of(c, id)
  return tonumber(redis.call('ZSCORE', c.nacked, padded(id)) or 0)
end
local function idle_of(c, id, now)
  local due = due_of(c, id)
  return due == 0 and 0 or math.max(0, now - due)
end
