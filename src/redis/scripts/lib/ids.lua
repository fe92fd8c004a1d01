-- Ids stay texts, because Lua's numbers cannot hold them. `before(a, b)` compares two ids, `split(id)` returns the two
-- halves of an id, and `less(a, b)` compares two halves. `padded(id)`: an id of fixed length, with leading zeros, so
-- that the order of texts is that of ids. `unpadded(text)`: the id.

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
end
local function padded(id)
  local ms, seq = split(id)
  return string.rep('0', 20 - #ms) .. ms .. '-' .. string.rep('0', 20 - #seq) .. seq
end
local function unpadded(text)
  local ms, seq = string.gsub(string.sub(text, 1, 20), '^0+', ''), string.gsub(string.sub(text, 22, 41), '^0+', '')
  return (ms == '' and '0' or ms) .. '-' .. (seq == '' and '0' or seq)
end
