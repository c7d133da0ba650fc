local answers = require("tests.answers")
local forecast = require("lib.forecast")
local harness = require("tests.harness")
local json = require("lib.json")

local function model(days, change)
  return assert(forecast.read(assert(json.decode(answers.forecast(days, change)))))
end

harness.test("the current weather is read", function()
  harness.equal(model(1).current, { temperature = 18.4, feelsLike = 17.2, humidity = 55, wind = 14.8, kind = "partly", isNight = false })
end)

harness.test("days begin today, in the time of the place", function()
  local days = forecast.days(model(3), answers.now)
  harness.equal({ #days, days[1].weekday, days[2].weekday, days[3].weekday }, { 3, 1, 2, 3 })
  -- 21:59 UTC is still the same day in Berlin, 22:00 is the next.
  local utcEvening = answers.midnight + 24 * 3600
  harness.equal(forecast.days(model(3), utcEvening - 1)[1].weekday, 1)
  harness.equal(forecast.days(model(3), utcEvening)[1].weekday, 2)
end)

harness.test("a day has its extremes, its rain and its sky", function()
  local day = forecast.days(model(2, function(hour, row)
    if hour == 3 then
      row[1] = -4
    elseif hour == 10 or hour == 11 then
      row[2], row[3], row[4] = 70, 1.2, 61
    elseif hour == 15 then
      row[1], row[5] = 25.5, 48
    end
  end), answers.now)[1]
  harness.equal({ day.low, day.high, day.chance, day.kind, day.wind }, { -4.0, 25.5, 70.0, "rain", 48.0 })
  harness.equal(string.format("%.1f", day.rain), "2.4")
end)

harness.test("what happens at night does not make the day's sky", function()
  local day = forecast.days(model(2, function(hour, row)
    row[4] = (hour % 24 < 6 or hour % 24 >= 22) and 95 or 0
  end), answers.now)[1]
  harness.equal(day.kind, "clear")
end)

harness.test("hours without a value are left out, and days with too few of them too", function()
  local days = forecast.days(model(2, function(hour, row)
    if hour >= 29 then
      row[1] = "null"
    elseif hour == 5 then
      row[2], row[3] = "null", "null"
    end
  end), answers.now)
  harness.equal({ #days, days[1].rain }, { 1, 0.0 })
end)

harness.test("the next parts begin with the one that has begun", function()
  local parts = forecast.nextParts(model(2), answers.now, 4)
  local names = {}
  for place, part in ipairs(parts) do
    names[place] = part.name
  end
  harness.equal(names, { "afternoon", "evening", "night", "morning" })
  harness.equal(#forecast.nextParts(model(1), answers.now, 4), 2)
  harness.equal(forecast.nextParts(model(1), answers.now + 10 * 86400, 4), {})
end)

harness.test("a part's temperature is the mean of its hours", function()
  local parts = forecast.nextParts(model(1, function(hour, row)
    row[1] = hour
  end), answers.now, 1)
  harness.equal(parts[1].mean, 14.5)
end)

for name, text in pairs({
  ["a number"] = "1",
  ["null"] = "null",
  ["an empty list"] = "[]",
  ["no hours"] = '{"utc_offset_seconds":0,"current":{"temperature_2m":1,"weather_code":0}}',
  ["no offset"] = '{"current":{"temperature_2m":1,"weather_code":0},"hourly":{"time":[]}}',
  ["null for the current weather"] = '{"utc_offset_seconds":0,"current":null,"hourly":{"time":[]}}',
  ["no columns"] = '{"utc_offset_seconds":0,"current":{"temperature_2m":1,"weather_code":0},"hourly":{"time":[1]}}',
  ["nothing in the columns"] = '{"utc_offset_seconds":0,"current":{"temperature_2m":1,"weather_code":0},"hourly":{"time":[],"temperature_2m":[],"precipitation_probability":[],"precipitation":[],"weather_code":[],"wind_speed_10m":[]}}',
  ["columns of different lengths"] = '{"utc_offset_seconds":0,"current":{"temperature_2m":1,"weather_code":0},"hourly":{"time":[1,2],"temperature_2m":[1],"precipitation_probability":[1],"precipitation":[1],"weather_code":[1],"wind_speed_10m":[1]}}',
}) do
  harness.test("not a forecast: " .. name, function()
    harness.equal({ forecast.read(json.decode(text)) }, { nil, "not_a_forecast" })
  end)
end

harness.test("an error of the service is told as one", function()
  harness.equal({ forecast.read(json.decode('{"error":true,"reason":"x"}')) }, { nil, "refused" })
end)

harness.test("places are read, and what is none is left out", function()
  local places = forecast.readPlaces(json.decode(answers.places))
  harness.equal(#places, 2)
  harness.equal(places[1], { name = "Bern", region = "Switzerland", latitude = 46.94809, longitude = 7.44744 })
  harness.equal(places[2].region, "Kansas, United States")
  harness.equal(forecast.readPlaces(json.decode('{"generationtime_ms":0.5}')), {})
  harness.equal({ forecast.readPlaces(json.decode("7")) }, { nil, "not_places" })
end)
