-- Redis makes an empty stream only for a group: one is made with it and destroyed again.
--
-- allowed: growing
-- uses: refuse
-- constants: RETURNED
--
-- Returns 1 when it was made, 0 when it was there. Refuses: stream-conflict.

if is_stream(key) then return 0 end
if redis.call('EXISTS', key) == 1 then return refuse('stream-conflict') end
redis.call('XGROUP', 'CREATE', key, RETURNED, '$', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', key, RETURNED)
return 1
