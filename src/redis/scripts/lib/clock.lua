-- `now_ms()`. `call_now(...)`: the reply to a command that reports idle times, and the time of the reply. Before Redis
-- 7.2, time passes while a script runs. The command is therefore repeated until the clock reads the same before and
-- after it (at most 10 times): only then can an idle time be converted to the exact time of a delivery.
-- `pending_now(...)`: the same for XPENDING. `integer(number)`: formats a number without an exponent.

local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function call_now(...)
  local reply, before, after
  for _ = 1, 10 do
    before = now_ms()
    reply = redis.call(...)
    after = now_ms()
    if before == after then break end
  end
  return reply, after
end
local function pending_now(...)
  return call_now('XPENDING', ...)
end
local function integer(number)
  return string.format('%.0f', number)
end
