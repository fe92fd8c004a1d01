-- `nack(key, c, state, outcome, delay, reason)`: takes a pending entry, given as XPENDING lists it, out of its
-- consumer's hands. `dies_by_nack(c, state, outcome)`: whether it dies by that.
--
-- uses: clock, deaths, nacked
-- constants: NOBODY

local function dies_by_nack(c, state, outcome)
  local max = c.policy.maxDeliveries
  return outcome == 'reject' or (outcome == 'retry' and max and state[4] >= max)
end
-- As `retryDelayMs` in `semantics/delivery-policy.ts`.
local function retry_delay(c, failures)
  local delays = c.policy.retryDelaysMs or {}
  local delay = delays[math.min(math.max(failures, 1), #delays)] or 0
  return math.floor(delay * (0.9 + 0.2 * math.random()) + 0.5)
end
local function nack(key, c, state, outcome, delay, reason)
  local id, owner, deliveries = state[1], state[2], state[4]
  if dies_by_nack(c, state, outcome) then
    bury(key, c, id, deliveries, owner ~= NOBODY and owner or nil, reason)
    return
  end
  local due = now_ms()
  if outcome == 'retry' then due = due + (delay or retry_delay(c, deliveries))
  elseif owner ~= NOBODY then deliveries = math.max(0, deliveries - 1) end
  set_free(key, c, id, deliveries, due)
end
