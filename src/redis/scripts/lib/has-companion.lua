-- `has_companion(group)`: whether Weir keeps anything of a group beside its stream, which is rare. See `companion`.

local function has_companion(group)
  return redis.call('HGET', KEYS[2], group) ~= false
end
