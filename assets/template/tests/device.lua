-- A recording stand-in for the platform: what main.lua does to the screen, the storage and the
-- network can be read back, and taps, typing and time are driven by the test. It knows only the
-- functions listed here, and only ids that the documents really have, so a typing error fails.

local device = {}

local function read(path)
  local file = assert(io.open(path, "rb"), "no such file in the package: " .. path)
  local text = file:read("a")
  file:close()
  return text
end

-- Locale files are flat objects of texts without escapes.
function device.texts(locale)
  local source = read("locales/" .. locale .. ".json")
  assert(not source:find("\\", 1, true), "escapes are not used in locale files")
  local texts = {}
  for key, text in source:gmatch('"([^"]*)"%s*:%s*"([^"]*)"') do
    assert(texts[key] == nil, "twice in the locale file: " .. key)
    texts[key] = text
  end
  return texts
end

local function strict(name, functions)
  return setmetatable(functions, {
    __index = function(_, key)
      error("the platform has no " .. name .. "." .. tostring(key), 2)
    end,
  })
end

-- options: locale, stored (what the storage holds already)
function device.new(options)
  options = options or {}
  local texts = device.texts(options.locale or "en")
  local self = {
    text = {}, attributes = {}, shown = {}, toasts = {}, copied = {}, requests = {}, events = {}, opened = {}, log = {},
    stored = options.stored or {}, isReady = false, dialogs = {},
  }
  local appHandlers, elementHandlers, timers, nextTimer = {}, {}, {}, 1

  local function element(doc, id)
    if not doc.ids[id] then
      error("the document " .. doc.path .. " has no element with the id " .. tostring(id), 3)
    end
    return doc.elements[id]
  end

  local app = strict("mosis.app", {
    on = function(event, handler) appHandlers[event] = handler end,
    ready = function() self.isReady = true end,
    exit = function() self.exited = true end,
    openUrl = function(url) self.opened[#self.opened + 1] = url end,
    locale = function() return options.locale or "en" end,
    t = function(key, args)
      local text = texts[key] or error("no such text: " .. tostring(key), 2)
      return (text:gsub("{([%w_]+)}", function(name)
        return tostring(args and args[name] or error("the text " .. key .. " needs " .. name, 2))
      end))
    end,
  })

  local ui = strict("mosis.ui", {
    load = function(path)
      local doc = { path = path, ids = {}, elements = {} }
      for id in read(path):gmatch('%sid="([^"]+)"') do
        assert(not doc.ids[id], "the id " .. id .. " stands twice in " .. path)
        doc.ids[id] = true
        doc.elements[id] = { id = id }
      end
      return doc
    end,
    show = function(doc) self.shown[doc.path] = true end,
    close = function(doc) self.shown[doc.path] = nil end,
    find = function(doc, id) return element(doc, id) end,
    setText = function(el, text)
      assert(type(text) == "string", "setText takes a text")
      self.text[el.id] = text
    end,
    setAttr = function(el, name, value)
      assert(type(value) == "string", "setAttr takes a text")
      self.attributes[el.id] = self.attributes[el.id] or {}
      self.attributes[el.id][name] = value
    end,
    on = function(el, event, handler) elementHandlers[el.id .. " " .. event] = handler end,
    toast = function(text) self.toasts[#self.toasts + 1] = text end,
  })

  local timer = strict("mosis.timer", {
    after = function(ms, handler)
      local id = nextTimer
      nextTimer = id + 1
      timers[id] = { ms = ms, handler = handler }
      return id
    end,
    cancel = function(id) timers[id] = nil end,
  })

  local storage = strict("mosis.storage", {
    get = function(key) return self.stored[key] end,
    set = function(key, value)
      assert(type(value) == "string", "this stand-in stores texts only")
      self.stored[key] = value
    end,
    remove = function(key) self.stored[key] = nil end,
    keys = function()
      local keys = {}
      for key in pairs(self.stored) do
        keys[#keys + 1] = key
      end
      table.sort(keys)
      return keys
    end,
  })

  local network = strict("mosis.network", {
    fetch = function(request, done) self.requests[#self.requests + 1] = { request = request, done = done } end,
  })

  local function logger(level)
    return function(text) self.log[#self.log + 1] = level .. ": " .. text end
  end

  self.mosis = strict("mosis", {
    app = app, ui = ui, timer = timer, storage = storage, network = network,
    clipboard = strict("mosis.clipboard", { write = function(text) self.copied[#self.copied + 1] = text end }),
    haptics = strict("mosis.haptics", { vibrate = function() end }),
    telemetry = strict("mosis.telemetry", {
      event = function(name, fields) self.events[#self.events + 1] = { name = name, fields = fields } end,
    }),
    log = strict("mosis.log", {
      debug = logger("debug"), info = logger("info"), warn = logger("warn"), error = logger("error"),
    }),
  })

  -- Loads main.lua afresh and sends the start event, as the device does.
  function self.start()
    for name in pairs(package.loaded) do
      if name:match("^lib%.") then
        package.loaded[name] = nil
      end
    end
    _G.mosis = self.mosis
    dofile("main.lua")
    self.fire("start")
    return self
  end

  function self.fire(event, ...)
    if appHandlers[event] then
      return appHandlers[event](...)
    end
  end

  function self.tap(id)
    local handler = elementHandlers[id .. " click"] or error("nothing listens to a click on " .. id, 2)
    handler({ type = "click" })
  end

  function self.type(id, value)
    local handler = elementHandlers[id .. " change"] or error("nothing listens to a change of " .. id, 2)
    handler({ type = "change", value = value })
  end

  -- Runs the timers that wait now, in the order in which they were set; gives their delays.
  function self.runTimers()
    local due, delays = timers, {}
    timers = {}
    for id = 1, nextTimer - 1 do
      if due[id] then
        delays[#delays + 1] = due[id].ms
        due[id].handler()
      end
    end
    return delays
  end

  function self.class(id)
    return self.attributes[id] and self.attributes[id].class or ""
  end

  return self
end

return device
