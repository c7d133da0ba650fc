-- A strict reader of JSON (RFC 8259): nothing before or after the value, no duplicate names, no lone
-- surrogates, no invalid UTF-8. null is json.null, so that arrays keep their length.

local json = {}

json.null = setmetatable({}, {
  __tostring = function()
    return "null"
  end,
})

json.deepestNesting = 64

local escapes = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

-- Errors travel as tables so that a caller can tell them from mistakes of this program.
local function refuse(code, at)
  error({ jsonError = code, at = at }, 0)
end

local function afterSpace(text, at)
  return text:match("^[ \t\r\n]*()", at)
end

local function codeUnit(text, at)
  local hex = text:match("^\\u(%x%x%x%x)", at)
  return hex and tonumber(hex, 16)
end

-- The character of an escape that begins at a place, and the place after it.
local function unescape(text, at)
  local sign = text:sub(at + 1, at + 1)
  if sign ~= "u" then
    return escapes[sign] or refuse("bad_escape", at), at + 2
  end
  local unit = codeUnit(text, at) or refuse("bad_escape", at)
  if unit >= 0xDC00 and unit <= 0xDFFF then
    refuse("lone_surrogate", at)
  end
  if unit < 0xD800 or unit > 0xDBFF then
    return utf8.char(unit), at + 6
  end
  local low = codeUnit(text, at + 6)
  if not low or low < 0xDC00 or low > 0xDFFF then
    refuse("lone_surrogate", at)
  end
  return utf8.char(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)), at + 12
end

local function readString(text, at)
  local parts, position = {}, at + 1
  while true do
    local plain, stop = text:match('^([^"\\%c\x7f]*)()', position)
    parts[#parts + 1] = plain
    local sign = text:sub(stop, stop)
    if sign == '"' then
      return table.concat(parts), stop + 1
    elseif sign == "\\" then
      parts[#parts + 1], position = unescape(text, stop)
    elseif sign == "\x7f" then
      parts[#parts + 1], position = sign, stop + 1
    else
      refuse(sign == "" and "unclosed_string" or "control_character", stop)
    end
  end
end

local function readNumber(text, at)
  local whole, stop = text:match("^(%-?%d+)()", at)
  if not whole or whole:match("^%-?0%d") then
    refuse("bad_number", at)
  end
  local fraction, afterFraction = text:match("^(%.%d+)()", stop)
  stop = afterFraction or stop
  local exponent, afterExponent = text:match("^([eE][+-]?%d+)()", stop)
  stop = afterExponent or stop
  if text:match("^[%w.+-]", stop) then
    refuse("bad_number", at)
  end
  local value = tonumber(whole .. (fraction or "") .. (exponent or ""))
  if value == math.huge or value == -math.huge then
    refuse("number_out_of_range", at)
  end
  return value, stop
end

local words = { ["true"] = true, ["false"] = false, null = json.null }
local readValue

local function readArray(text, at, depth)
  local result, position = {}, afterSpace(text, at + 1)
  if text:sub(position, position) == "]" then
    return result, position + 1
  end
  while true do
    result[#result + 1], position = readValue(text, position, depth)
    position = afterSpace(text, position)
    local sign = text:sub(position, position)
    if sign == "]" then
      return result, position + 1
    elseif sign ~= "," then
      refuse("expected_comma", position)
    end
    position = afterSpace(text, position + 1)
  end
end

local function readObject(text, at, depth)
  local result, position = {}, afterSpace(text, at + 1)
  if text:sub(position, position) == "}" then
    return result, position + 1
  end
  while true do
    if text:sub(position, position) ~= '"' then
      refuse("expected_name", position)
    end
    local name, afterName = readString(text, position)
    if result[name] ~= nil then
      refuse("duplicate_name", position)
    end
    position = afterSpace(text, afterName)
    if text:sub(position, position) ~= ":" then
      refuse("expected_colon", position)
    end
    result[name], position = readValue(text, afterSpace(text, position + 1), depth)
    position = afterSpace(text, position)
    local sign = text:sub(position, position)
    if sign == "}" then
      return result, position + 1
    elseif sign ~= "," then
      refuse("expected_comma", position)
    end
    position = afterSpace(text, position + 1)
  end
end

function readValue(text, at, depth)
  if depth > json.deepestNesting then
    refuse("too_deep", at)
  end
  local sign = text:sub(at, at)
  if sign == "{" then
    return readObject(text, at, depth + 1)
  elseif sign == "[" then
    return readArray(text, at, depth + 1)
  elseif sign == '"' then
    return readString(text, at)
  elseif sign:match("[%d-]") then
    return readNumber(text, at)
  end
  local word, stop = text:match("^(%l+)()", at)
  if word == nil or words[word] == nil then
    refuse(sign == "" and "incomplete" or "unexpected", at)
  end
  return words[word], stop
end

-- Gives the value, or nil, the code of the error and where it is (in bytes, from 1).
function json.decode(text)
  local length, invalidAt = utf8.len(text)
  if not length then
    return nil, "not_utf8", invalidAt
  end
  local ok, result, stop = pcall(readValue, text, afterSpace(text, 1), 1)
  if not ok then
    if type(result) == "table" and result.jsonError then
      return nil, result.jsonError, result.at
    end
    error(result, 0)
  end
  stop = afterSpace(text, stop)
  if stop <= #text then
    return nil, "trailing_text", stop
  end
  return result
end

return json
