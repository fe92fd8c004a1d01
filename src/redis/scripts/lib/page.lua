-- `page_after(items, at, after, limit)`: returns a page of items, and 1 if more follow. The page has up to `limit`
-- items whose names come after `after`. The items are in the byte order of their names, in which Redis lists groups
-- and consumers. Each item has its name at index `at`.
--
-- uses: reserved

-- Compares bytes: Lua's own order of texts depends on the locale.
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
    if not is_reserved(items[i][at]) then
      if #page == limit then return { page, 1 } end
      page[#page + 1] = items[i]
    end
  end
  return { page, 0 }
end
