-- One screen: the weather at a place, from the cache while the network is asked, and without it.

local cache = require("lib.cache")
local forecast = require("lib.forecast")
local json = require("lib.json")
local places = require("lib.places")
local request = require("lib.request")
local retry = require("lib.retry")
local sky = require("lib.sky")
local units = require("lib.units")

local dayRows, partColumns, foundRows = 5, 4, 4
local timeoutMs = 10000

local screen
local state = {
  place = places.default,
  system = "metric",
  entry = nil, -- the cached answer for the place
  model = nil, -- and what it says
  problem = nil, -- the code of the last error
  isLoading = false,
  found = {},
}
-- Answers and timers of an earlier question are known by their number and ignored.
local question, searching = 0, 0

local t = mosis.app.t

local function element(id)
  return mosis.ui.find(screen, id)
end

local function setText(id, text)
  mosis.ui.setText(element(id), text)
end

local function setClass(id, names)
  mosis.ui.setAttr(element(id), "class", names)
end

local function temperature(celsius)
  return units.temperature(celsius, state.system)
end

local function drawStatus()
  local text, class = "", "status"
  if state.entry then
    local minutes = math.max(0, os.time() - state.entry.fetchedAt) // 60
    local age = minutes < 60 and t("age.minutes", { count = minutes }) or t("age.hours", { count = minutes // 60 })
    text = state.problem and t("status." .. state.problem, { age = age }) or age
  elseif state.problem then
    text = t("empty." .. state.problem)
  end
  if state.isLoading then
    text = t("loading")
  elseif state.problem then
    class = "status problem"
  end
  setText("status", text)
  setClass("status", class)
end

local function drawCurrent()
  local model = state.model
  setClass("now", model and "now" or "now hidden")
  setClass("later", model and "later" or "later hidden")
  if not model then
    return
  end
  local current = model.current
  setText("temperature", temperature(current.temperature))
  setText("sky", t("sky." .. current.kind))
  setClass("sky-picture", "picture large sky-" .. sky.picture(current.kind, current.isNight))
  setText("feels-like", t("feels_like", { temperature = temperature(current.feelsLike) }))
  setText("wind", t("wind", { speed = units.wind(current.wind, state.system) }))
  setText("humidity", current.humidity and t("humidity", { percent = units.round(current.humidity) }) or "")
end

local function drawParts()
  local parts = forecast.nextParts(state.model, os.time(), partColumns)
  for place = 1, partColumns do
    local part, id = parts[place], "part-" .. place
    setClass(id, part and "part" or "part hidden")
    if part then
      setText(id .. "-name", t("part." .. part.name))
      setClass(id .. "-picture", "picture sky-" .. sky.picture(part.kind, part.name == "night"))
      setText(id .. "-temperature", temperature(part.mean))
      setText(id .. "-chance", t("chance", { percent = units.round(part.chance) }))
    end
  end
end

local function drawDays()
  local days = forecast.days(state.model, os.time())
  for place = 1, dayRows do
    local day, id = days[place], "day-" .. place
    setClass(id, day and "day" or "day hidden")
    if day then
      setText(id .. "-name", place == 1 and t("today") or t("weekday." .. day.weekday))
      setClass(id .. "-picture", "picture sky-" .. day.kind)
      setText(id .. "-rain", day.rain >= 0.1 and units.rain(day.rain, state.system, t("decimal_point")) or "")
      setText(id .. "-low", temperature(day.low))
      setText(id .. "-high", temperature(day.high))
    end
  end
end

local function drawFound()
  for place = 1, foundRows do
    local found, id = state.found[place], "found-" .. place
    setClass(id, found and "found" or "found hidden")
    setText(id, found and (found.region ~= "" and found.name .. ", " .. found.region or found.name) or "")
  end
  setClass("results", #state.found > 0 and "results" or "results hidden")
end

local function draw()
  setText("place", state.place.name)
  setText("region", state.place.region)
  setText("units", t("units." .. state.system))
  drawStatus()
  drawCurrent()
  if state.model then
    drawParts()
    drawDays()
  end
end

-- Takes an answer over when it is a forecast; gives the code of the error when it is none.
local function accept(entry)
  local answer, code = json.decode(entry.body)
  if answer == nil then
    mosis.log.warn("forecast is not JSON: " .. code)
    return "unreadable"
  end
  local model, reason = forecast.read(answer)
  if not model then
    mosis.log.warn("forecast was not understood: " .. reason)
    return "unreadable"
  end
  state.entry, state.model = entry, model
  return nil
end

local function finish(problem, attempts)
  state.isLoading, state.problem = false, problem
  if problem then
    mosis.telemetry.event("refresh_failed", { reason = problem, attempts = attempts })
  end
  draw()
end

local function ask(attempt, number, query)
  mosis.network.fetch({
    url = "https://api.open-meteo.com/v1/forecast?" .. query,
    method = "GET",
    timeoutMs = timeoutMs,
  }, function(err, response)
    if number ~= question then
      return
    end
    local outcome = err and { failed = true } or { status = response.status, headers = response.headers }
    local decision, detail = retry.decide(attempt, outcome, math.random)
    if decision == "retry" then
      mosis.timer.after(detail, function()
        if number == question then
          ask(attempt + 1, number, query)
        end
      end)
    elseif decision == "give_up" then
      finish(detail, attempt)
    else
      local problem = accept({ fetchedAt = os.time(), body = response.body })
      if not problem then
        mosis.storage.set("forecast", cache.encode(state.place, state.entry.fetchedAt, response.body))
      end
      finish(problem, attempt)
    end
  end)
end

-- Shows what is known and asks for more when it is old; `always` asks in any case.
local function refresh(always)
  question = question + 1
  state.problem, state.isLoading = nil, false
  local judged = state.entry and cache.judge(state.entry, os.time())
  if judged == "expired" then
    state.entry, state.model = nil, nil
  end
  if always or judged ~= "fresh" then
    local query = request.forecastQuery(state.place)
    state.isLoading = true
    draw()
    ask(1, question, query)
  else
    draw()
  end
end

local function loadCache()
  state.entry, state.model = nil, nil
  local entry = cache.decode(mosis.storage.get("forecast"), state.place)
  if entry and cache.judge(entry, os.time()) ~= "expired" then
    accept(entry)
  end
end

local function choose(place)
  if not place then
    return
  end
  state.place, state.found = place, {}
  mosis.storage.set("place", places.encode(place))
  mosis.ui.setAttr(element("search"), "value", "")
  loadCache()
  drawFound()
  refresh(false)
end

local function search(name)
  searching = searching + 1
  local number = searching
  local language = mosis.app.locale():match("^%a+")
  local query = request.searchQuery(name, language, foundRows)
  if not query then
    state.found = {}
    drawFound()
    return
  end
  -- People type several letters a second; only the last name is asked for.
  mosis.timer.after(400, function()
    if number ~= searching then
      return
    end
    mosis.network.fetch({
      url = "https://geocoding-api.open-meteo.com/v1/search?" .. query,
      method = "GET",
      timeoutMs = timeoutMs,
    }, function(err, response)
      if number ~= searching then
        return
      end
      local answer = not err and response.status == 200 and json.decode(response.body) or nil
      local found = answer and forecast.readPlaces(answer)
      if not found then
        mosis.ui.toast(t("search.failed"))
      elseif #found == 0 then
        mosis.ui.toast(t("search.nothing"))
      end
      state.found = found or {}
      drawFound()
    end)
  end)
end

local function otherUnits()
  state.system = state.system == "metric" and "imperial" or "metric"
  mosis.storage.set("units", state.system)
  draw()
end

local function readSettings()
  state.place = places.decode(mosis.storage.get("place"))
  state.system = units.systemFor(mosis.app.locale())
  local chosen = mosis.storage.get("units")
  for _, system in ipairs(units.systems) do
    if chosen == system then
      state.system = system
    end
  end
end

mosis.app.on("start", function()
  screen = mosis.ui.load("ui/main.rml")
  readSettings()
  loadCache()
  mosis.ui.setAttr(element("search"), "placeholder", t("search"))
  setText("refresh", t("refresh"))
  setText("source", t("source"))
  mosis.ui.on(element("search"), "change", function(event)
    search(event.value)
  end)
  for place = 1, foundRows do
    mosis.ui.on(element("found-" .. place), "click", function()
      choose(state.found[place])
    end)
  end
  mosis.ui.on(element("units"), "click", otherUnits)
  mosis.ui.on(element("refresh"), "click", function()
    refresh(true)
  end)
  mosis.ui.on(element("source"), "click", function()
    mosis.app.openUrl("https://open-meteo.com/")
  end)
  drawFound()
  refresh(false)
  mosis.ui.show(screen)
  mosis.app.ready()
end)

mosis.app.on("resume", function()
  refresh(false)
end)
