-- Moves a group, or sets its counter. Moving it forgets what came back to it. Setting only its counter does not, and
-- counts it in.
--
-- allowed: settling
-- uses: probe, info, returned-ids
-- constants: RETURNED
-- arguments: group, after?, entries_read?: number
--
-- `after`: an id, or "$" for the end. Refuses: group-not-found, stream-not-found.

local back, refusal = probe(key, group)
if refusal then return refusal end
if not after and not entries_read then return 0 end
local place, returned = after, 0
if not after then
  place = group_info(key, group)['last-delivered-id']
  if #back > 0 then returned = #returned_ids(key, group, place) end
elseif #back > 0 then
  redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
end
local arguments = { 'XGROUP', 'SETID', key, group, place }
if entries_read then
  local count = math.min(entries_read + returned, stream_info(key)['entries-added'])
  arguments[6], arguments[7] = 'ENTRIESREAD', string.format('%.0f', count)
end
redis.call(unpack(arguments))
return 1
