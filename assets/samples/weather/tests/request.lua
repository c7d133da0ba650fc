local harness = require("tests.harness")
local request = require("lib.request")

harness.test("a forecast is asked for to about a kilometre", function()
  local query = assert(request.forecastQuery({ latitude = 52.51873, longitude = -13.4 }))
  harness.equal(query:match("^latitude=52.52&longitude=%-13.40&current="), "latitude=52.52&longitude=-13.40&current=")
  assert(query:find("&forecast_days=6&timeformat=unixtime&timezone=auto", 1, true))
  assert(query:find("hourly=temperature_2m%2Cprecipitation_probability", 1, true))
end)

for name, place in pairs({
  ["no numbers"] = { latitude = "52", longitude = 13 },
  ["not there"] = { longitude = 13 },
  ["beyond the pole"] = { latitude = 90.1, longitude = 0 },
  ["round the world"] = { latitude = 0, longitude = -180.5 },
  ["not a number"] = { latitude = 0 / 0, longitude = 0 },
}) do
  harness.test("no question without a real place: " .. name, function()
    harness.equal({ select(2, request.forecastQuery(place)) }, { "bad_place" })
  end)
end

harness.test("a name is escaped, and nothing can be added to the query by it", function()
  harness.equal(request.searchQuery("  São Paulo ", "pt", 4), "name=S%C3%A3o%20Paulo&count=4&language=pt&format=json")
  harness.equal(request.searchQuery("a&b=c#d/é", "en", 1), "name=a%26b%3Dc%23d%2F%C3%A9&count=1&language=en&format=json")
end)

harness.test("names that are too short, too long or not text are not searched for", function()
  for _, name in ipairs({ "", " ", "a", " a ", ("x"):rep(61), "\xff\xfe" }) do
    harness.equal({ request.searchQuery(name, "en", 4) }, { nil, "bad_name" })
  end
end)
