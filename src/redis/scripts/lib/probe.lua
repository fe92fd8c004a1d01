-- `probe(key, group)`: the first of the group's returned entries, in a list that is mostly empty; or nil, and what to
-- refuse with when there is no such group. One cheap command answers both.
--
-- uses: refuse
-- constants: RETURNED

local function probe(key, group)
  local reply = redis.pcall('XPENDING', key, group, '-', '+', 1, RETURNED)
  if not reply.err then return reply end
  local missing = refuse_unless_stream(key)
  if missing then return nil, missing end
  if string.find(reply.err, 'NOGROUP') then return nil, refuse('group-not-found') end
  -- Anything else, as that the user may not do it, ends the script.
  redis.call('XPENDING', key, group, '-', '+', 1, RETURNED)
end
