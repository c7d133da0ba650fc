local device = require("tests.device")
local harness = require("tests.harness")

local function placeholders(text)
  local names = {}
  for name in text:gmatch("{([%w_]+)}") do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

harness.test("every text is there in every language, with the same placeholders", function()
  local en, de = device.texts("en"), device.texts("de")
  for key, text in pairs(en) do
    harness.equal(placeholders(de[key] or error("not in German: " .. key)), placeholders(text), key)
  end
  for key in pairs(de) do
    assert(en[key], "not in English: " .. key)
  end
end)
