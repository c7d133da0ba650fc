-- Whether to ask again, and when: exponential backoff with jitter, so that many devices which lost the
-- service together do not come back together.

local retry = {}

retry.mostAttempts = 4
retry.firstDelayMs = 1000
retry.longestDelayMs = 30000

-- The pause after an attempt (1, 2, …): between half of it and all of it. random() gives 0 ≤ x < 1.
function retry.delayMs(attempt, random)
  local full = math.min(retry.firstDelayMs * 2 ^ (attempt - 1), retry.longestDelayMs)
  return math.floor(full / 2 + full / 2 * random())
end

local function retryAfterMs(headers)
  local text = headers and (headers["retry-after"] or headers["Retry-After"])
  local seconds = text and tonumber(tostring(text):match("^%d+$"))
  return seconds and seconds * 1000
end

-- Decides about an attempt. outcome: {failed = true} when nothing came back, or {status, headers}.
-- Gives "done"; "retry" and a pause; or "give_up" and the code of the error.
function retry.decide(attempt, outcome, random)
  if not outcome.failed and outcome.status >= 200 and outcome.status < 300 then
    return "done"
  end
  local code = outcome.failed and "offline" or outcome.status == 429 and "busy" or outcome.status >= 500 and "down" or "refused"
  if code == "refused" or attempt >= retry.mostAttempts then
    return "give_up", code
  end
  local pause = retry.delayMs(attempt, random)
  local asked = retryAfterMs(outcome.headers)
  if asked and asked > retry.longestDelayMs then
    return "give_up", code
  end
  return "retry", math.max(pause, asked or 0)
end

return retry
