local cache = require("lib.cache")
local harness = require("tests.harness")

local berlin, bern = { latitude = 52.52, longitude = 13.41 }, { latitude = 46.948, longitude = 7.447 }

harness.test("an answer is the same after storing, line breaks and all", function()
  local text = cache.encode(berlin, 1747000800, '{\n"a":1}\n')
  harness.equal(cache.decode(text, berlin), { fetchedAt = 1747000800, body = '{\n"a":1}\n' })
  harness.equal(cache.decode(text, { latitude = 52.5199, longitude = 13.4101 }).fetchedAt, 1747000800)
end)

harness.test("another place's answer or a damaged one is none", function()
  harness.equal(cache.decode(cache.encode(berlin, 1, "{}"), bern), nil)
  for _, text in ipairs({ "", "1", "1 5 52.52,13.41\n", "2 5 52.52,13.41\n{}", "1 x 52.52,13.41\n{}", "1 -5 52.52,13.41\n{}" }) do
    harness.equal(cache.decode(text, berlin), nil, text)
  end
  harness.equal(cache.decode(nil, berlin), nil)
end)

for age, expected in pairs({
  [0] = "fresh",
  [30 * 60] = "fresh",
  [30 * 60 + 1] = "stale",
  [24 * 3600] = "stale",
  [24 * 3600 + 1] = "expired",
  [-60] = "fresh",
  [-3600] = "expired",
}) do
  harness.test(age .. " seconds old is " .. expected, function()
    harness.equal(cache.judge({ fetchedAt = 1000000 }, 1000000 + age), expected)
  end)
end
