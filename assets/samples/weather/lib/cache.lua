-- The last answer for a place, as one text in the storage: a line with the form's version, the time of the
-- fetch and the place, then the answer as it came.

local cache = {}

cache.freshSeconds = 30 * 60
cache.usableSeconds = 24 * 3600
-- A device's clock may be set back a little between the fetch and now.
cache.clockToleranceSeconds = 5 * 60

function cache.placeKey(place)
  return string.format("%.2f,%.2f", place.latitude, place.longitude)
end

function cache.encode(place, fetchedAt, body)
  return string.format("1 %d %s\n%s", fetchedAt, cache.placeKey(place), body)
end

-- Gives {fetchedAt, body}, or nil when the text is damaged or is about another place.
function cache.decode(text, place)
  local fetchedAt, key, body = (text or ""):match("^1 (%d+) (%S+)\n(.+)$")
  local time = fetchedAt and math.tointeger(tonumber(fetchedAt))
  if not time or key ~= cache.placeKey(place) then
    return nil
  end
  return { fetchedAt = time, body = body }
end

-- "fresh": no need to ask again; "stale": to be shown while asking; "expired": worse than nothing.
function cache.judge(entry, now)
  local age = now - entry.fetchedAt
  if age < -cache.clockToleranceSeconds or age > cache.usableSeconds then
    return "expired"
  end
  return age <= cache.freshSeconds and "fresh" or "stale"
end

return cache
