-- Works out the value of a tree, or of a text.

local operators = require("lib.operators")
local parser = require("lib.parser")

local evaluator = {}

local function isFinite(value)
  return value == value and value ~= math.huge and value ~= -math.huge
end

local function checked(value, code)
  if value == nil then
    return nil, code
  end
  if not isFinite(value) then
    return nil, "out_of_range"
  end
  return value
end

-- Gives the value, or nil and the code of the error.
function evaluator.value(node)
  if node.kind == "number" then
    return checked(node.value)
  end
  if node.kind == "prefix" or node.kind == "postfix" then
    local operand, code = evaluator.value(node.operand)
    if not operand then
      return nil, code
    end
    return checked(operators[node.kind][node.operator].apply(operand))
  end

  local operator = operators.binary[node.operator]
  local left, leftCode = evaluator.value(node.left)
  if not left then
    return nil, leftCode
  end
  local right, rightCode
  if operator.percentOfLeft and node.right.kind == "postfix" and node.right.operator == "%" then
    -- 80 + 25 % adds a quarter of the 80, as people expect of a shop's calculator.
    right, rightCode = evaluator.value(node.right.operand)
    right = right and left * right / 100
  else
    right, rightCode = evaluator.value(node.right)
  end
  if not right then
    return nil, rightCode
  end
  return checked(operator.apply(left, right))
end

-- Gives the value of a text, or nil, the code of the error and, for a text that cannot be read, where.
function evaluator.evaluate(text)
  local tree, code, at = parser.parse(text)
  if not tree then
    return nil, code, at
  end
  return evaluator.value(tree)
end

return evaluator
