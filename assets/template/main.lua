-- Wires the screen to lib/counter.lua and keeps its value in the storage.

local counter = require("lib.counter")

local storageKey = "count"
local screen, count

local function element(id)
  return mosis.ui.find(screen, id)
end

local function draw()
  mosis.ui.setText(element("value"), tostring(count.value))
end

local function changed()
  mosis.storage.set(storageKey, count:encode())
  draw()
end

local function add(step)
  if count:add(step) then
    changed()
  else
    mosis.haptics.vibrate(30)
  end
end

local function connect()
  for id, step in pairs({ more = 1, less = -1 }) do
    mosis.ui.on(element(id), "click", function()
      add(step)
    end)
  end
  mosis.ui.on(element("reset"), "click", function()
    count:reset()
    changed()
  end)
  mosis.ui.on(element("undo"), "click", function()
    if count:undo() then
      changed()
    else
      mosis.ui.toast(mosis.app.t("undo.nothing"))
    end
  end)
end

mosis.app.on("start", function()
  count = counter.decode(mosis.storage.get(storageKey))
  screen = mosis.ui.load("ui/main.rml")
  mosis.ui.setText(element("title"), mosis.app.t("title"))
  mosis.ui.setText(element("reset"), mosis.app.t("reset"))
  mosis.ui.setText(element("undo"), mosis.app.t("undo"))
  connect()
  draw()
  mosis.ui.show(screen)
  mosis.app.ready()
end)
