-- `trim_step(key, strategy, threshold, exact, max_removed)`: does part of a trim. Returns the number of entries
-- removed, and whether another step may remove more. Redis can limit a trim only if it removes whole nodes, so whole
-- nodes go first. After them, an exact trim removes less than one node.

local function trim_step(key, strategy, threshold, exact, max_removed)
  local removed = redis.call('XTRIM', key, strategy, '~', threshold, 'LIMIT', string.format('%.0f', max_removed))
  if removed * 2 >= max_removed then return removed, true end
  if exact then removed = removed + redis.call('XTRIM', key, strategy, '=', threshold) end
  return removed, false
end
