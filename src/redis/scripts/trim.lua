-- Removes old entries, as many as take Redis some milliseconds.
--
-- allowed: settling
-- uses: refuse, trim-step
-- arguments: strategy, threshold, is_exact: flag, most: number
--
-- `strategy`: MAXLEN or MINID. `most`: how many entries to remove at most, more or less.
--
-- Returns how many entries were removed; 1 when more are to be.

local missing = refuse_unless_stream(key)
if missing then return missing end
local removed, more = trim_some(key, strategy, threshold, is_exact, most)
return { removed, more and 1 }
