-- Cuts an expression into tokens: {kind = "number", value, text, at}, {kind = "operator", text, at},
-- {kind = "open", …}, {kind = "close", …} and a last {kind = "end", …}. `at` counts bytes from 1.

local operators = require("lib.operators")

local tokenizer = {}

tokenizer.longestExpression = 200

local function isOperator(sign)
  return operators.binary[sign] or operators.prefix[sign] or operators.postfix[sign]
end

-- The bytes of one UTF-8 character at a place, or nil where the text is not UTF-8.
local function characterAt(text, at)
  return text:match("^" .. utf8.charpattern, at)
end

-- Digits with at most one point, and an exponent when one follows: 12, .5, 3., 1.5e-7
local function numberAt(text, at)
  local digits = text:match("^%d+%.?%d*", at) or text:match("^%.%d+", at)
  if not digits then
    return nil
  end
  local exponent = text:match("^[eE][+-]?%d+", at + #digits) or ""
  return digits .. exponent
end

-- Gives the tokens, or nil, the code of the error and where it is.
function tokenizer.tokens(text)
  if #text > tokenizer.longestExpression then
    return nil, "too_long", tokenizer.longestExpression
  end
  if not utf8.len(text) then
    return nil, "not_text", 1
  end
  local tokens, at = {}, 1
  while at <= #text do
    local number = numberAt(text, at)
    local character = characterAt(text, at)
    if number then
      if text:find("^%.", at + #number) then
        return nil, "two_points", at + #number
      end
      tokens[#tokens + 1] = { kind = "number", value = tonumber(number) + 0.0, text = number, at = at }
      at = at + #number
    elseif character:match("^%s$") then
      at = at + 1
    else
      local sign = operators.spelling[character] or character
      if sign == "(" then
        tokens[#tokens + 1] = { kind = "open", text = sign, at = at }
      elseif sign == ")" then
        tokens[#tokens + 1] = { kind = "close", text = sign, at = at }
      elseif isOperator(sign) then
        tokens[#tokens + 1] = { kind = "operator", text = sign, at = at }
      else
        return nil, "unknown_sign", at
      end
      at = at + #character
    end
  end
  tokens[#tokens + 1] = { kind = "end", text = "", at = #text + 1 }
  return tokens
end

return tokenizer
