-- Creates an empty stream unless it exists. Redis creates one only together with a group, so this creates a group and
-- destroys it again.
--
-- allowed: growing
-- uses: refuse
-- constants: RETURNED
--
-- Returns 1 if it was created, 0 if it existed. Refuses: stream-conflict.

if is_stream(key) then return 0 end
if redis.call('EXISTS', key) == 1 then return refuse('stream-conflict') end
redis.call('XGROUP', 'CREATE', key, RETURNED, '$', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', key, RETURNED)
return 1
