local harness = require("tests.harness")
local tokenizer = require("lib.tokenizer")

local function texts(source)
  local found = {}
  for _, token in ipairs(assert(tokenizer.tokens(source))) do
    found[#found + 1] = token.kind == "end" and "end" or token.text
  end
  return found
end

harness.test("numbers, operators and brackets are told apart", function()
  harness.equal(texts("12.5+3*(4-1)%"), { "12.5", "+", "3", "*", "(", "4", "-", "1", ")", "%", "end" })
end)

harness.test("typographic signs mean the plain ones", function()
  harness.equal(texts("6 × 2 ÷ 3 − 1"), { "6", "*", "2", "/", "3", "-", "1", "end" })
end)

harness.test("numbers may begin or end with the point and have an exponent", function()
  harness.equal(texts(".5 3. 1.5e-7 2E10"), { ".5", "3.", "1.5e-7", "2E10", "end" })
  harness.equal(assert(tokenizer.tokens("1.5e+2"))[1].value, 150.0)
end)

harness.test("places count bytes", function()
  local tokens = assert(tokenizer.tokens("2×3"))
  harness.equal({ tokens[1].at, tokens[2].at, tokens[3].at }, { 1, 2, 4 })
end)

for source, expected in pairs({
  ["1.2.3"] = { "two_points", 4 },
  ["2 & 3"] = { "unknown_sign", 3 },
  ["x"] = { "unknown_sign", 1 },
  ["."] = { "unknown_sign", 1 },
  ["1e"] = { "unknown_sign", 2 },
  ["\xff"] = { "not_text", 1 },
  ["1\xc3"] = { "not_text", 1 },
  [("1"):rep(201)] = { "too_long", 200 },
}) do
  harness.test("refused: " .. source:sub(1, 10), function()
    local tokens, code, at = tokenizer.tokens(source)
    harness.equal({ tokens, code, at }, { nil, expected[1], expected[2] })
  end)
end
