local harness = require("tests.harness")
local history = require("lib.history")

harness.test("the newest entry comes first and a repetition is kept once", function()
  local entries = history.new()
  entries:add("1+1", 2.0)
  entries:add("2+2", 4.0)
  entries:add("2+2", 4.0)
  harness.equal(#entries.entries, 2)
  harness.equal(entries:at(1).expression, "2+2")
  harness.equal(entries:at(3), nil)
end)

harness.test("the oldest entries go when it is full", function()
  local entries = history.new()
  for number = 1, history.mostEntries + 5 do
    entries:add("0+" .. number, number + 0.0)
  end
  harness.equal(#entries.entries, history.mostEntries)
  harness.equal(entries:at(history.mostEntries).expression, "0+6")
end)

harness.test("it is the same after storing", function()
  local entries = history.new()
  entries:add("1/3", 1 / 3)
  entries:add("1e20*2", 2e20)
  harness.equal(history.decode(entries:encode()).entries, entries.entries)
end)

for name, text in pairs({
  ["nothing"] = "",
  ["no value"] = "1+1",
  ["an empty value"] = "1+1=",
  ["a word"] = "1+1=two",
  ["not a number"] = "1+1=nan",
  ["two signs"] = "1=1=1",
  ["no expression"] = "=2",
}) do
  harness.test("damaged storage is left out: " .. name, function()
    harness.equal(history.decode(text).entries, {})
    harness.equal(#history.decode(text .. "\n2+2=4").entries, 1)
  end)
end

harness.test("there may be nothing in the storage", function()
  harness.equal(history.decode(nil).entries, {})
end)
