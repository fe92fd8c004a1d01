-- Lists pending entries.
--
-- allowed: reading
-- uses: probe, ids
-- constants: RETURNED
-- arguments: group, min_idle, from, to, limit: number, consumer?
--
-- Returns the entries as XPENDING lists them, without returned entries.

local returned, refusal = probe(key, group)
if refusal then return refusal end
local function page_from(start, count)
  local arguments = { 'XPENDING', key, group, 'IDLE', min_idle, start, to, count }
  if consumer then arguments[#arguments + 1] = consumer end
  return redis.call(unpack(arguments))
end
if #returned == 0 or consumer then return page_from(from, limit) end
local found = {}
while #found < limit do
  local wanted = limit - #found
  local page = page_from(from, wanted)
  for _, pending in ipairs(page) do
    if pending[2] ~= RETURNED then found[#found + 1] = pending end
  end
  if #page < wanted or page[#page][1] == MAX_ID then break end
  from = '(' .. page[#page][1]
end
return found
