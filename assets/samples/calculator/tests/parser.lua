local harness = require("tests.harness")
local parser = require("lib.parser")

-- Writes a tree with a bracket around every step.
local function written(node)
  if node.kind == "number" then
    return string.format("%g", node.value)
  elseif node.kind == "prefix" then
    return "(" .. node.operator .. written(node.operand) .. ")"
  elseif node.kind == "postfix" then
    return "(" .. written(node.operand) .. node.operator .. ")"
  end
  return "(" .. written(node.left) .. node.operator .. written(node.right) .. ")"
end

for source, expected in pairs({
  ["1+2*3"] = "(1+(2*3))",
  ["1-2-3"] = "((1-2)-3)",
  ["8/4/2"] = "((8/4)/2)",
  ["(1+2)*3"] = "((1+2)*3)",
  ["-2*3"] = "((-2)*3)",
  ["2*-3"] = "(2*(-3))",
  ["--2"] = "(-(-2))",
  ["1+2%"] = "(1+(2%))",
  ["50%%"] = "((50%)%)",
  ["2(3+4)"] = "(2*(3+4))",
  ["(2)(3)"] = "(2*3)",
  ["(2)3"] = "(2*3)",
  ["8/2(4)"] = "((8/2)*4)",
  ["50%(8)"] = "((50%)*8)",
  ["(1+2"] = "(1+2)",
}) do
  harness.test(source .. " reads as " .. expected, function()
    harness.equal(written(assert(parser.parse(source))), expected)
  end)
end

for source, expected in pairs({
  [""] = "empty",
  ["  "] = "empty",
  ["1+"] = "incomplete",
  ["("] = "incomplete",
  ["*2"] = "unexpected",
  ["1+*2"] = "unexpected",
  ["()"] = "unexpected",
  ["1)"] = "unexpected",
  ["(1))"] = "unexpected",
  ["1 2"] = "unexpected",
  ["%"] = "unexpected",
  [("("):rep(60)] = "too_deep",
  [("-"):rep(60) .. "1"] = "too_deep",
}) do
  harness.test("refused: " .. source:sub(1, 10), function()
    local tree, code, at = parser.parse(source)
    harness.equal({ tree, code }, { nil, expected })
    harness.equal(math.type(at), "integer")
  end)
end

harness.test("a mistake of the program is not taken for one of the person", function()
  harness.fails("attempt", parser.parse, nil)
end)
