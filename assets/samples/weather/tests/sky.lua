local harness = require("tests.harness")
local sky = require("lib.sky")

harness.test("codes have a kind, whole or with a point", function()
  for code, kind in pairs({ [0] = "clear", [2] = "partly", [3] = "cloudy", [45] = "fog", [61] = "rain", [82] = "rain", [75] = "snow", [99] = "thunder" }) do
    harness.equal({ sky.kind(code), sky.kind(code + 0.0) }, { kind, kind })
  end
  harness.equal({ sky.kind(42), sky.kind(-1), sky.kind(61.5) }, { "cloudy", "cloudy", "cloudy" })
end)

harness.test("only where the sun would show has the night a picture of its own", function()
  harness.equal({ sky.picture("clear", true), sky.picture("partly", true), sky.picture("rain", true), sky.picture("clear", false) },
    { "clear-night", "partly-night", "rain", "clear" })
end)

for _, case in ipairs({
  { {}, nil },
  { { "clear" }, "clear" },
  { { "clear", "clear", "cloudy" }, "clear" },
  { { "clear", "cloudy" }, "cloudy" },
  { { "clear", "clear", "clear", "rain" }, "clear" },
  { { "clear", "clear", "clear", "rain", "rain" }, "rain" },
  { { "rain", "rain", "rain", "thunder", "thunder" }, "thunder" },
  { { "rain", "thunder" }, "thunder" },
}) do
  harness.test(table.concat(case[1], " ") .. " is told as " .. tostring(case[2]), function()
    harness.equal(sky.summary(case[1]), case[2])
  end)
end
