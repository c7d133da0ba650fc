local evaluator = require("lib.evaluator")
local format = require("lib.format")
local harness = require("tests.harness")

for source, expected in pairs({
  ["0.1+0.2"] = "0.3",
  ["1+2*3-4/8"] = "6.5",
  ["(1.5+2.5)*-3"] = "-12",
  ["80+25%"] = "100",
  ["80-25%"] = "60",
  ["80*25%"] = "20",
  ["80/25%"] = "320",
  ["25%"] = "0.25",
  ["100+10%+10%"] = "121",
  ["100+(10%)"] = "110",
  ["2(3+4)"] = "14",
  ["10/3*3"] = "10",
  ["-0"] = "0",
  ["1e300*1e-300"] = "1",
}) do
  harness.test(source .. " is " .. expected, function()
    harness.equal(format.plain(assert(evaluator.evaluate(source))), expected)
  end)
end

for source, expected in pairs({
  ["1/0"] = "divide_by_zero",
  ["1/(2-2)"] = "divide_by_zero",
  ["1+1/0"] = "divide_by_zero",
  ["-(1/0)"] = "divide_by_zero",
  ["1e308*10"] = "out_of_range",
  ["1e999"] = "out_of_range",
  ["1e308+1e308-1e308"] = "out_of_range",
  ["1+"] = "incomplete",
}) do
  harness.test(source .. " has no value: " .. expected, function()
    local value, code = evaluator.evaluate(source)
    harness.equal({ value, code }, { nil, expected })
  end)
end

harness.test("sums of random whole numbers are exact", function()
  math.randomseed(4)
  for _ = 1, 200 do
    local a, b, c = math.random(0, 9999), math.random(0, 9999), math.random(1, 99)
    local source = string.format("(%d+%d)*%d-%d", a, b, c, b)
    harness.equal(evaluator.evaluate(source), (a + b) * c - b + 0.0, source)
  end
end)
