local harness = require("tests.harness")
local store = require("lib.store")

-- A store over a plain table in place of the storage, and a clock that the test sets.
local function fresh(notes)
  local world = { time = 100, saved = {} }
  world.store = store.new({
    now = function() return world.time end,
    save = function(id, note) world.saved[id] = note.body end,
    forget = function(id) world.saved[id] = nil end,
  }, notes)
  return world.store, world
end

local function titles(found)
  local result = {}
  for place, entry in ipairs(found) do
    result[place] = entry.title
  end
  return result
end

harness.test("notes made in the same second have different ids", function()
  local notes = fresh()
  assert(notes:create("a") ~= notes:create("b"))
end)

harness.test("every change is saved", function()
  local notes, world = fresh()
  local id = notes:create("a")
  harness.equal(world.saved[id], "a")
  harness.equal(notes:edit(id, "b"), true)
  harness.equal(world.saved[id], "b")
  harness.equal(notes:edit(id, "b"), false)
  notes:remove(id)
  harness.equal(world.saved[id], nil)
end)

harness.test("what is not there or too long is refused", function()
  local notes = fresh()
  for _, call in ipairs({ notes.edit, notes.toggleTask, notes.togglePin, notes.remove }) do
    harness.equal({ select(2, call(notes, "none", "x")) }, { "not_there" })
  end
  local long = ("x"):rep(store.longestBody + 1)
  harness.equal(select(2, notes:create(long)), "too_long")
  local id = notes:create("x")
  harness.equal(select(2, notes:edit(id, long)), "too_long")
  harness.equal(notes:get(id).body, "x")
end)

harness.test("undo goes back step by step to where it began", function()
  local notes, world = fresh()
  local id = notes:create("a")
  notes:edit(id, "ab")
  notes:edit(id, "abc")
  notes:togglePin(id)
  notes:remove(id)
  harness.equal({ notes:undo() }, { id, "remove" })
  harness.equal({ notes:get(id).body, notes:get(id).pinned }, { "abc", true })
  notes:undo()
  harness.equal(notes:get(id).pinned, false)
  harness.equal({ notes:undo() }, { id, "edit" })
  harness.equal(notes:get(id).body, "a")
  notes:undo()
  harness.equal({ notes:get(id), world.saved }, { nil, {} })
  harness.equal(notes:undo(), nil)
end)

harness.test("a pause in typing begins a new step", function()
  local notes = fresh()
  local id = notes:create("a")
  notes:edit(id, "ab")
  notes:endTyping()
  notes:edit(id, "abc")
  notes:undo()
  harness.equal(notes:get(id).body, "ab")
end)

harness.test("undo has a limit", function()
  local notes = fresh()
  local id = notes:create("a")
  for _ = 1, store.mostUndo + 10 do
    notes:togglePin(id)
  end
  local steps = 0
  while notes:undo() do
    steps = steps + 1
  end
  harness.equal(steps, store.mostUndo)
end)

harness.test("random changes, all undone, leave everything as it was", function()
  math.randomseed(7)
  local before = { x = { created = 1, changed = 1, pinned = false, body = "- [ ] x" } }
  local notes, world = fresh({ x = { created = 1, changed = 1, pinned = false, body = "- [ ] x" } })
  for number = 1, store.mostUndo - 2 do
    world.time = world.time + 1
    local ids = {}
    for id in pairs(notes.notes) do
      ids[#ids + 1] = id
    end
    table.sort(ids)
    local id, action = ids[math.random(math.max(1, #ids))], math.random(5)
    if action == 1 or not id then
      notes:create("n" .. number)
    elseif action == 2 then
      notes:edit(id, "e" .. number)
    elseif action == 3 then
      notes:togglePin(id)
    elseif action == 4 then
      notes:toggleTask(id, 1)
    else
      notes:remove(id)
    end
  end
  while notes:undo() do
  end
  harness.equal(notes.notes, before)
end)

harness.test("the list follows the order, with pinned notes first", function()
  local notes, world = fresh()
  local b = notes:create("Berlin")
  world.time = 101
  notes:create("athens")
  world.time = 102
  notes:create("Cairo")
  world.time = 103
  notes:edit(b, "Berlin\nnew")
  harness.equal(titles(notes:list("", "changed")), { "Berlin", "Cairo", "athens" })
  harness.equal(titles(notes:list("", "created")), { "Cairo", "athens", "Berlin" })
  harness.equal(titles(notes:list("", "title")), { "athens", "Berlin", "Cairo" })
  notes:togglePin(notes:list("cairo")[1].id)
  harness.equal(titles(notes:list("", "title")), { "Cairo", "athens", "Berlin" })
  harness.fails("no such order", notes.list, notes, "", "size")
end)

harness.test("better hits come first", function()
  local notes, world = fresh()
  notes:create("# Train times")
  world.time = 200
  notes:create("# Other\nby train")
  harness.equal(titles(notes:list("train")), { "Train times", "Other" })
end)

harness.test("tags are counted over all notes", function()
  local notes = fresh()
  notes:create("a #home #work")
  notes:create("b #work #Work")
  notes:create("c #art")
  harness.equal(notes:tags(), { { tag = "work", count = 2 }, { tag = "art", count = 1 }, { tag = "home", count = 1 } })
end)

harness.test("a task is turned and counts as a change", function()
  local notes, world = fresh()
  local id = notes:create("- [ ] a")
  world.time = 500
  notes:toggleTask(id, 1)
  harness.equal({ notes:get(id).body, notes:get(id).changed }, { "- [x] a", 500 })
end)
