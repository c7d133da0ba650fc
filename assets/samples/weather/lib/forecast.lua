-- From Open-Meteo's answer to what the screen shows. Temperatures in °C, wind in km/h, rain in mm, times in
-- seconds since 1970; local time is that plus `offset`.

local json = require("lib.json")
local sky = require("lib.sky")

local forecast = {}

local secondsPerDay, secondsPerHour = 86400, 3600

forecast.parts = {
  { name = "night", from = 0 },
  { name = "morning", from = 6 },
  { name = "afternoon", from = 12 },
  { name = "evening", from = 18 },
}

local function isNumber(value)
  return type(value) == "number"
end

local function isPlace(latitude, longitude)
  return isNumber(latitude) and math.abs(latitude) <= 90 and isNumber(longitude) and math.abs(longitude) <= 180
end

local function isTable(value)
  return type(value) == "table" and value ~= json.null
end

local function readHours(hourly)
  local columns = { "temperature_2m", "precipitation_probability", "precipitation", "weather_code", "wind_speed_10m" }
  for _, name in ipairs(columns) do
    if not isTable(hourly[name]) or #hourly[name] ~= #hourly.time then
      return nil
    end
  end
  local hours = {}
  for place, time in ipairs(hourly.time) do
    local temperature, code = hourly.temperature_2m[place], hourly.weather_code[place]
    -- The service has null where a model ends early; an hour without temperature or sky tells nothing.
    if isNumber(time) and isNumber(temperature) and isNumber(code) then
      local function orZero(name)
        local value = hourly[name][place]
        return isNumber(value) and value or 0
      end
      hours[#hours + 1] = {
        time = time,
        temperature = temperature,
        kind = sky.kind(code),
        chance = orZero("precipitation_probability"),
        rain = orZero("precipitation"),
        wind = orZero("wind_speed_10m"),
      }
    end
  end
  return hours
end

-- Gives {offset, current = {temperature, feelsLike, humidity, wind, kind, isNight}, hours}, or nil and the code of
-- the error. `answer` is decoded JSON of any shape.
function forecast.read(answer)
  if not isTable(answer) then
    return nil, "not_a_forecast"
  end
  if answer.error == true then
    return nil, "refused"
  end
  local current, hourly = answer.current, answer.hourly
  if not isTable(current) or not isTable(hourly) or not isTable(hourly.time) then
    return nil, "not_a_forecast"
  end
  if not isNumber(answer.utc_offset_seconds) or not isNumber(current.temperature_2m) or not isNumber(current.weather_code) then
    return nil, "not_a_forecast"
  end
  local hours = readHours(hourly)
  if not hours or #hours == 0 then
    return nil, "not_a_forecast"
  end
  return {
    offset = answer.utc_offset_seconds,
    current = {
      temperature = current.temperature_2m,
      feelsLike = isNumber(current.apparent_temperature) and current.apparent_temperature or current.temperature_2m,
      humidity = isNumber(current.relative_humidity_2m) and current.relative_humidity_2m or nil,
      wind = isNumber(current.wind_speed_10m) and current.wind_speed_10m or 0,
      kind = sky.kind(current.weather_code),
      isNight = current.is_day == 0,
    },
    hours = hours,
  }
end

local function localDay(model, time)
  return (time + model.offset) // secondsPerDay
end

local function localHour(model, time)
  return (time + model.offset) % secondsPerDay // secondsPerHour
end

-- Sunday is 0; 1 January 1970 was a Thursday.
local function weekday(day)
  return math.tointeger((day + 4) % 7)
end

-- Sums up some hours: {low, high, mean, rain, chance, wind, kind}. The kind is that of the hours from seven to
-- nine in the evening, when there are any: a clear night does not make a rainy day fair.
local function summed(model, hours)
  local result = { low = math.huge, high = -math.huge, rain = 0, chance = 0, wind = 0 }
  local sum, allKinds, dayKinds = 0, {}, {}
  for _, hour in ipairs(hours) do
    result.low = math.min(result.low, hour.temperature)
    result.high = math.max(result.high, hour.temperature)
    result.rain = result.rain + hour.rain
    result.chance = math.max(result.chance, hour.chance)
    result.wind = math.max(result.wind, hour.wind)
    sum = sum + hour.temperature
    allKinds[#allKinds + 1] = hour.kind
    local clock = localHour(model, hour.time)
    if clock >= 7 and clock < 21 then
      dayKinds[#dayKinds + 1] = hour.kind
    end
  end
  result.mean = sum / #hours
  result.kind = sky.summary(#dayKinds > 0 and dayKinds or allKinds)
  return result
end

-- The days from the one of `now` on, as {weekday, low, high, …}. A day of which fewer than six hours are
-- known is left out, since its extremes would mislead.
function forecast.days(model, now)
  local byDay, order = {}, {}
  for _, hour in ipairs(model.hours) do
    local day = localDay(model, hour.time)
    if day >= localDay(model, now) then
      if not byDay[day] then
        byDay[day] = {}
        order[#order + 1] = day
      end
      table.insert(byDay[day], hour)
    end
  end
  table.sort(order)
  local days = {}
  for _, day in ipairs(order) do
    if #byDay[day] >= 6 then
      local summary = summed(model, byDay[day])
      summary.weekday = weekday(day)
      days[#days + 1] = summary
    end
  end
  return days
end

-- The next parts of days from `now` on (the one that has begun included), at most `count`.
function forecast.nextParts(model, now, count)
  local hours = secondsPerDay // #forecast.parts
  local first = (now + model.offset) // hours
  local byPart = {}
  for _, hour in ipairs(model.hours) do
    local part = (hour.time + model.offset) // hours
    byPart[part] = byPart[part] or {}
    table.insert(byPart[part], hour)
  end
  local result = {}
  for part = first, first + count - 1 do
    if byPart[part] then
      local summary = summed(model, byPart[part])
      summary.name = forecast.parts[math.tointeger(part % #forecast.parts) + 1].name
      result[#result + 1] = summary
    end
  end
  return result
end

-- The places of a search's answer: {name, region, latitude, longitude}. A name that is not known gives none.
function forecast.readPlaces(answer)
  if not isTable(answer) then
    return nil, "not_places"
  end
  local places = {}
  for _, found in ipairs(isTable(answer.results) and answer.results or {}) do
    if isTable(found) and type(found.name) == "string" and isPlace(found.latitude, found.longitude) then
      local region = type(found.admin1) == "string" and found.admin1 ~= found.name and found.admin1 or nil
      local country = type(found.country) == "string" and found.country or nil
      places[#places + 1] = {
        name = found.name,
        region = region and country and region .. ", " .. country or region or country or "",
        latitude = found.latitude,
        longitude = found.longitude,
      }
    end
  end
  return places
end

return forecast
