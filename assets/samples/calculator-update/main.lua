-- Wires the screen to lib/session.lua: keys in, texts out.

local format = require("lib.format")
local history = require("lib.history")
local keys = require("lib.keys")
local session = require("lib.session")

local historyKey, memoryKey = "history", "memory"
local historyRows = 3

local screen, current, style

local function setText(id, text)
  mosis.ui.setText(mosis.ui.find(screen, id), text)
end

local function setClass(id, names)
  mosis.ui.setAttr(mosis.ui.find(screen, id), "class", names)
end

local function drawHistory()
  for row = 1, historyRows do
    local entry = current.history:at(row)
    setText("history-" .. row .. "-expression", entry and format.expression(entry.expression, style) or "")
    setText("history-" .. row .. "-value", entry and format.value(entry.value, style) or "")
  end
end

local function draw()
  local shown = current.text == "" and "0" or format.expression(current.text, style)
  setText("expression", shown)
  setClass("expression", #current.text > 18 and "expression long" or "expression")
  if current.failure then
    setText("preview", mosis.app.t("error." .. current.failure))
    setClass("preview", "preview failure")
  else
    local value = current:preview()
    setText("preview", value and "= " .. format.value(value, style) or "")
    setClass("preview", "preview")
  end
  setText("memory", current.memory and mosis.app.t("memory.holds", { value = format.value(current.memory, style) }) or "")
  drawHistory()
end

local function save()
  mosis.storage.set(historyKey, current.history:encode())
  if current.memory then
    mosis.storage.set(memoryKey, format.plain(current.memory))
  else
    mosis.storage.remove(memoryKey)
  end
end

local function press(key)
  current:press(key)
  draw()
  if key.does == "equals" or key.does:match("^memory") then
    save()
  end
  if current.failure then
    mosis.haptics.vibrate(40)
  end
end

local function copyResult()
  local value = current:preview()
  mosis.clipboard.write(value and format.plain(value) or current.text)
  mosis.ui.toast(mosis.app.t("toast.copied"))
end

local function recall(row)
  if current:recall(row) then
    draw()
  end
end

local function clearHistory()
  current.history:clear()
  save()
  draw()
end

mosis.app.on("start", function()
  style = format.styleFor(mosis.app.locale())
  current = session.new(history.decode(mosis.storage.get(historyKey)))
  current.memory = tonumber(mosis.storage.get(memoryKey) or "")
  screen = mosis.ui.load("ui/main.rml")
  for id, key in pairs(keys) do
    mosis.ui.on(mosis.ui.find(screen, id), "click", function()
      press(key)
    end)
  end
  for row = 1, historyRows do
    mosis.ui.on(mosis.ui.find(screen, "history-" .. row), "click", function()
      recall(row)
    end)
  end
  mosis.ui.on(mosis.ui.find(screen, "expression"), "click", copyResult)
  mosis.ui.on(mosis.ui.find(screen, "history-clear"), "click", clearHistory)
  setText("history-clear", mosis.app.t("history.clear"))
  setText("point", style.point)
  draw()
  mosis.ui.show(screen)
  mosis.app.ready()
end)

mosis.app.on("pause", function()
  if current then
    save()
  end
end)
