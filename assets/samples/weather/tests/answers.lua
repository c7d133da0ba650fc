-- Answers in the shape of Open-Meteo's, for the other tests. Monday, 12 May 2025, 00:00 in Berlin is 22:00 UTC
-- the day before.

local answers = {}

answers.offset = 7200
answers.midnight = 1747000800
answers.now = answers.midnight + 13 * 3600 + 1200

-- `change(hour, row)` may alter each hour's row {temperature, chance, rain, code, wind}.
function answers.forecast(days, change)
  local columns = { {}, {}, {}, {}, {}, {} }
  for hour = 0, days * 24 - 1 do
    local clock = hour % 24
    local row = { 10 + 8 * math.sin((clock - 9) / 24 * 2 * math.pi) + hour // 24, 0, 0, 1, 12 }
    if change then
      change(hour, row)
    end
    columns[1][hour + 1] = tostring(answers.midnight + hour * 3600)
    for place, value in ipairs(row) do
      columns[place + 1][hour + 1] = type(value) == "number" and string.format("%.1f", value) or "null"
    end
  end
  local function list(place)
    return "[" .. table.concat(columns[place], ",") .. "]"
  end
  return '{"latitude":52.52,"longitude":13.42,"utc_offset_seconds":7200,"timezone":"Europe/Berlin",'
    .. '"current":{"time":' .. answers.now .. ',"temperature_2m":18.4,"apparent_temperature":17.2,'
    .. '"relative_humidity_2m":55,"weather_code":2,"wind_speed_10m":14.8,"is_day":1},'
    .. '"hourly":{"time":' .. list(1) .. ',"temperature_2m":' .. list(2) .. ',"precipitation_probability":' .. list(3)
    .. ',"precipitation":' .. list(4) .. ',"weather_code":' .. list(5) .. ',"wind_speed_10m":' .. list(6) .. "}}"
end

answers.places = '{"results":[{"id":1,"name":"Bern","latitude":46.94809,"longitude":7.44744,"country":"Switzerland",'
  .. '"admin1":"Bern"},{"id":2,"name":"Bern","latitude":40.18,"longitude":-78.5,"country":"United States",'
  .. '"admin1":"Kansas"},{"id":3,"name":"Nowhere"},7,null,{"name":"Off","latitude":95,"longitude":0}]}'

return answers
