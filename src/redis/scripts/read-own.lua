-- Acks and nacks what the reader settles, and then delivers its own pending entries again. Entries without a delivery
-- left die instead.
--
-- allowed: settling
-- uses: refuse, probe, ids, clock, answer-budget, companion, deaths, settle
-- constants: DIED_OF_REREAD
-- arguments: group, consumer, count: number, after, is_claiming: flag, budget_bytes: number, is_strict: flag, settlement...
-- answers with fields
--
-- `after`: the id after which to read. `is_claiming`, `is_strict`, `settlement`: see `read-group`.
--
-- Returns the time before and after; the entries, a deleted one with nil as its fields; for each entry when it was
-- delivered and its deliveries before; 1 if the budget was spent before `count` was reached; the time within which
-- entries must be acked, or nil; what was settled, or nil; the deaths; 1 if the group limits pending entries. Refuses:
-- as `read-group`.

-- At most this many entries die in one read.
local MAX_DEATHS = 1000
local budget = Budget(budget_bytes, is_strict)
local _, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
if c and is_claiming and c.policy.ackTimeoutMs then return refuse('claim-in-timed-group') end
local settled = false
if #ARGV >= settlement_at then
  local is_settling = ARGV[settlement_at] ~= 'skip'
  refusal, settled, _, c = settle(key, group, c, consumer, settlement_at)
  if refusal then return refusal end
  settled = is_settling and settled
end
local began = now_ms()
local entries, previous, deaths = {}, {}, 0
local max = c and c.policy.maxDeliveries

-- Returns how many entries of a page died.
local function bury_spent(page)
  local dead = 0
  for _, state in ipairs(page) do
    if max and state[4] >= max and #redis.call('XRANGE', key, state[1], state[1]) == 1 then
      if bury(key, c, state[1], state[4], consumer, DIED_OF_REREAD) then dead = dead + 1 end
    end
  end
  deaths = deaths + dead
  return dead
end

while #entries < count and not budget.is_spent() and after ~= MAX_ID do
  local wanted = math.min(BATCH, count - #entries)
  local states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer)
  if not max or bury_spent(states) == 0 or deaths >= MAX_DEATHS then
    local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, after)
    local page = reply and reply[1][2] or {}
    if deaths >= MAX_DEATHS then states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer) end
    for i, entry in ipairs(page) do
      local delivered_at, deliveries = integer(now - states[i][3]), integer(states[i][4])
      if budget.add(entry[2] or {}) then
        entries[#entries + 1] = entry
        previous[#previous + 1] = { delivered_at, deliveries }
      elseif entry[2] then
        -- The entry was read but does not fit: restores its state.
        redis.call('XCLAIM', key, group, consumer, 0, entry[1], 'TIME', delivered_at, 'RETRYCOUNT', deliveries,
          'JUSTID')
      end
    end
    if #page < wanted then break end
    after = page[#page][1]
  end
end
if #entries == 0 then redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer) end
local is_cut = budget.is_spent() and #entries < count
return { integer(began), integer(now_ms()), entries, previous, is_cut and 1, c and c.policy.ackTimeoutMs or false,
  settled, deaths_of(c), c and (c.policy.maxPending or c.policy.maxPendingPerConsumer) and 1 or false }
