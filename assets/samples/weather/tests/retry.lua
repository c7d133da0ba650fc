local harness = require("tests.harness")
local retry = require("lib.retry")

local function least()
  return 0
end

local function most()
  return 1
end

harness.test("pauses double, within their jitter and up to a limit", function()
  for attempt, expected in ipairs({ 1000, 2000, 4000, 8000, 16000, 30000, 30000 }) do
    harness.equal({ retry.delayMs(attempt, least), retry.delayMs(attempt, most) }, { expected // 2, expected })
  end
end)

for _, case in ipairs({
  { "a good answer", 1, { status = 200 }, "done" },
  { "nothing came back", 1, { failed = true }, "retry", 500 },
  { "nothing came back, for the last time", 4, { failed = true }, "give_up", "offline" },
  { "a fault of the service", 2, { status = 500 }, "retry", 1000 },
  { "a fault of the service, for the last time", 4, { status = 503 }, "give_up", "down" },
  { "a fault of the question", 1, { status = 400 }, "give_up", "refused" },
  { "not there", 1, { status = 404 }, "give_up", "refused" },
  { "a redirection that was not followed", 1, { status = 302 }, "give_up", "refused" },
  { "too many questions", 1, { status = 429, headers = {} }, "retry", 500 },
  { "a wish for later", 1, { status = 429, headers = { ["retry-after"] = "5" } }, "retry", 5000 },
  { "a wish for sooner", 3, { status = 503, headers = { ["Retry-After"] = "1" } }, "retry", 2000 },
  { "a wish for much later", 1, { status = 429, headers = { ["retry-after"] = "3600" } }, "give_up", "busy" },
  { "a wish as a date", 1, { status = 503, headers = { ["retry-after"] = "Wed, 21 Oct 2026 07:28:00 GMT" } }, "retry", 500 },
}) do
  harness.test(case[1] .. ": " .. case[4], function()
    harness.equal({ retry.decide(case[2], case[3], least) }, { case[4], case[5] })
  end)
end
