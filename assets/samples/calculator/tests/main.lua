local device = require("tests.device")
local harness = require("tests.harness")

local function press(phone, ...)
  for _, id in ipairs({ ... }) do
    phone.tap(id)
  end
end

harness.test("the app starts, shows its screen and says that it is ready", function()
  local phone = device.new().start()
  harness.equal(phone.isReady, true)
  harness.equal(phone.shown["ui/main.rml"], true)
  harness.equal(phone.text.expression, "0")
end)

harness.test("keys work out a sum and keep it", function()
  local phone = device.new().start()
  press(phone, "digit-1", "digit-2", "times", "digit-4")
  harness.equal({ phone.text.expression, phone.text.preview }, { "12 × 4", "= 48" })
  press(phone, "equals")
  harness.equal({ phone.text.expression, phone.text.preview }, { "48", "" })
  harness.equal({ phone.text["history-1-expression"], phone.text["history-1-value"] }, { "12 × 4", "48" })
  harness.equal(phone.stored.history, "12*4=48")
end)

harness.test("an error is told in the person's language", function()
  local phone = device.new({ locale = "de" }).start()
  press(phone, "digit-1", "divide", "digit-0", "equals")
  harness.equal(phone.text.preview, "Durch null kann nicht geteilt werden")
  harness.equal(phone.class("preview"), "preview failure")
  harness.equal(phone.text.point, ",")
end)

harness.test("history and memory outlive the app", function()
  local phone = device.new({ stored = { history = "80+25%=100", memory = "7.5" } }).start()
  harness.equal(phone.text["history-1-value"], "100")
  harness.equal(phone.text.memory, "M = 7.5")
  press(phone, "memory-clear", "history-clear")
  harness.equal({ phone.stored.memory, phone.stored.history, phone.text["history-1-value"] }, { nil, "", "" })
end)

harness.test("a touch of the display copies what it says", function()
  local phone = device.new().start()
  press(phone, "digit-9", "minus", "digit-2", "expression")
  harness.equal({ phone.copied, phone.toasts }, { { "7" }, { "Copied" } })
end)

harness.test("pausing saves", function()
  local phone = device.new().start()
  press(phone, "digit-5", "memory-add")
  phone.stored.memory = nil
  phone.fire("pause")
  harness.equal(phone.stored.memory, "5")
end)
