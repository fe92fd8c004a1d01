-- `settle(key, group, c, consumer, at)`: acks and nacks what `consumer` owns, as ARGV lists it from `at` on: "ack", the
-- number of ids, the ids; "nack", the outcome, the delay or "", the reason or "", a seed for the random part of delays,
-- the number of ids, the ids; "skip", the number of ids, the ids. Without `consumer`, entries of all consumers. Of an
-- id that is named twice, the first counts.
--
-- Returns the refusal if an entry cannot die; or nil, then { acked, nacked, ids that were not pending }, the ids that
-- the caller must not deliver, and the companion, which a nack creates.
--
-- uses: refuse, companion, dead, deaths, nack, nacked
-- constants: RETURNED, NOBODY

local function operations_from(at)
  local operations = {}
  while at <= #ARGV do
    local operation = { kind = ARGV[at] }
    if operation.kind == 'nack' then
      operation.outcome, operation.delay = ARGV[at + 1], tonumber(ARGV[at + 2])
      operation.reason, operation.seed = ARGV[at + 3] ~= '' and ARGV[at + 3] or nil, tonumber(ARGV[at + 4])
      at = at + 4
    end
    operation.first, operation.last = at + 2, at + 1 + ARGV[at + 1]
    operations[#operations + 1] = operation
    at = operation.last + 1
  end
  return operations
end
local function settle(key, group, c, consumer, at)
  local operations, ids = operations_from(at), {}
  local function state_of(id)
    local state = redis.call('XPENDING', key, group, id, id, 1)[1]
    if not state or state[2] == RETURNED or (consumer and state[2] ~= consumer) then return nil end
    return state
  end
  -- A script cannot roll back, so everything that may refuse it comes before its first change.
  for _, operation in ipairs(operations) do
    for i = operation.first, operation.kind == 'nack' and operation.last or 0 do
      local state = state_of(ARGV[i])
      if state then
        c = c or ensure_companion(key, group)
        if dies_by_nack(c, state, operation.outcome) and why_blocked(c) then return refuse(c.blocked) end
      end
    end
  end
  local acked, nacked, not_pending = 0, 0, {}
  for _, operation in ipairs(operations) do
    local kind = operation.kind
    if kind == 'nack' then math.randomseed(operation.seed) end
    for i = operation.first, operation.last do
      local id = ARGV[i]
      local state = kind ~= 'skip' and not ids[id] and state_of(id)
      if state or kind == 'skip' then ids[id] = true end
      if kind == 'ack' and state then
        redis.call('XACK', key, group, id)
        if c and state[2] == NOBODY then forget_free(c, id) end
        acked = acked + 1
      elseif kind == 'nack' and state then
        nack(key, c, state, operation.outcome, operation.delay, operation.reason)
        nacked = nacked + 1
      elseif kind == 'ack' and c and ack_dead(c, id, consumer) then
        acked = acked + 1
      elseif kind ~= 'skip' then
        not_pending[#not_pending + 1] = id
      end
    end
  end
  return nil, { acked, nacked, not_pending }, ids, c
end
