-- `named(flat)`: the names and values that XINFO lists in turn, as a table. `stream_info(key)`. `group_info(key,
-- group)`.

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
end
