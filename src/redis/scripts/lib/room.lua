-- `room_for_new(key, c, consumer)`: how many new entries a consumer may get. Entries in nobody's hands do not count.
--
-- uses: reserved

local function room_for_new(key, c, consumer)
  local max, max_own = c and c.policy.maxPending, c and c.policy.maxPendingPerConsumer
  if not max and not max_own then return math.huge end
  local held, own = 0, 0
  for _, each in ipairs(redis.call('XPENDING', key, c.group)[4] or {}) do
    local count = tonumber(each[2])
    if not is_reserved(each[1]) then held = held + count end
    if each[1] == consumer then own = count end
  end
  return math.max(0, math.min((max or math.huge) - held, (max_own or math.huge) - own))
end
