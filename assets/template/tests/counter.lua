local counter = require("lib.counter")
local harness = require("tests.harness")

harness.test("it counts up and down, but not below zero", function()
  local count = counter.new()
  harness.equal({ count:add(1), count:add(1), count:add(-1), count.value }, { true, true, true, 1 })
  harness.equal({ count:add(-2), count.value }, { false, 1 })
end)

harness.test("it stops at its limit", function()
  local count = counter.new(counter.most)
  harness.equal({ count:add(1), count.value }, { false, counter.most })
end)

harness.test("the last change can be taken back once", function()
  local count = counter.new(7)
  count:reset()
  harness.equal({ count.value, count:undo(), count.value, count:undo() }, { 0, true, 7, false })
end)

harness.test("it is the same after storing", function()
  harness.equal(counter.decode(counter.new(42):encode()).value, 42)
end)

for name, text in pairs({ ["nothing"] = "", ["a word"] = "many", ["below zero"] = "-1", ["a fraction"] = "1.5", ["too much"] = "10000", ["far too much"] = "99999999999999999999" }) do
  harness.test("a damaged storage begins at zero: " .. name, function()
    harness.equal(counter.decode(text).value, 0)
  end)
end

harness.test("nothing stored begins at zero", function()
  harness.equal(counter.decode(nil).value, 0)
end)
