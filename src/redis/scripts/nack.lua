-- Takes pending entries out of the hands of their consumers.
--
-- allowed: settling
-- uses: probe, companion, deaths, settle
-- arguments: group, consumer?, settlement...
--
-- `consumer`: only the entries that it owns. `settlement`: see `settle`.
--
-- Returns what was settled, and the deaths. Refuses: storage-full, dead-letter-conflict, dead-letter-ids.

local _, refusal = probe(key, group)
if refusal then return refusal end
local refused, settled, _, c = settle(key, group, companion(key, group), consumer, settlement_at)
if refused then return refused end
return { settled, deaths_of(c) }
