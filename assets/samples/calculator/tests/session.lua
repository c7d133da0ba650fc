local harness = require("tests.harness")
local keys = require("lib.keys")
local session = require("lib.session")

local names = {
  ["+"] = "plus", ["-"] = "minus", ["*"] = "times", ["/"] = "divide", ["%"] = "percent", ["("] = "open", [")"] = "close",
  ["."] = "point", ["="] = "equals", C = "clear", ["<"] = "back", A = "memory-add", S = "memory-subtract",
  R = "memory-recall", M = "memory-clear",
}

local function typed(sequence, into)
  local current = into or session.new()
  for sign in sequence:gmatch(".") do
    current:press(keys[names[sign] or "digit-" .. sign])
  end
  return current
end

for sequence, expected in pairs({
  ["12+3"] = "12+3",
  ["007"] = "7",
  ["0.05"] = "0.05",
  ["."] = "0.",
  ["1..5"] = "1.5",
  ["5+.5"] = "5+0.5",
  ["5+*2"] = "5*2",
  ["5*-2"] = "5*-2",
  ["5*-+2"] = "5+2",
  ["5--2"] = "5-2",
  ["+5"] = "0+5",
  ["-5"] = "-5",
  ["*"] = "0*",
  ["-+"] = "-",
  ["(-3)"] = "(-3)",
  ["(*3"] = "(3",
  ["3)"] = "3",
  ["(3))"] = "(3)",
  ["()"] = "(",
  ["%5%"] = "5%",
  ["5%%"] = "5%%",
  ["12<3"] = "13",
  ["<<"] = "",
  ["12+3C"] = "",
  ["2+3="] = "5",
  ["2+3=4"] = "4",
  ["2+3=*4"] = "5*4",
  ["2+3=."] = "0.",
  ["2+3=("] = "(",
  ["2+3=<"] = "",
  ["2+3=="] = "5",
  ["1/8="] = "0.125",
  ["1234567890123456789"] = "123456789012345",
}) do
  harness.test(sequence .. " gives " .. expected, function()
    harness.equal(typed(sequence).text, expected)
  end)
end

harness.test("an error keeps the text, and the next key takes it back", function()
  local current = typed("1/0=")
  harness.equal({ current.failure, current.text, #current.history.entries }, { "divide_by_zero", "1/0", 0 })
  typed("<", current)
  harness.equal({ current.failure, current.text }, { nil, "1/" })
  harness.equal(typed("4+=").failure, "incomplete")
end)

harness.test("results go to the history", function()
  local current = typed("2+3=*4=")
  harness.equal(current.history:at(1), { expression = "5*4", value = 20.0 })
  harness.equal(current.history:at(2), { expression = "2+3", value = 5.0 })
end)

harness.test("the memory adds, subtracts, gives back and forgets", function()
  local current = typed("12A")
  harness.equal(current.memory, 12.0)
  typed("2+3S", current)
  harness.equal(current.memory, 7.0)
  typed("C4*R", current)
  harness.equal(current.text, "4*7")
  typed("M", current)
  harness.equal(current.memory, nil)
  harness.equal(typed("R").text, "")
  harness.equal(typed("5SC2*R").text, "2*(-5)")
end)

harness.test("the value shows while typing, once there is something to work out", function()
  harness.equal(typed("12").preview(typed("12")), nil)
  harness.equal(typed("12+3"):preview(), 15.0)
  harness.equal(typed("12+"):preview(), nil)
  harness.equal(typed("12+3="):preview(), nil)
end)

harness.test("the text has a limit", function()
  local current = typed(("1+"):rep(100))
  harness.equal(#current.text, session.longestText)
end)

harness.test("a thousand random keys never fail and never leave what cannot be shown", function()
  math.randomseed(11)
  local all = {}
  for id in pairs(keys) do
    all[#all + 1] = id
  end
  table.sort(all)
  local current = session.new()
  for _ = 1, 1000 do
    current:press(keys[all[math.random(#all)]])
    harness.equal(utf8.len(current.text) ~= nil and #current.text <= session.longestText, true)
  end
end)
