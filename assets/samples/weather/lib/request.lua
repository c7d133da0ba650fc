-- What is asked of Open-Meteo. The host stands in main.lua, so that a reader of the app sees where it goes.

local request = {}

request.forecastDays = 6

local current = { "temperature_2m", "apparent_temperature", "relative_humidity_2m", "weather_code", "wind_speed_10m", "is_day" }
local hourly = { "temperature_2m", "precipitation_probability", "precipitation", "weather_code", "wind_speed_10m" }

-- Percent-encoding as in RFC 3986 §2.3: everything but unreserved characters.
function request.escape(text)
  return (text:gsub("[^%w%-._~]", function(sign)
    return string.format("%%%02X", sign:byte())
  end))
end

local function joined(pairsInOrder)
  local parts = {}
  for _, pair in ipairs(pairsInOrder) do
    parts[#parts + 1] = pair[1] .. "=" .. request.escape(pair[2])
  end
  return table.concat(parts, "&")
end

local function isNumber(value, limit)
  return type(value) == "number" and value == value and math.abs(value) <= limit
end

-- The query for a place {latitude, longitude}, in degrees. Two decimals, about a kilometre, are enough for
-- the weather and say less about where a person is.
function request.forecastQuery(place)
  if not isNumber(place.latitude, 90) or not isNumber(place.longitude, 180) then
    return nil, "bad_place"
  end
  return joined({
    { "latitude", string.format("%.2f", place.latitude) },
    { "longitude", string.format("%.2f", place.longitude) },
    { "current", table.concat(current, ",") },
    { "hourly", table.concat(hourly, ",") },
    { "forecast_days", tostring(request.forecastDays) },
    { "timeformat", "unixtime" },
    { "timezone", "auto" },
  })
end

-- The query for places with a name; nil for what is too short to be searched for.
function request.searchQuery(name, language, count)
  name = name:gsub("^%s+", ""):gsub("%s+$", "")
  local length = utf8.len(name)
  if not length or length < 2 or length > 60 then
    return nil, "bad_name"
  end
  return joined({
    { "name", name },
    { "count", tostring(count) },
    { "language", language },
    { "format", "json" },
  })
end

return request
