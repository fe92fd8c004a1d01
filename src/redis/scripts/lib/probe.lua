-- `probe(key, group)`: checks that a group exists. Returns a list that holds the first of its returned entries, and
-- that is empty most of the time. If the group does not exist, returns nil and the refusal. One cheap command does
-- both.
--
-- uses: refuse
-- constants: RETURNED

local function probe(key, group)
  local reply = redis.pcall('XPENDING', key, group, '-', '+', 1, RETURNED)
  if not reply.err then return reply end
  local missing = refuse_unless_stream(key)
  if missing then return nil, missing end
  if string.find(reply.err, 'NOGROUP') then return nil, refuse('group-not-found') end
  -- Any other error, such as a missing permission, ends the script.
  redis.call('XPENDING', key, group, '-', '+', 1, RETURNED)
end
