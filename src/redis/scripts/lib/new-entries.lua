-- `NewEntries(key, group, consumer, no_ack, budget, returned)`: delivers entries for the first time: returned ones, of
-- which `returned` holds the first if there is any, then those that the group has not read. `new.take(limit, on_read)`
-- delivers up to `limit` entries and returns how many; `on_read` gets the id of each entry that was not read before.
-- `new.entries`: all of them.
--
-- uses: ids, info, answer-budget
-- constants: RETURNED

local function NewEntries(key, group, consumer, no_ack, budget, returned)
  local entries, is_exhausted = {}, false
  local new = { entries = entries }
  local function take_returned(limit)
    local last = group_info(key, group)['last-delivered-id']
    local first, page_size = #entries, 1000
    while page_size == 1000 and #entries - first < limit and not budget.is_spent() do
      -- Every entry of the page leaves the list, except one that does not fit into the answer.
      local page = redis.call('XPENDING', key, group, '-', '+', 1000, RETURNED)
      page_size = #page
      for _, pending in ipairs(page) do
        if #entries - first == limit or budget.is_spent() then break end
        local id = pending[1]
        local entry = redis.call('XRANGE', key, id, id)[1]
        if not entry or before(last, id) then redis.call('XACK', key, group, id)
        elseif budget.add(entry[2]) then
          if no_ack then redis.call('XACK', key, group, id)
          else redis.call('XCLAIM', key, group, consumer, 0, id, 'RETRYCOUNT', 1, 'JUSTID') end
          entries[#entries + 1] = entry
        end
      end
    end
    if #redis.call('XPENDING', key, group, '-', '+', 1, RETURNED) == 0 then
      redis.call('XGROUP', 'DELCONSUMER', key, group, RETURNED)
      returned = {}
    end
  end
  local function read(wanted)
    local reply
    if no_ack then
      reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'NOACK', 'STREAMS', key, '>')
    else
      reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', key, '>')
    end
    return reply and reply[1][2] or {}
  end
  function new.take(limit, on_read)
    local first = #entries
    if #returned > 0 and limit > 0 then take_returned(limit) end
    while #entries - first < limit and not budget.is_spent() and not is_exhausted do
      local wanted = math.min(BATCH, limit - (#entries - first))
      local page = read(wanted)
      for _, entry in ipairs(page) do
        if on_read then on_read(entry[1]) end
        if budget.add(entry[2]) then entries[#entries + 1] = entry
        else
          -- The entry was read but does not fit. The next read delivers it first.
          redis.call('XCLAIM', key, group, RETURNED, 0, entry[1], 'RETRYCOUNT', 0, 'FORCE', 'JUSTID')
        end
      end
      is_exhausted = #page < wanted
    end
    return #entries - first
  end
  return new
end
