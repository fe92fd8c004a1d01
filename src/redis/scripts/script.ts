import { createHash } from 'node:crypto'
import { ENTRY_BYTES } from '../../semantics/answer-size.ts'

/** A script as Redis runs it: one atomic step. */
export interface Script {
  readonly text: string
  readonly sha: string
  /** It changes nothing: when its answer is lost, nothing is in doubt. */
  readonly isReading: boolean
  /** It answers with fields, whose bytes may be no UTF-8. */
  readonly hasFields: boolean
}

/**
 * What Redis allows a script to do. "reading": nothing is written. "growing": it is refused before it begins when
 * memory is full. "settling": it may run then, because it frees memory, or lets work go on.
 */
type Kind = 'reading' | 'growing' | 'settling'

const FLAGS: Record<Kind, string> = {
  reading: '#!lua flags=no-writes,allow-oom',
  growing: '#!lua',
  settling: '#!lua flags=allow-oom'
}

/**
 * Scripts are texts in TypeScript, so that plain `tsc` builds all there is. Each looks at everything that it could be
 * refused for before its first write, since Redis takes nothing back.
 */
export function script(
  kind: Kind,
  fragments: readonly string[],
  body: string,
  { hasFields = false }: { readonly hasFields?: boolean } = {}
): Script {
  const text = [FLAGS[kind], ...fragments, body].join('\n')
  const sha = createHash('sha1').update(text).digest('hex')
  return { text, sha, isReading: kind === 'reading', hasFields }
}

/**
 * Where entries wait that were delivered to a reader who hung up: pending, in the group itself, with a consumer whose
 * name no request can have, never delivered (count 0). So they come and go with their group, whoever destroys it; a
 * native client sees them in XPENDING and may claim them like those of any dead consumer.
 */
export const RETURNED = '\u0001weir:returned'

/** `refuse(code, ...)`: an error that `refusals.ts` understands. `is_stream(key)`. */
export const REFUSE = `
local RETURNED = '\\1weir:returned'
local function refuse(...)
  return redis.error_reply(table.concat({'WEIR', ...}, ' '))
end
local function is_stream(key)
  return redis.call('TYPE', key).ok == 'stream'
end
-- The refusal of a key that is to be a stream and is not; nil for one that is.
local function refuse_unless_stream(key)
  local type = redis.call('TYPE', key).ok
  if type == 'stream' then return nil end
  return refuse(type == 'none' and 'stream-not-found' or 'stream-conflict')
end`

/**
 * `probe(key, group)`: the first of the group's returned entries, in a list that is mostly empty; or nil, and what to
 * refuse with when there is no such group. One cheap command answers both.
 */
export const PROBE = `
local function probe(key, group)
  local reply = redis.pcall('XPENDING', key, group, '-', '+', 1, RETURNED)
  if not reply.err then return reply end
  local missing = refuse_unless_stream(key)
  if missing then return nil, missing end
  if string.find(reply.err, 'NOGROUP') then return nil, refuse('group-not-found') end
  -- Anything else, as that the user may not do it, ends the script.
  redis.call('XPENDING', key, group, '-', '+', 1, RETURNED)
end`

/** Ids as texts: they do not fit into Lua's numbers. `before(a, b)`, `split(id)`, `less(a, b)` of halves. */
export const IDS = `
local MAX_HALF = '18446744073709551615'
local MAX_ID = MAX_HALF .. '-' .. MAX_HALF
local function split(id)
  local dash = string.find(id, '-', 1, true)
  return string.sub(id, 1, dash - 1), string.sub(id, dash + 1)
end
local function less(a, b)
  if #a ~= #b then return #a < #b end
  return a < b
end
local function before(a, b)
  local a_ms, a_seq = split(a)
  local b_ms, b_seq = split(b)
  if a_ms ~= b_ms then return less(a_ms, b_ms) end
  return less(a_seq, b_seq)
end`

/** `named(flat)`: a table of what XINFO lists as names and values. `group_info(key, group)`. */
export const INFO = `
local function named(flat)
  local values = {}
  for i = 1, #flat, 2 do values[flat[i]] = flat[i + 1] end
  return values
end
local function stream_info(key)
  return named(redis.call('XINFO', 'STREAM', key))
end
local function group_info(key, group)
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    local info = named(flat)
    if info.name == group then return info end
  end
end`

/**
 * `page_after(items, at, after, limit)`: of items in the byte order of their names, which are what Redis lists by name, at
 * most so many whose names come after one, and 1 if more follow. An item has its name at that index.
 */
export const PAGE = `
-- By bytes: Lua's own order of texts is that of a locale.
local function comes_after(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x > y end
  end
  return #a > #b
end
local function page_after(items, at, after, limit)
  local low, high = 1, #items + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if comes_after(items[middle][at], after) then high = middle else low = middle + 1 end
  end
  local page = {}
  for i = low, #items do
    if items[i][at] ~= RETURNED then
      if #page == limit then return { page, 1 } end
      page[#page + 1] = items[i]
    end
  end
  return { page, 0 }
end`

/**
 * `now_ms()`. `call_now(...)`: the reply to a command that tells how long something has been idle, and the moment of the
 * reply. Before 7.2 time passes while a script runs, so a command is called again until none passed during the call:
 * only then is the moment of a delivery exact. `pending_now(...)`: the same for XPENDING.
 */
export const CLOCK = `
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function call_now(...)
  local reply, now, again
  for _ = 1, 10 do
    now = now_ms()
    reply = redis.call(...)
    again = now_ms()
    if now == again then break end
  end
  return reply, again
end
local function pending_now(...)
  return call_now('XPENDING', ...)
end
local function integer(number)
  return string.format('%.0f', number)
end`

/**
 * `Room(bytes, strict)`: the room in an answer. `room.takes(fields)` is false for an entry that has no room, and for all
 * that come after it. The first entry may go beyond the room, so one always has room; with `strict`, none may.
 * `room.full()`. `STEP`: how many entries to read at a time, since their size is only known when they have been read.
 *
 * A text takes up to six times its length in JSON. To measure it takes longer than to read it, so texts are only
 * measured where six times their lengths may be too much.
 */
export const ROOM = `
local STEP, ENTRY_BYTES, PIECE = 32, ${ENTRY_BYTES}, 65536
local function measured(fields)
  local bytes = ENTRY_BYTES
  for _, text in ipairs(fields) do
    bytes = bytes + 4
    for i = 1, #text, PIECE do bytes = bytes + #cjson.encode(string.sub(text, i, i + PIECE - 1)) - 2 end
  end
  return bytes
end
local function at_most(fields)
  local bytes = ENTRY_BYTES
  for i = 1, #fields do bytes = bytes + 6 * #fields[i] + 4 end
  return bytes
end
local function Room(total, strict)
  local used, most, taken, cut = 0, 0, {}, false
  local room = {}
  function room.full() return cut or used >= total end
  function room.takes(fields)
    if cut then return false end
    if taken then
      most = most + at_most(fields)
      if most <= total then
        taken[#taken + 1] = fields
        return true
      end
      for _, one in ipairs(taken) do used = used + measured(one) end
      taken = nil
    end
    local bytes = measured(fields)
    cut = used + bytes > total and (strict or used > 0)
    if not cut then used = used + bytes end
    return not cut
  end
  return room
end`

/**
 * `trim_some(key, strategy, value, exact, limit)`: removes some of what a trim is to remove, and says how many entries
 * and whether to go on. Redis bounds a trim only where whole nodes are removed, so these go first; what an exact trim
 * removes after them is less than one.
 */
export const TRIMMING = `
local function trim_some(key, strategy, value, exact, limit)
  local removed = redis.call('XTRIM', key, strategy, '~', value, 'LIMIT', string.format('%.0f', limit))
  if removed * 2 >= limit then return removed, true end
  if exact then removed = removed + redis.call('XTRIM', key, strategy, '=', value) end
  return removed, false
end`

/**
 * `returned_ids(key, group, last)`: the ids to be delivered anew; `drop` lists those that wait there in vain, because
 * the entry was deleted, or because the group was moved and comes to it once more by itself.
 */
export const RETURNING = `
local function returned_ids(key, group, last)
  local ids, drop = {}, {}
  for _, pending in ipairs(redis.call('XPENDING', key, group, '-', '+', 1000000, RETURNED)) do
    local entry = redis.call('XRANGE', key, pending[1], pending[1])[1]
    if not entry or before(last, pending[1]) then drop[#drop + 1] = pending[1]
    else ids[#ids + 1] = pending[1] end
  end
  return ids, drop
end`
