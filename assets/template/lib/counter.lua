-- A counter that can be undone. It knows nothing of the screen or the storage, so tests need neither.

local counter = {}
counter.__index = counter

counter.most = 9999

function counter.new(value)
  return setmetatable({ value = value or 0, before = nil }, counter)
end

-- Changes the value by a step; gives false, and changes nothing, where it would leave 0 … counter.most.
function counter:add(step)
  local value = self.value + step
  if value < 0 or value > counter.most then
    return false
  end
  self.before, self.value = self.value, value
  return true
end

function counter:reset()
  if self.value ~= 0 then
    self.before, self.value = self.value, 0
  end
end

-- Takes the last change back; gives false when there is none.
function counter:undo()
  if not self.before then
    return false
  end
  self.value, self.before = self.before, nil
  return true
end

function counter:encode()
  return string.format("%d", self.value)
end

-- Reads what encode wrote; anything else, such as a damaged storage, begins at 0.
function counter.decode(text)
  local value = text and text:match("^%d+$") and math.tointeger(tonumber(text))
  return counter.new(value and value <= counter.most and value or 0)
end

return counter
