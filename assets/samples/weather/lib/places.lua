-- The chosen place and its form in the storage: latitude, longitude, name and region, a line each.

local places = {}

places.default = { name = "Berlin", region = "", latitude = 52.52, longitude = 13.41 }

function places.encode(place)
  local function line(text)
    return (text:gsub("%c", " "))
  end
  return string.format("%.4f\n%.4f\n%s\n%s", place.latitude, place.longitude, line(place.name), line(place.region))
end

local function within(text, limit)
  local value = text:match("^%-?%d+%.%d+$") and tonumber(text)
  return value and math.abs(value) <= limit and value or nil
end

-- The stored place, or the default when there is none or it is damaged.
function places.decode(text)
  local latitude, longitude, name, region = (text or ""):match("^(%S+)\n(%S+)\n([^\n]+)\n([^\n]*)$")
  local north = latitude and within(latitude, 90)
  local east = longitude and within(longitude, 180)
  if not north or not east or not utf8.len(name) or not utf8.len(region) then
    return places.default
  end
  return { name = name, region = region, latitude = north, longitude = east }
end

return places
