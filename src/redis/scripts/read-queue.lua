-- Reads as `read-group`, in any group. Acks and nacks what the reader settles first, and delivers entries that are due.
--
-- allowed: settling
-- uses: refuse, probe, ids, info, clock, answer-budget, idle-entries, companion, due, deaths, dead, room, settle, nacked, new-entries
-- constants: DIED_OF_CLAIM
-- arguments: group, consumer, count: number, no_ack: flag, is_claiming: flag, min_idle?: number, max_deliveries?: number, is_quiet: flag, budget_bytes: number, is_strict: flag, scan_from, settlement...
-- answers with fields
--
-- `is_claiming`: the reader claims idle entries, though not necessarily now. `min_idle`: claims entries that have been
-- idle for this long, unless they were delivered `max_deliveries` times. `is_quiet`: if nothing can be delivered,
-- changes nothing, not even when the consumer was last seen. `is_strict`: the first entry must fit, too. `scan_from`:
-- where the scan for idle entries starts. `settlement`: see `settle`.
--
-- Returns the time before and after; the entries delivered for the first time; those delivered again: { entry, owner,
-- delivered at or due since, deliveries before, idle }; where the next scan for idle entries starts; the stream's last
-- id if nothing was delivered, else nil; the idle time of the oldest entry that cannot be claimed yet, -1 if there is
-- none, nil without a scan or if the scan did not examine the whole list; 1 if the budget was spent before `count` was
-- reached; the time within which entries must be acked, or nil; what was settled, or nil; the deaths; 1 if the group
-- limits pending entries, 2 if only that has kept this consumer from new ones; 1 if Weir keeps anything of the group
-- beside the stream. Refuses: claim-in-timed-group, and as a nack.

local budget = Budget(budget_bytes, is_strict)
local returned, refusal = probe(key, group)
if refusal then return refusal end
local c = companion(key, group)
local state_before = c and c.turn .. c.check .. c.from
if c and is_claiming and c.policy.ackTimeoutMs then return refuse('claim-in-timed-group') end
local settled, skipped = false, {}
local function settle_now()
  local refused
  refused, settled, skipped, c = settle(key, group, c, consumer, settlement_at)
  if settled and ARGV[settlement_at] == 'skip' then settled = false end
  return refused
end
local has_settlement = #ARGV >= settlement_at
if has_settlement and (not is_quiet or ARGV[settlement_at] == 'skip') then
  refusal = settle_now()
  if refusal then return refusal end
  has_settlement = false
end

local began = now_ms()
local claimed = {}
local selected, oldest = {}, false
if min_idle then
  local found
  found, scan_from, oldest = idle_entries(key, group, min_idle, scan_from)
  local max = c and c.policy.maxDeliveries or math.huge
  for _, pending in ipairs(found) do
    if #selected == count then
      -- The next reader can claim the rest at once.
      oldest = false
      break
    end
    if pending.deliveries >= math.min(max_deliveries or math.huge, max) then
      if pending.deliveries >= max then bury(key, c, pending.id, pending.deliveries, pending.owner, DIED_OF_CLAIM) end
    else
      local entry = redis.call('XRANGE', key, pending.id, pending.id)[1]
      if entry then
        if not budget.add(entry[2]) then
          oldest = false
          break
        end
        pending.entry = entry
        selected[#selected + 1] = pending
      end
    end
  end
end
local room = 0
local function limits()
  if not c or not (c.policy.maxPending or c.policy.maxPendingPerConsumer) then return false end
  return room == 0 and c.policy.maxPendingPerConsumer and 2 or 1
end
local due = c and due_entries(key, c, count) or {}
room = no_ack and math.huge or room_for_new(key, c, consumer)

if is_quiet and #selected == 0 and #due == 0 and (#returned == 0 or room == 0) then
  local last = group_info(key, group)['last-delivered-id']
  if room == 0 or last == MAX_ID or #redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', 1) == 0 then
    if c and state_before ~= c.turn .. c.check .. c.from then save(c) end
    return { '0', '0', {}, {}, scan_from, stream_info(key)['last-generated-id'], oldest, false, false, settled,
      deaths_of(c), limits(), c and 1 }
  end
end
if has_settlement then
  refusal = settle_now()
  if refusal then return refusal end
  room = no_ack and math.huge or room_for_new(key, c, consumer)
end

for _, pending in ipairs(selected) do
  redis.call('XCLAIM', key, group, consumer, 0, pending.id, 'RETRYCOUNT', integer(pending.deliveries + 1), 'JUSTID')
  claimed[#claimed + 1] = { pending.entry, pending.owner, integer(pending.delivered_at),
    integer(pending.deliveries), pending.idle }
end

local next_due = 1
local function give_due(limit)
  local first = #claimed
  while #claimed - first < limit and due[next_due] and not budget.is_spent() do
    local pending = due[next_due]
    local entry = not skipped[pending.id] and redis.call('XRANGE', key, pending.id, pending.id)[1]
    if entry then
      if not budget.add(entry[2]) then break end
      take(key, c, consumer, pending)
      claimed[#claimed + 1] = { entry, pending.owner, integer(pending.delivered_at), integer(pending.deliveries),
        pending.idle }
    elseif not skipped[pending.id] then
      redis.call('XACK', key, group, pending.id)
      forget_free(c, pending.id)
    end
    next_due = next_due + 1
  end
  return #claimed - first
end

-- A group that was moved back reads dead entries anew. They are not dead any more then.
local last_dead = c and redis.call('ZRANGE', c.dead, -1, -1)[1]
local function on_read(id)
  if padded(id) < last_dead then ack_dead(c, id) end
end
local new = NewEntries(key, group, consumer, no_ack, budget, returned)
local function give_new(limit)
  -- Due entries that were given before count as well.
  if not no_ack then room = room_for_new(key, c, consumer) end
  local given = new.take(math.min(limit, room), last_dead and on_read)
  room = room - given
  return given
end

-- The class that has its turn goes first.
local rest = count - #claimed
local half = math.ceil(rest / 2)
local turn = c and c.turn or 'new'
if #due == 0 then half = rest end
for part = 1, 3 do
  local limit = part == 1 and half or rest
  local gives_due = (turn == 'due') == (part ~= 2)
  local given = gives_due and give_due(limit) or not gives_due and give_new(limit) or 0
  if given > 0 and c then c.turn = gives_due and 'new' or 'due' end
  rest = rest - given
end
if c and state_before ~= c.turn .. c.check .. c.from then save(c) end

local last_id = false
if #new.entries + #claimed == 0 then
  -- Before Redis 7.2, a read that finds nothing does not create its consumer.
  redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
  last_id = stream_info(key)['last-generated-id']
end
local is_cut = budget.is_spent() and #new.entries + #claimed < count
return { integer(began), integer(now_ms()), new.entries, claimed, scan_from, last_id, oldest, is_cut and 1,
  c and c.policy.ackTimeoutMs or false, settled, deaths_of(c),
  limits(), c and 1 }
