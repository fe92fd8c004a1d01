-- Delivers a consumer's own pending entries again.
--
-- allowed: settling
-- uses: probe, ids, clock, answer-budget
-- arguments: group, consumer, count: number, after, budget_bytes: number, is_strict: flag
-- answers with fields
--
-- `after`: the id after which to read. `is_strict`: the first entry must fit, too.
--
-- Returns the time before and after; the entries, a deleted one with nil as its fields; for each entry when it was
-- delivered and its deliveries before; 1 if the budget was spent before `count` was reached.

local budget = Budget(budget_bytes, is_strict)
local _, refusal = probe(key, group)
if refusal then return refusal end
local began = now_ms()
local entries, previous = {}, {}
while #entries < count and not budget.is_spent() and after ~= MAX_ID do
  local wanted = math.min(BATCH, count - #entries)
  local states, now = pending_now(key, group, '(' .. after, '+', wanted, consumer)
  local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, after)
  local page = reply and reply[1][2] or {}
  for i, entry in ipairs(page) do
    local delivered_at, deliveries = integer(now - states[i][3]), integer(states[i][4])
    if budget.add(entry[2] or {}) then
      entries[#entries + 1] = entry
      previous[#previous + 1] = { delivered_at, deliveries }
    elseif entry[2] then
      -- The entry was read but does not fit: restores its state.
      redis.call('XCLAIM', key, group, consumer, 0, entry[1], 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
    end
  end
  if #page < wanted then break end
  after = page[#page][1]
end
if #entries == 0 then redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer) end
local is_cut = budget.is_spent() and #entries < count
return { integer(began), integer(now_ms()), entries, previous, is_cut and 1 }
