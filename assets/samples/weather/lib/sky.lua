-- WMO weather codes (table 4677, as far as Open-Meteo uses it) as a few kinds that have a picture and a name.

local sky = {}

local codes = {
  clear = { 0 },
  partly = { 1, 2 },
  cloudy = { 3 },
  fog = { 45, 48 },
  rain = { 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 80, 81, 82 },
  snow = { 71, 73, 75, 77, 85, 86 },
  thunder = { 95, 96, 99 },
}

-- From the mildest to the one that matters most when a day is told in one word.
sky.kinds = { "clear", "partly", "cloudy", "fog", "rain", "snow", "thunder" }

local kindOf, rankOf = {}, {}
for kind, list in pairs(codes) do
  for _, code in ipairs(list) do
    kindOf[code] = kind
  end
end
for rank, kind in ipairs(sky.kinds) do
  rankOf[kind] = rank
end

-- The kind of a code; cloudy for one that is not known, since it says the least.
function sky.kind(code)
  return kindOf[math.tointeger(code)] or "cloudy"
end

-- One kind for several hours: the most serious that lasts for two of them, else the commonest.
function sky.summary(kinds)
  local counts = {}
  for _, kind in ipairs(kinds) do
    counts[kind] = (counts[kind] or 0) + 1
  end
  local best
  for kind, count in pairs(counts) do
    local serious = rankOf[kind] >= rankOf.fog and count >= 2
    local weight = serious and 1000 * rankOf[kind] or count * 10 + rankOf[kind] / 10
    if not best or weight > best.weight then
      best = { kind = kind, weight = weight }
    end
  end
  return best and best.kind
end

-- The picture of a kind: where the sun would be seen, the night has one of its own.
function sky.picture(kind, isNight)
  return isNight and (kind == "clear" or kind == "partly") and kind .. "-night" or kind
end

return sky
