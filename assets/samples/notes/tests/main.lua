local codec = require("lib.codec")
local device = require("tests.device")
local harness = require("tests.harness")

local function stored(...)
  local result = { dataVersion = "2" }
  for number, body in ipairs({ ... }) do
    result["note/n" .. number] = codec.encode({ created = 1000 + number, changed = 1000 + number, body = body })
  end
  return result
end

local function storedBodies(phone)
  local bodies = {}
  for key, text in pairs(phone.stored) do
    if key:match("^note/") then
      bodies[#bodies + 1] = assert(codec.decode(text)).body
    end
  end
  table.sort(bodies)
  return bodies
end

harness.test("the app starts empty and says what to do", function()
  local phone = device.new().start()
  harness.equal({ phone.isReady, phone.shown["ui/list.rml"] }, { true, true })
  harness.equal(phone.text["list-empty"], "No notes yet. Begin with “New note”.")
  harness.equal(phone.class("list-row-1"), "note hidden")
  harness.equal(phone.stored.dataVersion, "2")
end)

harness.test("a note is written, read, found and removed", function()
  local phone = device.new().start()
  phone.tap("list-new")
  harness.equal({ phone.shown["ui/list.rml"], phone.shown["ui/note.rml"] }, { nil, true })
  phone.type("note-text", "# Shopping\n- [ ] milk #home")
  harness.equal(storedBodies(phone), { "# Shopping\n- [ ] milk #home" })
  phone.tap("note-mode")
  harness.equal({ phone.class("note-block-1"), phone.text["note-block-1"] }, { "block heading level1", "Shopping" })
  phone.tap("note-block-1")
  phone.tap("note-block-2")
  harness.equal(phone.class("note-block-2"), "block done")
  phone.tap("note-close")
  harness.equal({ phone.text["list-row-1-title"], phone.text["list-chip-1"] }, { "Shopping", "#home" })
  harness.equal(phone.text["list-row-1-meta"], "just now  ·  1 of 1 done")
  phone.type("list-search", "plane")
  harness.equal(phone.text["list-empty"], "No note has all of these words.")
  phone.tap("list-chip-1")
  harness.equal(phone.class("list-chip-1"), "chip chosen")
  phone.tap("list-row-1")
  phone.tap("note-delete")
  harness.equal(storedBodies(phone), {})
  phone.tap("list-undo")
  harness.equal(storedBodies(phone), { "# Shopping\n- [x] milk #home" })
end)

harness.test("an opened note that was never written in leaves nothing", function()
  local phone = device.new().start()
  phone.tap("list-new")
  phone.type("note-text", "  ")
  phone.fire("back")
  harness.equal({ storedBodies(phone), phone.shown["ui/list.rml"], phone.exited }, { {}, true, nil })
  phone.fire("back")
  harness.equal(phone.exited, true)
end)

harness.test("taking back the creation of an open note closes it", function()
  local phone = device.new().start()
  phone.tap("list-new")
  phone.type("note-text", "a")
  phone.tap("note-undo")
  harness.equal({ phone.shown["ui/list.rml"], storedBodies(phone) }, { true, {} })
  phone.tap("list-undo")
  harness.equal(phone.toasts[#phone.toasts], "There is nothing to undo")
end)

harness.test("a note that is too long is refused and said so", function()
  local phone = device.new().start()
  phone.tap("list-new")
  phone.type("note-text", "kept")
  phone.type("note-text", ("x"):rep(20001))
  harness.equal({ storedBodies(phone), phone.toasts }, { { "kept" }, { "A note holds 20,000 bytes at most." } })
end)

harness.test("notes of version 1 are brought along", function()
  local phone = device.new({ stored = { notes = "Old one\fOld two" } }).start()
  harness.equal(storedBodies(phone), { "Old one", "Old two" })
  harness.equal({ phone.stored.notes, phone.stored.dataVersion }, { nil, "2" })
  harness.equal(phone.text["list-row-1-title"], "Old one")
end)

harness.test("data of a later version is left alone", function()
  local phone = device.new({ stored = { dataVersion = "3", ["note/n1"] = "?" } }).start()
  harness.equal(phone.stored, { dataVersion = "3", ["note/n1"] = "?" })
  assert(phone.text["list-empty"]:find("newer version", 1, true))
end)

harness.test("a damaged note is left out but not thrown away", function()
  local all = stored("good")
  all["note/bad"] = "broken"
  local phone = device.new({ stored = all }).start()
  harness.equal(phone.text["list-row-1-title"], "good")
  harness.equal(phone.class("list-row-2"), "note hidden")
  harness.equal({ phone.stored["note/bad"], phone.log }, { "broken", { "warn: note left out: note/bad: no_body" } })
end)

harness.test("order and pages are kept and turned", function()
  local phone = device.new({ stored = stored("g", "f", "e", "d", "c", "b", "a") }).start()
  harness.equal(phone.text["list-row-1-title"], "a")
  phone.tap("list-order")
  phone.tap("list-order")
  harness.equal({ phone.stored.order, phone.text["list-order"] }, { "title", "By title" })
  phone.tap("list-forward")
  harness.equal({ phone.text["list-row-1-title"], phone.text["list-page"] }, { "f", "2 of 2" })
  phone.tap("list-row-1")
  phone.tap("note-pin")
  phone.tap("note-close")
  phone.tap("list-back")
  harness.equal({ phone.text["list-row-1-title"], phone.class("list-row-1") }, { "f", "note pinned" })
  harness.equal(device.new({ stored = phone.stored }).start().text["list-order"], "By title")
end)

harness.test("a long note has pages too", function()
  local phone = device.new({ stored = stored(("line\n"):rep(30)) }).start()
  phone.tap("list-row-1")
  harness.equal(phone.text["note-page"], "1 of 3")
  phone.tap("note-forward")
  phone.tap("note-forward")
  harness.equal({ phone.class("note-block-6"), phone.class("note-block-7") }, { "block plain", "block hidden" })
end)
