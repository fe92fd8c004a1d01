-- Lists pending entries.
--
-- allowed: reading
-- uses: probe, ids, clock, companion, nacked
-- constants: RETURNED, NOBODY
-- arguments: group, min_idle: number, from, to, limit: number, consumer?
--
-- Returns the entries as XPENDING lists them, without returned entries. In a group with a companion, each has "leased",
-- "due" or "delayed" as well, and how long it takes until it falls due or nil. The owner of an entry in nobody's hands
-- is nil.

local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion_read(key, group)
local function page_from(start, count)
  local arguments = { 'XPENDING', key, group, 'IDLE', integer(min_idle), start, to, count }
  if consumer then arguments[#arguments + 1] = consumer end
  if c then return call_now(unpack(arguments)) end
  return redis.call(unpack(arguments))
end
local function states_of(page, now)
  if not c then return page end
  local timeout, states = c.policy.ackTimeoutMs, {}
  for _, pending in ipairs(page) do
    local id, owner, idle = pending[1], pending[2], pending[3]
    local due = timeout and math.max(now - idle, c.since) + timeout
    if owner == NOBODY then owner, due, idle = false, due_of(c, id), idle_of(c, id, now) end
    local state = due and due <= now and 'due' or owner and 'leased' or 'delayed'
    if idle >= min_idle then
      states[#states + 1] = { id, owner, idle, pending[4], state, state ~= 'due' and due and due - now or false }
    end
  end
  return states
end
if not c and (#returned == 0 or consumer) then return page_from(from, limit) end
local found = {}
while #found < limit do
  local wanted = limit - #found
  local page, now = page_from(from, wanted)
  for _, pending in ipairs(states_of(page, now)) do
    if pending[2] ~= RETURNED then found[#found + 1] = pending end
  end
  if #page < wanted or page[#page][1] == MAX_ID then break end
  from = '(' .. page[#page][1]
end
return found
