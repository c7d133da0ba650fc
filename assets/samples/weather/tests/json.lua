local harness = require("tests.harness")
local json = require("lib.json")

for text, expected in pairs({
  ["0"] = 0,
  ["-0.5"] = -0.5,
  ["1e3"] = 1000.0,
  ["1.25E-2"] = 0.0125,
  ["123456789012"] = 123456789012,
  [" true\n"] = true,
  ["false"] = false,
  ['""'] = "",
  ['"a\\"\\\\\\/\\b\\f\\n\\r\\t"'] = 'a"\\/\b\f\n\r\t',
  ['"\\u00e4\\u20AC"'] = "ä€",
  ['"\\ud83d\\ude00"'] = "😀",
  ['"ä\x7f"'] = "ä\x7f",
  ["[]"] = {},
  ["{}"] = {},
  ["[1,[2],{\"a\":[]}]"] = { 1, { 2 }, { a = {} } },
  [' { "a" : 1 , "b" : { "a" : 2 } } '] = { a = 1, b = { a = 2 } },
}) do
  harness.test("reads " .. text, function()
    harness.equal(json.decode(text), expected)
  end)
end

harness.test("null keeps the length of an array", function()
  local result = json.decode("[1,null,3]")
  harness.equal({ #result, result[2] == json.null }, { 3, true })
  harness.equal(json.decode("null") == json.null, true)
end)

for text, expected in pairs({
  [""] = "incomplete",
  [" "] = "incomplete",
  ["[1"] = "expected_comma",
  ["[1,"] = "incomplete",
  ["[1,]"] = "unexpected",
  ["[,1]"] = "unexpected",
  ["[1 2]"] = "expected_comma",
  ["{"] = "expected_name",
  ['{"a"'] = "expected_colon",
  ['{"a":'] = "incomplete",
  ['{"a":1'] = "expected_comma",
  ['{"a":1,}'] = "expected_name",
  ["{a:1}"] = "expected_name",
  ["{1:1}"] = "expected_name",
  ['{"a" 1}'] = "expected_colon",
  ['{"a":1,"a":2}'] = "duplicate_name",
  ['{"a":null,"\\u0061":2}'] = "duplicate_name",
  ["01"] = "bad_number",
  ["-"] = "bad_number",
  ["+1"] = "unexpected",
  ["1."] = "bad_number",
  [".5"] = "unexpected",
  ["1e"] = "bad_number",
  ["0x10"] = "bad_number",
  ["1e999"] = "number_out_of_range",
  ["NaN"] = "unexpected",
  ["nul"] = "unexpected",
  ["True"] = "unexpected",
  ["'a'"] = "unexpected",
  ['"a'] = "unclosed_string",
  ['"a\n"'] = "control_character",
  ['"\0"'] = "control_character",
  ['"\\x41"'] = "bad_escape",
  ['"\\u12g4"'] = "bad_escape",
  ['"\\'] = "bad_escape",
  ['"\\ud83d"'] = "lone_surrogate",
  ['"\\ude00"'] = "lone_surrogate",
  ['"\\ud83d\\u0041"'] = "lone_surrogate",
  ["1 1"] = "trailing_text",
  ["{}x"] = "trailing_text",
  ["\xEF\xBB\xBF1"] = "unexpected",
  ['"\xff"'] = "not_utf8",
  ['"\xed\xa0\x80"'] = "not_utf8",
  [("["):rep(100)] = "too_deep",
}) do
  harness.test(string.format("refused as %s: %s", expected, text:sub(1, 12)), function()
    local value, code, at = json.decode(text)
    harness.equal({ value, code, math.type(at) }, { nil, expected, "integer" })
  end)
end

-- Written only here, to make random values for the reader.
local function encoded(value)
  if type(value) == "table" then
    local parts = {}
    if #value > 0 then
      for place, item in ipairs(value) do
        parts[place] = encoded(item)
      end
      return "[" .. table.concat(parts, " , ") .. "]"
    end
    for name, item in pairs(value) do
      parts[#parts + 1] = encoded(name) .. ":" .. encoded(item)
    end
    return "{" .. table.concat(parts, ",") .. "}"
  elseif type(value) == "string" then
    return '"' .. value:gsub('[%c"\\]', function(sign)
      return string.format("\\u%04x", sign:byte())
    end) .. '"'
  end
  return tostring(value)
end

local function randomValue(depth)
  local kind = math.random(depth > 0 and 5 or 3)
  if kind == 1 then
    return math.random(-1000000, 1000000)
  elseif kind == 2 then
    local signs = {}
    for place = 1, math.random(0, 8) do
      signs[place] = utf8.char(math.random(4) == 1 and math.random(0xE000, 0x10FFFF) or math.random(0, 0x7FF))
    end
    return table.concat(signs)
  elseif kind == 3 then
    return math.random(2) == 1
  end
  local result = {}
  for place = 1, math.random(1, 4) do
    result[kind == 4 and place or "n" .. place] = randomValue(depth - 1)
  end
  return result
end

harness.test("random values are read as they were written", function()
  math.randomseed(23)
  for _ = 1, 300 do
    local value = randomValue(4)
    harness.equal(json.decode(encoded(value)), value)
  end
end)

harness.test("damaged text gives a code, never a mistake of the program", function()
  math.randomseed(29)
  for _ = 1, 500 do
    local text = encoded(randomValue(3))
    local at = math.random(#text)
    local damaged = text:sub(1, at - 1) .. string.char(math.random(0, 255)) .. text:sub(at + math.random(0, 1))
    local value, code = json.decode(damaged)
    assert(value ~= nil or type(code) == "string")
  end
end)
