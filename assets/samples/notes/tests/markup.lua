local harness = require("tests.harness")
local markup = require("lib.markup")

for line, expected in pairs({
  ["# Title"] = { kind = "heading", level = 1, text = "Title" },
  ["### Third"] = { kind = "heading", level = 3, text = "Third" },
  ["#### Fourth"] = { kind = "plain", text = "#### Fourth" },
  ["#tag"] = { kind = "plain", text = "#tag" },
  ["* milk"] = { kind = "bullet", text = "milk" },
  ["  - milk"] = { kind = "bullet", text = "milk" },
  ["- [ ] call"] = { kind = "open", text = "call" },
  ["- [x] call"] = { kind = "done", text = "call" },
  ["* [X] call"] = { kind = "done", text = "call" },
  ["- [y] call"] = { kind = "bullet", text = "[y] call" },
  ["> wise"] = { kind = "quote", text = "wise" },
  ["---"] = { kind = "rule", text = "" },
  ["-5 degrees"] = { kind = "plain", text = "-5 degrees" },
  ["**bold** and _light_, `code`"] = { kind = "plain", text = "bold and light, code" },
  ["snake_case_name 2*3*4"] = { kind = "plain", text = "snake_case_name 2*3*4" },
}) do
  harness.test("reads " .. line, function()
    local blocks = markup.blocks(line)
    expected.line = 1
    harness.equal(blocks, { expected })
  end)
end

harness.test("empty lines part blocks and lines are counted with them", function()
  local blocks = markup.blocks("one\n\n   \ntwo\n")
  harness.equal({ #blocks, blocks[1].line, blocks[2].line }, { 2, 1, 4 })
  harness.equal(markup.blocks(""), {})
end)

harness.test("title and teaser are the first two texts", function()
  harness.equal({ markup.summary("---\n# A **b**\n\n- c\nd") }, { "A b", "c" })
  harness.equal({ markup.summary(" \n") }, { "", "" })
end)

harness.test("tags are words after a single number sign", function()
  harness.equal(markup.tags("#Home and #work, (#home) #über-uns"), { "home", "work", "über-uns" })
  harness.equal(markup.tags("# Title\n## Second\nC#7 a#b ##no #12 &#38;"), {})
end)

harness.test("tasks are counted", function()
  harness.equal({ markup.progress("- [ ] a\n- [x] b\n* c\n- [X] d") }, { 3, 2 })
end)

harness.test("a task is turned by its line, and nothing else changes", function()
  local body = "# List\n\n- [ ] a\n- [x] b\ntext"
  harness.equal(markup.toggle(body, 3), "# List\n\n- [x] a\n- [x] b\ntext")
  harness.equal(markup.toggle(body, 4), "# List\n\n- [ ] a\n- [ ] b\ntext")
  for _, line in ipairs({ 0, 1, 2, 5, 99 }) do
    harness.equal(markup.toggle(body, line), body)
  end
  harness.equal(markup.toggle(markup.toggle(body, 3), 3), body)
end)
