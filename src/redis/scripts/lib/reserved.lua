-- `is_reserved(consumer)`: whether Weir uses this consumer for itself, so that nobody else sees it.
--
-- constants: RETURNED, NOBODY

local function is_reserved(consumer)
  return consumer == RETURNED or consumer == NOBODY
end
