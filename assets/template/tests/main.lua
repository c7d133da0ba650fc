local device = require("tests.device")
local harness = require("tests.harness")

harness.test("the app starts and says that it is ready", function()
  local phone = device.new({ stored = { count = "12" } }).start()
  harness.equal({ phone.isReady, phone.shown["ui/main.rml"], phone.text.value }, { true, true, "12" })
end)

harness.test("taps count and are kept", function()
  local phone = device.new().start()
  phone.tap("more")
  phone.tap("more")
  phone.tap("less")
  phone.tap("less")
  phone.tap("less")
  phone.tap("more")
  harness.equal({ phone.text.value, phone.stored.count }, { "1", "1" })
  phone.tap("reset")
  phone.tap("undo")
  phone.tap("undo")
  harness.equal({ phone.text.value, phone.toasts }, { "1", { "There is nothing to undo" } })
end)

harness.test("every text is there in every language", function()
  local en, de = device.texts("en"), device.texts("de")
  for key in pairs(en) do
    assert(de[key], "not in German: " .. key)
  end
  for key in pairs(de) do
    assert(en[key], "not in English: " .. key)
  end
end)
