local answers = require("tests.answers")
local cache = require("lib.cache")
local device = require("tests.device")
local harness = require("tests.harness")
local places = require("lib.places")

-- Runs a test at a moment of its own: the app reads the time with os.time().
local function at(moment, body)
  local real = os.time
  local clock = { now = moment }
  os.time = function()
    return clock.now
  end
  local ok, problem = pcall(body, clock)
  os.time = real
  if not ok then
    error(problem, 0)
  end
end

local function answer(phone, number, err, response)
  local request = phone.requests[number] or error("there is no request " .. number, 2)
  request.done(err, response)
end

local function good(days, change)
  return { status = 200, headers = {}, body = answers.forecast(days or 6, change) }
end

local function kept(age)
  return { forecast = cache.encode(places.default, answers.now - age, answers.forecast(6)) }
end

harness.test("the app asks, and shows and keeps the answer", function()
  at(answers.now, function()
    local phone = device.new().start()
    harness.equal({ phone.isReady, phone.text.status, phone.class("now") }, { true, "Loading …", "now hidden" })
    local url = phone.requests[1].request.url
    harness.equal(url:match("^https://api%.open%-meteo%.com/v1/forecast%?latitude=52%.52&longitude=13%.41&") ~= nil, true)
    answer(phone, 1, nil, good())
    harness.equal({ phone.text.temperature, phone.text.sky, phone.text.status }, { "18°", "Partly cloudy", "0 min ago" })
    harness.equal({ phone.text["day-1-name"], phone.text["day-2-name"] }, { "Today", "Tuesday" })
    harness.equal({ phone.text["part-1-name"], phone.class("part-1-picture") }, { "Afternoon", "picture sky-partly" })
    harness.equal({ phone.text["part-3-name"], phone.class("part-3-picture") }, { "Night", "picture sky-partly-night" })
    harness.equal(cache.decode(phone.stored.forecast, places.default).fetchedAt, answers.now)
  end)
end)

harness.test("a fresh answer is not asked for again, but on request", function()
  at(answers.now, function(clock)
    local phone = device.new({ stored = kept(600) }).start()
    harness.equal({ #phone.requests, phone.text.status }, { 0, "10 min ago" })
    phone.fire("resume")
    harness.equal(#phone.requests, 0)
    phone.tap("refresh")
    harness.equal(#phone.requests, 1)
    clock.now = clock.now + 3600
    phone.fire("resume")
    harness.equal(#phone.requests, 2)
  end)
end)

harness.test("without a connection it tries four times, then shows what it kept", function()
  at(answers.now, function()
    local phone = device.new({ locale = "de", stored = kept(2 * 3600) }).start()
    harness.equal({ phone.text.temperature, phone.text.status }, { "18°", "Wird geladen …" })
    local delays = {}
    for attempt = 1, 4 do
      answer(phone, attempt, "no route to host")
      delays[attempt] = phone.runTimers()[1]
    end
    harness.equal(#delays, 3)
    assert(delays[1] >= 500 and delays[1] <= 1000 and delays[3] >= 2000 and delays[3] <= 4000)
    harness.equal({ phone.text.status, phone.class("status") }, { "Offline, Stand vor 2 Std.", "status problem" })
    harness.equal(phone.events, { { name = "refresh_failed", fields = { reason = "offline", attempts = 4 } } })
    phone.tap("refresh")
    answer(phone, 5, nil, good())
    harness.equal(phone.class("status"), "status")
  end)
end)

harness.test("an expired answer is not shown", function()
  at(answers.now, function()
    local phone = device.new({ stored = kept(25 * 3600) }).start()
    harness.equal(phone.class("now"), "now hidden")
    answer(phone, 1, nil, { status = 400, headers = {}, body = "" })
    harness.equal(phone.text.status, "The service did not accept the question.")
  end)
end)

harness.test("what cannot be read changes neither the screen nor the cache", function()
  at(answers.now, function()
    local stored = kept(3600)
    local before = stored.forecast
    local phone = device.new({ stored = stored }).start()
    answer(phone, 1, nil, { status = 200, headers = {}, body = "<html>sign in to the hotel's network</html>" })
    harness.equal({ phone.text.temperature, phone.text.status }, { "18°", "Answer unreadable, forecast from 1 h ago" })
    harness.equal(phone.stored.forecast == before, true)
    phone.tap("refresh")
    answer(phone, 2, nil, { status = 200, headers = {}, body = "{}" })
    harness.equal(phone.log[2], "warn: forecast was not understood: not_a_forecast")
  end)
end)

harness.test("a damaged cache is passed over", function()
  at(answers.now, function()
    local phone = device.new({ stored = { forecast = cache.encode(places.default, answers.now, "{broken") } }).start()
    harness.equal(#phone.requests, 1)
  end)
end)

harness.test("a place is searched for once the typing stops, and chosen", function()
  at(answers.now, function()
    local phone = device.new({ stored = kept(0) }).start()
    phone.type("search", "Be")
    phone.type("search", "Bern")
    phone.runTimers()
    harness.equal(#phone.requests, 1)
    harness.equal(phone.requests[1].request.url, "https://geocoding-api.open-meteo.com/v1/search?name=Bern&count=4&language=en&format=json")
    answer(phone, 1, nil, { status = 200, headers = {}, body = answers.places })
    harness.equal({ phone.text["found-1"], phone.class("found-2"), phone.class("found-3") }, { "Bern, Switzerland", "found", "found hidden" })
    phone.tap("found-1")
    harness.equal({ phone.text.place, phone.class("results"), phone.class("now") }, { "Bern", "results hidden", "now hidden" })
    assert(phone.requests[2].request.url:find("latitude=46.95&longitude=7.45", 1, true))
    harness.equal(places.decode(phone.stored.place).name, "Bern")
  end)
end)

harness.test("a search that fails or finds nothing says so", function()
  at(answers.now, function()
    local phone = device.new({ stored = kept(0) }).start()
    for number, response in ipairs({
      { status = 500, headers = {}, body = "" },
      { status = 200, headers = {}, body = "{}" },
      { status = 200, headers = {}, body = "{" },
    }) do
      phone.type("search", "Place " .. number)
      phone.runTimers()
      answer(phone, number, nil, response)
    end
    harness.equal(phone.toasts, { "The search did not work", "No place has this name", "The search did not work" })
    phone.type("search", "x")
    harness.equal(phone.runTimers(), {})
  end)
end)

harness.test("an answer for the place before is ignored", function()
  at(answers.now, function()
    local phone = device.new().start()
    phone.type("search", "Bern")
    phone.runTimers()
    answer(phone, 2, nil, { status = 200, headers = {}, body = answers.places })
    phone.tap("found-1")
    answer(phone, 1, nil, good())
    harness.equal({ phone.class("now"), phone.stored.forecast }, { "now hidden", nil })
    answer(phone, 3, nil, good())
    harness.equal(phone.class("now"), "now")
  end)
end)

harness.test("units are those of the region, changed by a touch and kept", function()
  at(answers.now, function()
    local stored = kept(0)
    local phone = device.new({ stored = stored }).start()
    harness.equal({ phone.text.temperature, phone.text.wind }, { "18°", "Wind 15 km/h" })
    phone.tap("units")
    harness.equal({ phone.text.temperature, phone.text.wind, phone.text.units }, { "65°", "Wind 9 mph", "°F · mph" })
    harness.equal(device.new({ stored = stored }).start().text.temperature, "65°")
  end)
end)

harness.test("rain is told in the style of the language", function()
  at(answers.now, function()
    local phone = device.new({ locale = "de" }).start()
    answer(phone, 1, nil, good(6, function(hour, row)
      if hour >= 34 and hour < 38 then
        row[2], row[3], row[4] = 80, 0.6, 61
      end
    end))
    harness.equal({ phone.text["day-1-rain"], phone.text["day-2-rain"], phone.class("day-2-picture") }, { "", "2,4 mm", "picture sky-rain" })
  end)
end)

harness.test("the source is named and can be visited", function()
  at(answers.now, function()
    local phone = device.new({ stored = kept(0) }).start()
    phone.tap("source")
    harness.equal({ phone.text.source, phone.opened }, { "Weather data by Open-Meteo.com", { "https://open-meteo.com/" } })
  end)
end)
