-- Counts pending entries.
--
-- allowed: reading
-- uses: probe, page
-- constants: RETURNED
-- arguments: group, after, limit: number
--
-- `after`: the last name of the previous page of consumers, or "".
--
-- Returns the summary of XPENDING without returned entries, and 1 if more consumers follow.

local returned, refusal = probe(key, group)
if refusal then return refusal end
local summary = redis.call('XPENDING', key, group)
local page, more = unpack(page_after(summary[4] or {}, 1, after, limit))
if #returned == 0 then return { summary[1], summary[2], summary[3], page, more } end
local count, first, last = 0, false, false
for _, consumer in ipairs(summary[4]) do
  if consumer[1] ~= RETURNED then count = count + consumer[2] end
end
local from = '-'
repeat
  local page = redis.call('XPENDING', key, group, from, '+', 1000)
  for _, pending in ipairs(page) do
    if pending[2] ~= RETURNED then first, last = first or pending[1], pending[1] end
  end
  if #page > 0 then from = '(' .. page[#page][1] end
until #page < 1000
return { count, first, last, page, more }
