-- `trim_some(key, strategy, threshold, exact, most)`: removes some of what a trim is to remove, and says how many
-- entries and whether to go on. Redis bounds a trim only where whole nodes are removed, so these go first; what an
-- exact trim removes after them is less than one.

local function trim_some(key, strategy, threshold, exact, most)
  local removed = redis.call('XTRIM', key, strategy, '~', threshold, 'LIMIT', string.format('%.0f', most))
  if removed * 2 >= most then return removed, true end
  if exact then removed = removed + redis.call('XTRIM', key, strategy, '=', threshold) end
  return removed, false
end
