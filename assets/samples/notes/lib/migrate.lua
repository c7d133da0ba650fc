-- Brings stored data to the form of this version. The manifest's dataVersion is `migrate.current`; each step
-- takes the whole storage as a table of texts and gives the next one, so that a step can be run again
-- after a power cut: nothing is removed before its successor is there.

local codec = require("lib.codec")

local migrate = {}

migrate.current = 2
migrate.versionKey = "dataVersion"

local steps = {}

-- 1 → 2: one long text under "notes", parted by form feeds, becomes a key for each note. Version 1 kept no
-- times, so the notes get the moment of the migration, in their old order.
steps[1] = function(stored, now)
  local result = {}
  for key, value in pairs(stored) do
    if key ~= "notes" then
      result[key] = value
    end
  end
  local bodies = {}
  for body in ((stored.notes or "") .. "\f"):gmatch("([^\f]*)\f") do
    if body:match("%S") then
      bodies[#bodies + 1] = body
    end
  end
  for place, body in ipairs(bodies) do
    local time = now - (place - 1)
    result[string.format("note/m%04d", place)] = codec.encode({ created = time, changed = time, body = body })
  end
  return result
end

-- The version of what is stored: nothing at all counts as current.
function migrate.versionOf(stored)
  local written = tonumber(stored[migrate.versionKey] or "")
  if written then
    return math.tointeger(written)
  end
  return stored.notes and 1 or migrate.current
end

-- Gives {set = {key = text}, remove = {key, …}}: what to change in the storage, in this order; or nil and
-- "newer" when a later version of the app wrote it.
function migrate.plan(stored, now)
  local version = migrate.versionOf(stored)
  if not version or version > migrate.current then
    return nil, "newer"
  end
  local after = stored
  for step = version, migrate.current - 1 do
    after = steps[step](after, now)
  end
  local plan = { set = {}, remove = {} }
  for key, text in pairs(after) do
    if stored[key] ~= text then
      plan.set[key] = text
    end
  end
  for key in pairs(stored) do
    if after[key] == nil then
      plan.remove[#plan.remove + 1] = key
    end
  end
  table.sort(plan.remove)
  if stored[migrate.versionKey] ~= tostring(migrate.current) then
    plan.version = tostring(migrate.current)
  end
  return plan
end

return migrate
