-- Lists dead entries.
--
-- allowed: reading
-- uses: probe, answer-budget, companion, dead, ids
-- arguments: group, after, limit: number, budget_bytes: number
-- answers with fields
--
-- `after`: the id after which to list, or "".
--
-- Returns for each entry its id, its fields or nil, deliveries, the last consumer or nil, the reason or nil, and when
-- it died; then 1 if more follow.

local _, refusal = probe(key, group)
if refusal then return refusal end
local c, budget, found = companion_read(key, group), Budget(budget_bytes), {}
if not c then return { found, false } end
local from = after == '' and '-' or '(' .. padded(after) .. ';'
while true do
  local page = redis.call('ZRANGE', c.dead, from, '+', 'BYLEX', 'LIMIT', 0, BATCH)
  for _, member in ipairs(page) do
    if #found == limit then return { found, 1 } end
    local id, death = death_of(member)
    local entry = redis.call('XRANGE', key, id, id)[1]
    if not budget.add(entry and entry[2] or {}) then return { found, 1 } end
    found[#found + 1] = { id, entry and entry[2] or false, death.deliveries, death.consumer or false,
      death.reason or false, string.format('%.0f', death.deadAt) }
  end
  if #page < BATCH then return { found, false } end
  from = '(' .. page[#page]
end
