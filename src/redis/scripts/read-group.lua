-- Delivers entries to a consumer: idle ones first, then returned ones, then new ones.
--
-- XREADGROUP with CLAIM (Redis 8.4) is not used, because its reply does not name the owner that an undo must restore.
--
-- allowed: settling
-- uses: probe, ids, info, clock, answer-budget, idle-entries, has-companion, new-entries
-- arguments: group, consumer, count: number, no_ack: flag, min_idle?: number, max_deliveries?: number, is_quiet: flag, budget_bytes: number, is_strict: flag, scan_from
-- answers with fields
--
-- `min_idle`: claims entries that have been idle for this long, unless they were delivered `max_deliveries` times.
-- `is_quiet`: if nothing can be delivered, changes
-- nothing, not even when the consumer was last seen. `is_strict`: the first entry must fit, too. `scan_from`: where
-- the scan for idle entries starts.
--
-- Returns nothing if Weir keeps anything of the group beside the stream: `read-queue` reads there. Returns the time
-- before and after; the entries delivered for the first time; the entries claimed: { entry, owner,
-- delivered at, deliveries before, idle }; where the next scan for idle entries starts; the stream's last id if
-- nothing was delivered, else nil; the idle time of the oldest entry that cannot be claimed yet, -1 if there is none,
-- nil without a scan or if the scan did not examine the whole list; 1 if the budget was spent before `count` was
-- reached.

local budget = Budget(budget_bytes, is_strict)
local returned, refusal = probe(key, group)
if refusal then return refusal end
if has_companion(group) then return {} end
local began = now_ms()
local claimed = {}
local selected, oldest = {}, false
if min_idle then
  local found
  found, scan_from, oldest = idle_entries(key, group, min_idle, scan_from)
  for _, pending in ipairs(found) do
    if #selected == count then
      -- The next reader can claim the rest at once.
      oldest = false
      break
    end
    local is_spent = max_deliveries and pending.deliveries >= max_deliveries
    local entry = not is_spent and redis.call('XRANGE', key, pending.id, pending.id)[1]
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

if is_quiet and #selected == 0 and #returned == 0 then
  local last = group_info(key, group)['last-delivered-id']
  if last == MAX_ID or #redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', 1) == 0 then
    return { '0', '0', {}, {}, scan_from, stream_info(key)['last-generated-id'], oldest, false }
  end
end

for _, pending in ipairs(selected) do
  redis.call('XCLAIM', key, group, consumer, 0, pending.id, 'RETRYCOUNT', integer(pending.deliveries + 1), 'JUSTID')
  claimed[#claimed + 1] = { pending.entry, pending.owner, integer(pending.delivered_at),
    integer(pending.deliveries), pending.idle }
end

local new = NewEntries(key, group, consumer, no_ack, budget, returned)
new.take(count - #claimed)
local last_id = false
if #new.entries + #claimed == 0 then
  -- Before Redis 7.2, a read that finds nothing does not create its consumer.
  redis.call('XGROUP', 'CREATECONSUMER', key, group, consumer)
  last_id = stream_info(key)['last-generated-id']
end
local is_cut = budget.is_spent() and #new.entries + #claimed < count
return { integer(began), integer(now_ms()), new.entries, claimed, scan_from, last_id, oldest, is_cut and 1 }
