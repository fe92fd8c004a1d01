-- Removes old entries, as many as Redis removes in a few milliseconds.
--
-- allowed: settling
-- uses: refuse, trim-step
-- arguments: strategy, threshold, is_exact: flag, max_removed: number
--
-- `strategy`: MAXLEN or MINID. `max_removed`: the approximate number of entries to remove at most.
--
-- Returns the number of entries removed; 1 if there is more to remove.

local missing = refuse_unless_stream(key)
if missing then return missing end
local removed, more = trim_step(key, strategy, threshold, is_exact, max_removed)
return { removed, more and 1 }
