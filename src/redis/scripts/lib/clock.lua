-- `now_ms()`. `call_now(...)`: the reply to a command that tells how long something has been idle, and the moment of
-- the reply. Before 7.2 time passes while a script runs, so a command is called again until none passed during the
-- call: only then is the moment of a delivery exact. `pending_now(...)`: the same for XPENDING. `integer(number)`: as
-- a text.

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function call_now(...)
  local reply, now, again
  for _ = 1, 10 do
    now = now_ms()
    reply = redis.call(...)
    again = now_ms()
    if now == again then break end
  end
  return reply, again
end
local function pending_now(...)
  return call_now('XPENDING', ...)
end
local function integer(number)
  return string.format('%.0f', number)
end
