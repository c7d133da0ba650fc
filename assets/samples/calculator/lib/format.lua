-- Numbers and expressions as people read them.

local operators = require("lib.operators")
local tokenizer = require("lib.tokenizer")

local format = {}

-- A double holds 15 decimal digits safely. Twelve are shown: the three that are kept back swallow
-- what binary fractions leave behind, so that 0.1 + 0.2 is 0.3.
format.digits = 12

local thinSpace = "\u{2009}"

format.styles = {
  en = { point = ".", group = "," },
  de = { point = ",", group = "." },
}

-- The style for a locale such as de-AT; English where the language is not known.
function format.styleFor(locale)
  local language = locale:match("^%a+") or "en"
  return format.styles[language:lower()] or format.styles.en
end

-- A text that the tokenizer reads back, of at most `format.digits` digits: 1234.5, -0.25, 1.5e+20
function format.plain(value)
  if value == 0 then
    return "0"
  end
  local text = string.format("%." .. format.digits .. "g", value)
  return (text:gsub("e([+-])0+(%d)", "e%1%2"))
end

local function grouped(whole, separator)
  local head = #whole % 3
  local parts = {}
  if head > 0 then
    parts[1] = whole:sub(1, head)
  end
  for at = head + 1, #whole, 3 do
    parts[#parts + 1] = whole:sub(at, at + 2)
  end
  return table.concat(parts, separator)
end

-- Number text as the tokenizer takes it, in the style of a locale. Keeps what is being typed: "1200."
-- stays "1,200.".
function format.numberText(text, style)
  local whole, point, fraction, exponent = text:match("^(%d*)(%.?)(%d*)(.*)$")
  local shown = grouped(whole == "" and "0" or whole, style.group)
  if point ~= "" then
    shown = shown .. style.point .. fraction
  end
  if exponent ~= "" then
    local sign, power = exponent:match("^[eE]([+-]?)(%d+)$")
    shown = shown .. thinSpace .. "×10^" .. (sign == "-" and "−" or "") .. power
  end
  return shown
end

-- A value in the style of a locale, with a real minus sign.
function format.value(value, style)
  local text = format.plain(value)
  if text:sub(1, 1) == "-" then
    return "−" .. format.numberText(text:sub(2), style)
  end
  return format.numberText(text, style)
end

-- An expression with spaces around two-sided operators, but for those that are `tight`: "12*-3" is "12 × −3".
function format.expression(text, style)
  local tokens = tokenizer.tokens(text)
  if not tokens then
    return text
  end
  local parts, previous = {}, { kind = "start" }
  for _, token in ipairs(tokens) do
    local shown = operators.display[token.text] or token.text
    local binary = token.kind == "operator" and operators.binary[token.text]
    local afterValue = previous.kind == "number"
      or previous.kind == "close"
      or (previous.kind == "operator" and operators.postfix[previous.text] ~= nil)
    if token.kind == "number" then
      parts[#parts + 1] = format.numberText(token.text, style)
    elseif binary and afterValue and not binary.tight then
      parts[#parts + 1] = " " .. shown .. " "
    else
      parts[#parts + 1] = shown
    end
    previous = token
  end
  return table.concat(parts)
end

return format
