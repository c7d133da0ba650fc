local codec = require("lib.codec")
local harness = require("tests.harness")
local migrate = require("lib.migrate")

-- What the storage holds after a plan was carried out, or only its first part.
local function applied(stored, plan, part)
  local result = {}
  for key, text in pairs(stored) do
    result[key] = text
  end
  for key, text in pairs(plan.set) do
    result[key] = text
  end
  if part == "set" then
    return result
  end
  result[migrate.versionKey] = plan.version or result[migrate.versionKey]
  if part == "version" then
    return result
  end
  for _, key in ipairs(plan.remove) do
    result[key] = nil
  end
  return result
end

local old = { notes = "First\nnote\f\f  \fSecond", order = "title" }

harness.test("notes of version 1 become a key each, in their order", function()
  local after = applied(old, assert(migrate.plan(old, 1000)))
  harness.equal(after.notes, nil)
  harness.equal(after.order, "title")
  harness.equal(after.dataVersion, "2")
  harness.equal(codec.decode(after["note/m0001"]), { created = 1000, changed = 1000, pinned = false, body = "First\nnote" })
  harness.equal(codec.decode(after["note/m0002"]).changed, 999)
end)

harness.test("a second run has nothing to do", function()
  local after = applied(old, assert(migrate.plan(old, 1000)))
  harness.equal(migrate.plan(after, 2000), { set = {}, remove = {} })
end)

harness.test("a power cut in the middle loses no note", function()
  for _, part in ipairs({ "set", "version" }) do
    local halfway = applied(old, assert(migrate.plan(old, 1000)), part)
    local after = applied(halfway, assert(migrate.plan(halfway, 1000)))
    harness.equal(codec.decode(after["note/m0001"]).body, "First\nnote", part)
    harness.equal(codec.decode(after["note/m0002"]).body, "Second", part)
  end
end)

harness.test("a new installation gets the current version", function()
  harness.equal(migrate.plan({}, 1), { set = {}, remove = {}, version = "2" })
end)

harness.test("data of a later version is not touched", function()
  for _, version in ipairs({ "3", "2.5" }) do
    local plan, code = migrate.plan({ dataVersion = version }, 1)
    harness.equal({ plan, code }, { nil, "newer" })
  end
end)
