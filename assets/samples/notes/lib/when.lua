-- How long ago something was, as the key of a text and its number.

local when = {}

local steps = {
  { below = 60, key = "when.now" },
  { below = 3600, seconds = 60, key = "when.minutes" },
  { below = 86400, seconds = 3600, key = "when.hours" },
  { below = 7 * 86400, seconds = 86400, key = "when.days" },
  { below = math.huge, seconds = 7 * 86400, key = "when.weeks" },
}

-- A time in the future, from a clock that was set back, counts as now.
function when.ago(time, now)
  local passed = math.max(0, now - time)
  for _, step in ipairs(steps) do
    if passed < step.below then
      return step.key, step.seconds and passed // step.seconds
    end
  end
end

return when
