-- `Budget(bytes, strict)`: how many bytes of entries an answer may still hold. `budget.add(fields)` returns false for
-- an entry that does not fit, and for every entry after it. The first entry always fits, whatever its size, unless
-- `strict` is set. `budget.is_spent()`. `BATCH`: how many entries to read at a time, since their size is known only
-- after the read.
--
-- JSON can make a text up to six times as long. Measuring a text takes longer than reading it, so texts are measured
-- only once six times their lengths might exceed the budget.
--
-- constants: ENTRY_BYTES

local BATCH, CHUNK = 32, 65536
local function size_of(fields)
  local bytes = ENTRY_BYTES
  for _, text in ipairs(fields) do
    bytes = bytes + 4
    for i = 1, #text, CHUNK do bytes = bytes + #cjson.encode(string.sub(text, i, i + CHUNK - 1)) - 2 end
  end
  return bytes
end
local function max_size_of(fields)
  local bytes = ENTRY_BYTES
  for i = 1, #fields do bytes = bytes + 6 * #fields[i] + 4 end
  return bytes
end
local function Budget(total, strict)
  local used, max_used, unmeasured, is_exceeded = 0, 0, {}, false
  local budget = {}
  function budget.is_spent() return is_exceeded or used >= total end
  function budget.add(fields)
    if is_exceeded then return false end
    if unmeasured then
      max_used = max_used + max_size_of(fields)
      if max_used <= total then
        unmeasured[#unmeasured + 1] = fields
        return true
      end
      for _, each in ipairs(unmeasured) do used = used + size_of(each) end
      unmeasured = nil
    end
    local bytes = size_of(fields)
    is_exceeded = used + bytes > total and (strict or used > 0)
    if not is_exceeded then used = used + bytes end
    return not is_exceeded
  end
  return budget
end
