-- Lists a page of the consumers of a group.
--
-- allowed: reading
-- uses: probe, page
-- arguments: group, after, limit: number
--
-- `after`: the last name of the previous page, or "".
--
-- Returns the consumers as XINFO CONSUMERS lists them, and 1 if more follow.

local _, refusal = probe(key, group)
if refusal then return refusal end
return page_after(redis.call('XINFO', 'CONSUMERS', key, group), 2, after, limit)
