local evaluator = require("lib.evaluator")
local format = require("lib.format")
local harness = require("tests.harness")

local en, de = format.styles.en, format.styles.de

harness.test("values are grouped and rounded to twelve digits", function()
  harness.equal(format.value(1234567.891, en), "1,234,567.891")
  harness.equal(format.value(1234567.891, de), "1.234.567,891")
  harness.equal(format.value(-1000.0, en), "−1,000")
  harness.equal(format.value(999.0, en), "999")
  harness.equal(format.value(1 / 3, en), "0.333333333333")
  harness.equal(format.value(0.0, en), "0")
  harness.equal(format.value(-0.0, en), "0")
end)

harness.test("very large and very small values have an exponent", function()
  harness.equal(format.value(1.5e20, en), "1.5\u{2009}×10^20")
  harness.equal(format.value(-2.5e-9, de), "−2,5\u{2009}×10^−9")
end)

harness.test("plain text reads back as the same value", function()
  for _, value in ipairs({ 0.5, -12.25, 1e20, 2.5e-9, 123456789012.0 }) do
    harness.equal(evaluator.evaluate(format.plain(value)), value)
  end
end)

harness.test("expressions are spaced where an operator has two sides", function()
  harness.equal(format.expression("12*-3", en), "12 × −3")
  harness.equal(format.expression("-2+(1200-5%)/.5", en), "−2 + (1,200 − 5%) ÷ 0.5")
  harness.equal(format.expression("1200.50", de), "1.200,50")
end)

harness.test("what is being typed is kept", function()
  harness.equal(format.expression("1200.", en), "1,200.")
  harness.equal(format.expression("3*", en), "3 × ")
  harness.equal(format.expression("2#3", en), "2#3")
end)

harness.test("the style follows the language of the locale", function()
  harness.equal(format.styleFor("de-AT"), de)
  harness.equal(format.styleFor("en-GB"), en)
  harness.equal(format.styleFor("fi"), en)
end)
