-- `Room(bytes, strict)`: the room in an answer. `room.takes(fields)` is false for an entry that has no room, and for
-- all that come after it. The first entry may go beyond the room, so one always has room; with `strict`, none may.
-- `room.full()`. `STEP`: how many entries to read at a time, since their size is only known when they have been read.
--
-- A text takes up to six times its length in JSON. To measure it takes longer than to read it, so texts are only
-- measured where six times their lengths may be too much.
--
-- constants: ENTRY_BYTES

local STEP, PIECE = 32, 65536
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
end
