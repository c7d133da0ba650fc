local harness = require("tests.harness")
local search = require("lib.search")

local function finds(query, body)
  return search.score(search.parse(query), body) ~= nil
end

local body = "# Weekend in Köln\nTrain at nine, old friends #travel #family"

for query, expected in pairs({
  [""] = true,
  ["   "] = true,
  ["koeln"] = true,
  ["KÖLN train"] = true,
  ["train koeln"] = true,
  ["plane"] = false,
  ["train plane"] = false,
  ['"old friends"'] = true,
  ['"friends old"'] = false,
  ['"unfinished'] = false,
  ['"friends'] = true,
  ["#travel"] = true,
  ["#trav"] = false,
  ["#weekend"] = false,
  ["-plane"] = true,
  ["-train"] = false,
  ["weekend -#work"] = true,
  ["weekend -#travel"] = false,
  ['-"old friends"'] = false,
  ["%a+"] = false,
}) do
  harness.test(string.format("%q %s", query, expected and "finds it" or "does not find it"), function()
    harness.equal(finds(query, body), expected)
  end)
end

harness.test("a hit in the title weighs more", function()
  local terms = search.parse("train")
  assert(search.score(terms, "# Train\nx") > search.score(terms, "# x\nTrain"))
end)
