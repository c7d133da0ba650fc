-- Measures in the units that people want. Everything comes in as °C, km/h and mm.

local units = {}

units.systems = { "metric", "imperial" }

-- What a person probably wants, by the region of the locale.
function units.systemFor(locale)
  local region = locale:match("[-_](%u%u)$")
  return (region == "US" or region == "LR" or region == "MM") and "imperial" or "metric"
end

-- To whole numbers, halves away from zero, and never to −0.
function units.round(value)
  local whole = value < 0 and -math.floor(-value + 0.5) or math.floor(value + 0.5)
  return whole == 0 and 0 or math.tointeger(whole)
end

function units.fahrenheit(celsius)
  return celsius * 9 / 5 + 32
end

function units.milesPerHour(kilometresPerHour)
  return kilometresPerHour / 1.609344
end

function units.inches(millimetres)
  return millimetres / 25.4
end

local function withMinus(number)
  return (tostring(number):gsub("^-", "−"))
end

function units.temperature(celsius, system)
  local value = system == "imperial" and units.fahrenheit(celsius) or celsius
  return withMinus(units.round(value)) .. "°"
end

function units.wind(kilometresPerHour, system)
  if system == "imperial" then
    return units.round(units.milesPerHour(kilometresPerHour)) .. " mph"
  end
  return units.round(kilometresPerHour) .. " km/h"
end

-- With the decimal sign of the locale; hundredths of an inch, tenths of a millimetre.
function units.rain(millimetres, system, point)
  local text = system == "imperial" and string.format("%.2f in", units.inches(millimetres))
    or string.format("%.1f mm", millimetres)
  return (text:gsub("%.", point))
end

return units
