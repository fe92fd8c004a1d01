-- `refuse(code, ...)`: an error reply that `connection/redis-errors.ts` understands. `is_stream(key)`.
-- `refuse_unless_stream(key)`: nil if the key holds a stream, else the refusal.

local function refuse(...)
  return redis.error_reply(table.concat({'WEIR', ...}, ' '))
end
local function is_stream(key)
  return redis.call('TYPE', key).ok == 'stream'
end
local function refuse_unless_stream(key)
  local type = redis.call('TYPE', key).ok
  if type == 'stream' then return nil end
  return refuse(type == 'none' and 'stream-not-found' or 'stream-conflict')
end
