-- A Pratt parser: tokens in, a tree out. Nodes are {kind = "number", value},
-- {kind = "prefix" | "postfix", operator, operand} and {kind = "binary", operator, left, right}.

local operators = require("lib.operators")
local tokenizer = require("lib.tokenizer")

local parser = {}

-- Deep enough for anything a person types; shallow enough that a pasted row of brackets cannot
-- use up the stack.
parser.deepestNesting = 40

-- Errors travel as tables so that a caller can tell them from mistakes of this program.
local function refuse(code, token)
  error({ parseError = code, at = token.at }, 0)
end

local function nodeFor(kind, operator, fields)
  fields.kind = kind
  fields.operator = operator
  return fields
end

-- Whether a factor may follow here without a multiplication sign: 2(3), (2)(3), (2)3, 50%(8).
local function startsFactor(token, previous)
  if token.kind == "open" then
    return true
  end
  if token.kind == "operator" then
    return operators.prefix[token.text] ~= nil and operators.binary[token.text] == nil
  end
  return token.kind == "number" and previous.kind ~= "number"
end

local function parseTokens(tokens)
  local position, depth = 1, 0
  local expression

  local function peek()
    return tokens[position]
  end

  local function take()
    local token = tokens[position]
    position = position + 1
    return token
  end

  local function operand()
    local token = take()
    if token.kind == "number" then
      return { kind = "number", value = token.value }
    end
    if token.kind == "open" then
      local inside = expression(0)
      -- A bracket left open at the very end is closed for the person.
      if peek().kind == "close" then
        take()
      elseif peek().kind ~= "end" then
        refuse("unexpected", peek())
      end
      return inside
    end
    local prefix = token.kind == "operator" and operators.prefix[token.text]
    if prefix then
      return nodeFor("prefix", token.text, { operand = expression(prefix.power) })
    end
    refuse(token.kind == "end" and "incomplete" or "unexpected", token)
  end

  -- Reads as far as operators bind tighter than `least`.
  function expression(least)
    depth = depth + 1
    if depth > parser.deepestNesting then
      refuse("too_deep", peek())
    end
    local left = operand()
    while true do
      local token = peek()
      local postfix = token.kind == "operator" and operators.postfix[token.text]
      local binary = token.kind == "operator" and operators.binary[token.text]
      if postfix and postfix.power > least then
        take()
        left = nodeFor("postfix", token.text, { operand = left })
      elseif binary and binary.power > least then
        take()
        local bound = binary.rightFirst and binary.power - 1 or binary.power
        left = nodeFor("binary", token.text, { left = left, right = expression(bound) })
      elseif startsFactor(token, tokens[position - 1]) and operators.binary[operators.implicit].power > least then
        local bound = operators.binary[operators.implicit].power
        left = nodeFor("binary", operators.implicit, { left = left, right = expression(bound) })
      else
        break
      end
    end
    depth = depth - 1
    return left
  end

  local tree = expression(0)
  if peek().kind ~= "end" then
    refuse("unexpected", peek())
  end
  return tree
end

-- Gives the tree, or nil, the code of the error and where it is.
function parser.parse(text)
  local tokens, code, at = tokenizer.tokens(text)
  if not tokens then
    return nil, code, at
  end
  if #tokens == 1 then
    return nil, "empty", 1
  end
  local ok, result = pcall(parseTokens, tokens)
  if ok then
    return result
  end
  if type(result) == "table" and result.parseError then
    return nil, result.parseError, result.at
  end
  error(result, 0)
end

return parser
