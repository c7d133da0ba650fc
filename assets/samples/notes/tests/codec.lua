local codec = require("lib.codec")
local harness = require("tests.harness")

harness.test("a note is the same after storing", function()
  for _, body in ipairs({ "", "one line", "# Title\n\n\nnote: 2\n\nÄ ✓", "\n\nbegins empty", "ends\n\n" }) do
    for _, pinned in ipairs({ true, false }) do
      local note = { created = 1735689600, changed = 1735693200, pinned = pinned, body = body }
      harness.equal(codec.decode(codec.encode(note)), note)
    end
  end
end)

for text, expected in pairs({
  [""] = "no_body",
  ["note: 2\ncreated: 1\nchanged: 1"] = "no_body",
  ["\n\nbody"] = "bad_head",
  ["note 2\n\nbody"] = "bad_head",
  ["note: 2\nnote: 2\n\nbody"] = "bad_head",
  ["note: 3\ncreated: 1\nchanged: 1\n\nbody"] = "other_version",
  ["created: 1\nchanged: 1\n\nbody"] = "other_version",
  ["note: 2\ncreated: 1\n\nbody"] = "bad_time",
  ["note: 2\ncreated: 1.5\nchanged: 1\n\nbody"] = "bad_time",
  ["note: 2\ncreated: -1\nchanged: 1\n\nbody"] = "bad_time",
  ["note: 2\ncreated: 99999999999999999999\nchanged: 1\n\nbody"] = "bad_time",
  ["note: 2\ncreated: 1\nchanged: 1\n\n\xff"] = "not_text",
}) do
  harness.test(string.format("refused as %s: %q", expected, text), function()
    local note, code = codec.decode(text)
    harness.equal({ not note, code }, { true, expected })
  end)
end
