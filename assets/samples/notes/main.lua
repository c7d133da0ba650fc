-- Two screens, the list and one note, over lib/store.lua; every note is one text in the storage.

local codec = require("lib.codec")
local listscreen = require("lib.listscreen")
local markup = require("lib.markup")
local migrate = require("lib.migrate")
local pager = require("lib.pager")
local store = require("lib.store")

local notePrefix = "note/"
local blocksOnScreen = 12

local listDoc, noteDoc
local notes
local list = { query = "", order = "changed", page = 1, ids = {}, chips = {} }
-- id is nil for a note that has no text yet; shown maps places on the screen to blocks.
local open = { isOpen = false, id = nil, writing = true, page = 1, shown = {} }

local t = mosis.app.t

local function element(id)
  return mosis.ui.find(id:match("^list") and listDoc or noteDoc, id)
end

local function setText(id, text)
  mosis.ui.setText(element(id), text)
end

local function setClass(id, names)
  mosis.ui.setAttr(element(id), "class", names)
end

local function onClick(id, handler)
  mosis.ui.on(element(id), "click", handler)
end

local function drawPager(prefix, cut)
  setClass(prefix .. "-pages", cut.pages > 1 and "pages" or "pages hidden")
  setText(prefix .. "-page", t("page", { page = cut.page, pages = cut.pages }))
end

local function metaOf(row)
  local parts = { t(row.ago, { count = row.agoCount or 0 }) }
  if row.tasks > 0 then
    parts[#parts + 1] = t("tasks", { done = row.done, all = row.tasks })
  end
  return table.concat(parts, "  ·  ")
end

local function drawRow(place, row)
  local prefix = "list-row-" .. place
  if not row then
    setClass(prefix, "note hidden")
    return
  end
  setClass(prefix, row.pinned and "note pinned" or "note")
  setText(prefix .. "-title", row.title == "" and t("untitled") or row.title)
  setText(prefix .. "-teaser", row.teaser)
  setText(prefix .. "-meta", metaOf(row))
end

local function drawList()
  local view = listscreen.view(notes, list, os.time())
  list.page = view.pager.page
  list.ids, list.chips = {}, view.chips
  for place = 1, listscreen.rows do
    list.ids[place] = view.rows[place] and view.rows[place].id
    drawRow(place, view.rows[place])
  end
  for place = 1, listscreen.chips do
    local chip = view.chips[place]
    setClass("list-chip-" .. place, chip and (chip.chosen and "chip chosen" or "chip") or "chip hidden")
    setText("list-chip-" .. place, chip and chip.label or "")
  end
  setText("list-empty", view.empty and t("empty." .. view.empty) or "")
  setText("list-order", t("order." .. list.order))
  drawPager("list", view.pager)
end

local function bodyOfOpen()
  local note = open.id and notes:get(open.id)
  return note and note.body or ""
end

local function drawBlocks()
  local blocks = markup.blocks(bodyOfOpen())
  local cut = pager.cut(#blocks, blocksOnScreen, open.page)
  open.page, open.shown = cut.page, {}
  for place = 1, blocksOnScreen do
    local id, block = "note-block-" .. place, blocks[cut.first + place - 1]
    open.shown[place] = block
    setClass(id, block and "block " .. block.kind .. (block.level and " level" .. block.level or "") or "block hidden")
    setText(id, block and block.text or "")
  end
  drawPager("note", cut)
end

local function drawNote()
  local note = open.id and notes:get(open.id)
  setClass("note-text", open.writing and "text" or "text hidden")
  setClass("note-read", open.writing and "read hidden" or "read")
  setText("note-mode", t(open.writing and "mode.read" or "mode.write"))
  setText("note-pin", t(note and note.pinned and "unpin" or "pin"))
  if open.writing then
    mosis.ui.setAttr(element("note-text"), "value", bodyOfOpen())
  else
    drawBlocks()
  end
end

local function showNote(id, writing)
  open.isOpen, open.id, open.writing, open.page = true, id, writing, 1
  notes:endTyping()
  drawNote()
  mosis.ui.close(listDoc)
  mosis.ui.show(noteDoc)
end

local function showList()
  if open.id and not bodyOfOpen():match("%S") then
    notes:remove(open.id)
  end
  open.isOpen, open.id = false, nil
  notes:endTyping()
  drawList()
  mosis.ui.close(noteDoc)
  mosis.ui.show(listDoc)
end

local function typed(body)
  local result, code
  if open.id then
    result, code = notes:edit(open.id, body)
  elseif body:match("%S") then
    open.id, code = notes:create(body)
    result = open.id
  end
  if result == nil and code then
    mosis.ui.toast(t("error." .. code))
  end
end

local function undo()
  local id, kind = notes:undo()
  if not id then
    mosis.ui.toast(t("undo.nothing"))
    return
  end
  mosis.ui.toast(t("undo." .. kind))
  if not open.isOpen then
    drawList()
  elseif notes:get(open.id or id) then
    drawNote()
  else
    showList()
  end
end

local function search(query)
  list.query, list.page = query, 1
  drawList()
end

local function nextOrder()
  for place, order in ipairs(store.orders) do
    if order == list.order then
      list.order = store.orders[place % #store.orders + 1]
      break
    end
  end
  mosis.storage.set("order", list.order)
  drawList()
end

local function connectList()
  setText("list-title", t("title"))
  setText("list-new", t("new"))
  setText("list-undo", t("undo"))
  mosis.ui.setAttr(element("list-search"), "placeholder", t("search"))
  mosis.ui.on(element("list-search"), "change", function(event)
    search(event.value)
  end)
  for place = 1, listscreen.chips do
    onClick("list-chip-" .. place, function()
      local chip = list.chips[place]
      local query = chip and not chip.chosen and chip.label or ""
      mosis.ui.setAttr(element("list-search"), "value", query)
      search(query)
    end)
  end
  for place = 1, listscreen.rows do
    onClick("list-row-" .. place, function()
      if list.ids[place] then
        showNote(list.ids[place], false)
      end
    end)
  end
  onClick("list-new", function()
    showNote(nil, true)
  end)
  onClick("list-undo", undo)
  onClick("list-order", nextOrder)
  for id, step in pairs({ ["list-back"] = -1, ["list-forward"] = 1 }) do
    onClick(id, function()
      list.page = list.page + step
      drawList()
    end)
  end
end

local function connectNote()
  setText("note-close", t("close"))
  setText("note-undo", t("undo"))
  setText("note-delete", t("delete"))
  mosis.ui.setAttr(element("note-text"), "placeholder", t("placeholder"))
  mosis.ui.on(element("note-text"), "change", function(event)
    typed(event.value)
  end)
  onClick("note-close", showList)
  onClick("note-undo", undo)
  onClick("note-mode", function()
    open.writing = not open.writing
    drawNote()
  end)
  onClick("note-pin", function()
    if open.id then
      notes:togglePin(open.id)
      drawNote()
    end
  end)
  onClick("note-delete", function()
    if open.id then
      notes:remove(open.id)
      mosis.ui.toast(t("deleted"))
    end
    showList()
  end)
  for place = 1, blocksOnScreen do
    onClick("note-block-" .. place, function()
      local block = open.shown[place]
      if block and (block.kind == "open" or block.kind == "done") then
        notes:toggleTask(open.id, block.line)
        drawBlocks()
      end
    end)
  end
  for id, step in pairs({ ["note-back"] = -1, ["note-forward"] = 1 }) do
    onClick(id, function()
      open.page = open.page + step
      drawBlocks()
    end)
  end
end

-- Everything in the storage, brought to the form of this version; nil when a later version wrote it.
local function readStorage()
  local stored = {}
  for _, key in ipairs(mosis.storage.keys()) do
    stored[key] = mosis.storage.get(key)
  end
  local plan = migrate.plan(stored, os.time())
  if not plan then
    return nil
  end
  for key, text in pairs(plan.set) do
    mosis.storage.set(key, text)
    stored[key] = text
  end
  if plan.version then
    mosis.storage.set(migrate.versionKey, plan.version)
  end
  for _, key in ipairs(plan.remove) do
    mosis.storage.remove(key)
    stored[key] = nil
  end
  return stored
end

local function decodeNotes(stored)
  local result = {}
  for key, text in pairs(stored) do
    if key:sub(1, #notePrefix) == notePrefix then
      local note, code = codec.decode(text)
      if note then
        result[key:sub(#notePrefix + 1)] = note
      else
        -- The text stays in the storage: a later version may be able to read it.
        mosis.log.warn("note left out: " .. key .. ": " .. code)
      end
    end
  end
  return result
end

local effects = {
  now = os.time,
  save = function(id, note)
    mosis.storage.set(notePrefix .. id, codec.encode(note))
  end,
  forget = function(id)
    mosis.storage.remove(notePrefix .. id)
  end,
}

mosis.app.on("start", function()
  listDoc = mosis.ui.load("ui/list.rml")
  noteDoc = mosis.ui.load("ui/note.rml")
  local stored = readStorage()
  if not stored then
    -- Writing beside data of a later version could destroy it, so the app only says so.
    setText("list-title", t("title"))
    setText("list-empty", t("error.newer"))
    mosis.ui.show(listDoc)
    mosis.app.ready()
    return
  end
  notes = store.new(effects, decodeNotes(stored))
  for _, order in ipairs(store.orders) do
    if stored.order == order then
      list.order = order
    end
  end
  connectList()
  connectNote()
  drawList()
  mosis.ui.show(listDoc)
  mosis.app.ready()
end)

mosis.app.on("back", function()
  if open.isOpen then
    showList()
  else
    mosis.app.exit()
  end
end)
