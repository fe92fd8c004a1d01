-- Moves a group, or sets its counter. A move discards the group's returned entries. Setting the counter alone keeps
-- them, and adds them to it.
--
-- allowed: settling
-- uses: probe, info, returned-ids
-- constants: RETURNED
-- arguments: group, after?, entries_read?: number
--
-- `after`: an id, or "$" for the end of the stream.
--
-- Returns 1, or 0 if there is nothing to set. Refuses: group-not-found, stream-not-found.

local returned, refusal = probe(key, group)
if refusal then return refusal end
if not after and not entries_read then return 0 end
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
