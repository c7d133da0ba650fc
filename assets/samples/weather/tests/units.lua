local harness = require("tests.harness")
local units = require("lib.units")

harness.test("halves are rounded away from zero, and there is no −0", function()
  harness.equal({ units.round(0.5), units.round(-0.5), units.round(2.4), units.round(-2.6), units.round(-0.2) }, { 1, -1, 2, -3, 0 })
  harness.equal(math.type(units.round(3.0)), "integer")
end)

harness.test("temperatures", function()
  harness.equal({ units.temperature(-3.6, "metric"), units.temperature(-0.4, "metric") }, { "−4°", "0°" })
  harness.equal({ units.temperature(0, "imperial"), units.temperature(-40, "imperial"), units.temperature(100, "imperial") }, { "32°", "−40°", "212°" })
end)

harness.test("wind and rain", function()
  harness.equal({ units.wind(16.1, "metric"), units.wind(16.09344, "imperial") }, { "16 km/h", "10 mph" })
  harness.equal({ units.rain(2.54, "metric", ","), units.rain(2.54, "imperial", ".") }, { "2,5 mm", "0.10 in" })
end)

harness.test("the units of a region", function()
  for locale, system in pairs({ ["en-US"] = "imperial", ["en_US"] = "imperial", ["en-GB"] = "metric", de = "metric", ["es-US"] = "imperial" }) do
    harness.equal(units.systemFor(locale), system, locale)
  end
end)
