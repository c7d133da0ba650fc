-- What was worked out, newest first, and its form in the storage: one line an entry,
-- "<expression>=<value>".

local history = {}
history.__index = history

history.mostEntries = 50

function history.new()
  return setmetatable({ entries = {} }, history)
end

-- The same sum twice in a row is kept once.
function history:add(expression, value)
  local newest = self.entries[1]
  if newest and newest.expression == expression then
    return
  end
  table.insert(self.entries, 1, { expression = expression, value = value })
  self.entries[history.mostEntries + 1] = nil
end

function history:at(place)
  return self.entries[place]
end

function history:clear()
  self.entries = {}
end

function history:encode()
  local lines = {}
  for place, entry in ipairs(self.entries) do
    lines[place] = string.format("%s=%.17g", entry.expression, entry.value)
  end
  return table.concat(lines, "\n")
end

-- Lines that cannot be read are left out: a damaged history must not keep the app from starting.
function history.decode(text)
  local result = history.new()
  for line in (text or ""):gmatch("[^\n]+") do
    local expression, number = line:match("^([^=]+)=([^=]+)$")
    local value = number and tonumber(number)
    if value and value == value and #result.entries < history.mostEntries then
      result.entries[#result.entries + 1] = { expression = expression, value = value + 0.0 }
    end
  end
  return result
end

return history
