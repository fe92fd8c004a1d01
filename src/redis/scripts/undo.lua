-- Takes back what never reached its consumer, as far as nobody has acked, claimed or read it since: new entries wait
-- for the next reader, the others are with their owners as before.
--
-- allowed: settling
-- uses: probe, ids, info, clock
-- constants: RETURNED
-- arguments: group, consumer, began: number, ended: number, no_ack: flag, fresh: number, ids...
--
-- `began`, `ended`: moments before and after the delivery. `ids`: so many new ids as `fresh` says; then for each
-- entry delivered again its id, owner, delivered at, deliveries before.
--
-- Returns how many were taken back.

local _, refusal = probe(key, group)
if refusal then return 0 end
local last = group_info(key, group)['last-delivered-id']
local undone = 0

local function state_of(id)
  local states, now = pending_now(key, group, id, id, 1)
  return states[1], now
end
local function untouched(id, deliveries)
  local state, now = state_of(id)
  if not state or state[2] ~= consumer or state[4] ~= deliveries then return false end
  local at = now - state[3]
  return at >= began - 1 and at <= ended + 1
end
local function release(id)
  undone = undone + 1
  if #redis.call('XRANGE', key, id, id) == 0 or before(last, id) then
    redis.call('XACK', key, group, id)
  else
    redis.call('XCLAIM', key, group, RETURNED, 0, id, 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
  end
end

local again_at = ids_at + fresh
for i = ids_at, again_at - 1 do
  local id = ARGV[i]
  if no_ack then
    if not state_of(id) then release(id) end
  elseif untouched(id, 1) then
    release(id)
  end
end

local owners = {}
if #ARGV >= again_at then
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', key, group)) do owners[named(flat).name] = true end
end
for i = again_at, #ARGV, 4 do
  local id, owner, delivered_at, deliveries = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if untouched(id, tonumber(deliveries) + 1) then
    if not owners[owner] then release(id)
    elseif #redis.call('XRANGE', key, id, id) == 1 then
      -- Redis would drop a deleted entry instead of giving it back.
      redis.call('XCLAIM', key, group, owner, 0, id, 'TIME', delivered_at, 'RETRYCOUNT', deliveries, 'JUSTID')
      undone = undone + 1
    end
  end
end
return undone
