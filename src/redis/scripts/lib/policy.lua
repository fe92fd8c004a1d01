-- `set_policy(key, c, text)`: sets a group's delivery policy. The time of what is pending starts anew.
--
-- uses: clock, companion

local function set_policy(key, c, text)
  redis.call('HSET', STATE, c.group, text)
  c.text, c.policy = text, cjson.decode(text)
  c.since, c.check, c.from = now_ms(), 0, '-'
  save(c)
  drop_unused(key, c)
end
