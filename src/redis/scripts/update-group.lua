-- Moves a group, or sets its counter or its policy. A move discards the group's returned entries. Setting the counter
-- alone keeps them, and adds them to it.
--
-- allowed: settling
-- uses: probe, info, returned-ids, companion, policy
-- constants: RETURNED
-- arguments: group, after?, entries_read?: number, policy?
--
-- `after`: an id, or "$" for the end of the stream. `policy`: as JSON; "{}" removes it.
--
-- Returns 1, or 0 if there is nothing to set. Refuses: group-not-found, stream-not-found.

local returned, refusal = probe(key, group)
if refusal then return refusal end
if policy then
  local c = companion(key, group)
  if not c and policy ~= '{}' then c = ensure_companion(key, group) end
  if c then set_policy(key, c, policy) end
end
if not after and not entries_read then return policy and 1 or 0 end
local position, returned_count = after, 0
if not after then
  position = group_info(key, group)['last-delivered-id']
  if #returned > 0 then returned_count = #returned_ids(key, group, position) end
elseif #returned > 0 then
  redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
end
local arguments = { 'XGROUP', 'SETID', key, group, position }
if entries_read then
  local count = math.min(entries_read + returned_count, stream_info(key)['entries-added'])
  arguments[6], arguments[7] = 'ENTRIESREAD', string.format('%.0f', count)
end
redis.call(unpack(arguments))
return 1
