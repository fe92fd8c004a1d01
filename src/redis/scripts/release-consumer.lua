-- Takes entries out of a consumer's hands, as a nack that releases them. Deletes the consumer once it owns nothing.
--
-- allowed: settling
-- uses: refuse, probe, info, clock, companion, nacked
-- arguments: group, consumer, limit: number, is_first: flag
--
-- `is_first`: refuses if the consumer does not exist.
--
-- Returns the number of entries released, and 1 if the consumer owns more. Refuses: consumer-not-found.

local _, refusal = probe(key, group)
if refusal then return refusal end
local page = redis.call('XPENDING', key, group, '-', '+', limit, consumer)
if #page == 0 and is_first then
  local exists = false
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do
    if named(flat).name == consumer then exists = true end
  end
  if not exists then return refuse('consumer-not-found') end
end
local c = #page > 0 and ensure_companion(key, group)
for _, state in ipairs(page) do set_free(key, c, state[1], math.max(0, state[4] - 1), now_ms()) end
if #page == limit then return { #page, 1 } end
redis.call('XGROUP', 'DELCONSUMER', key, group, consumer)
return { #page, false }
