-- What version 1.1.0 adds: roots, powers, the last answer, and the history brought back by a touch.

local device = require("tests.device")
local evaluator = require("lib.evaluator")
local format = require("lib.format")
local harness = require("tests.harness")
local keys = require("lib.keys")
local session = require("lib.session")

for source, expected in pairs({
  ["2^10"] = "1024",
  ["2^3^2"] = "512",
  ["-2^2"] = "-4",
  ["(-2)^2"] = "4",
  ["2^-1"] = "0.5",
  ["2*3^2"] = "18",
  ["√9"] = "3",
  ["√9^2"] = "9",
  ["√(9+16)"] = "5",
  ["2√9"] = "6",
  ["√√16"] = "2",
  ["-√4"] = "-2",
  ["√3^2+4"] = "7",
  ["√25%"] = "0.5",
  ["0^0"] = "1",
}) do
  harness.test(source .. " is " .. expected, function()
    harness.equal(format.plain(assert(evaluator.evaluate(source))), expected)
  end)
end

for source, expected in pairs({
  ["√-4"] = "not_real",
  ["(-8)^(1/3)"] = "not_real",
  ["0^-1"] = "divide_by_zero",
  ["9^9^9"] = "out_of_range",
  ["√"] = "incomplete",
  ["2^"] = "incomplete",
  ["√*2"] = "unexpected",
}) do
  harness.test(source .. " has no value: " .. expected, function()
    local value, code = evaluator.evaluate(source)
    harness.equal({ value, code }, { nil, expected })
  end)
end

local function pressed(current, ...)
  for _, id in ipairs({ ... }) do
    current:press(keys[id])
  end
  return current
end

harness.test("the square of a negative result is positive", function()
  local current = pressed(session.new(), "minus", "digit-4", "equals", "square")
  harness.equal(current.text, "(-4)^2")
  harness.equal(current:preview(), 16.0)
end)

harness.test("a power is shown without spaces", function()
  harness.equal(format.expression("√(3^2+4^-2)", format.styles.en), "√(3^2 + 4^−2)")
end)

harness.test("a square needs something to square", function()
  harness.equal(pressed(session.new(), "square", "digit-5", "plus", "square").text, "5+")
end)

harness.test("taking back the last key removes the whole root sign", function()
  harness.equal(pressed(session.new(), "root", "back").text, "")
end)

harness.test("the last answer goes into the next sum", function()
  local current = pressed(session.new(), "answer")
  harness.equal(current.text, "")
  pressed(current, "digit-2", "minus", "digit-9", "equals", "clear", "digit-3", "times", "answer")
  harness.equal(current.text, "3*(-7)")
end)

harness.test("an operator after a root corrects nothing", function()
  harness.equal(pressed(session.new(), "digit-2", "plus", "root", "times").text, "2+√")
end)

harness.test("a touched entry comes back for editing", function()
  local phone = device.new({ stored = { history = "√(9+16)=5\n1+1=2" } }).start()
  phone.tap("history-2")
  harness.equal(phone.text.expression, "1 + 1")
  phone.tap("history-1")
  harness.equal(phone.text.expression, "√(9 + 16)")
  phone.tap("back")
  phone.tap("digit-0")
  harness.equal({ phone.text.expression, phone.text.preview }, { "√(9 + 160", "= 13" })
  phone.tap("history-3")
  harness.equal(phone.text.expression, "√(9 + 160")
end)
