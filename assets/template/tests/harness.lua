-- Collects named tests and counts how they end. A test fails by raising an error.

local harness = { passed = 0, failed = 0 }

local function show(value)
  if type(value) == "string" then
    return string.format("%q", value)
  end
  if type(value) ~= "table" then
    return tostring(value)
  end
  local keys, parts = {}, {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b)
    return tostring(a) < tostring(b)
  end)
  for _, key in ipairs(keys) do
    parts[#parts + 1] = tostring(key) .. " = " .. show(value[key])
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

function harness.test(name, body)
  local ok, problem = xpcall(body, debug.traceback)
  if ok then
    harness.passed = harness.passed + 1
  else
    harness.failed = harness.failed + 1
    print("FAILED  " .. name .. "\n        " .. tostring(problem):gsub("\n", "\n        "))
  end
end

-- Compares by content: two tables with the same keys and equal values are equal.
function harness.equal(found, expected, what)
  local a, b = show(found), show(expected)
  if a ~= b then
    error(string.format("%sexpected %s, found %s", what and what .. ": " or "", b, a), 2)
  end
end

function harness.fails(fragment, body, ...)
  local ok, problem = pcall(body, ...)
  if ok then
    error("expected an error with " .. show(fragment), 2)
  end
  if not tostring(problem):find(fragment, 1, true) then
    error(string.format("expected an error with %s, found %s", show(fragment), show(problem)), 2)
  end
end

-- Prints the closing line; the result is whether everything passed.
function harness.report()
  print(string.format("%d passed, %d failed", harness.passed, harness.failed))
  return harness.failed == 0 and harness.passed > 0
end

return harness
