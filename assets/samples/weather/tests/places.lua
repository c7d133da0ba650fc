local harness = require("tests.harness")
local places = require("lib.places")

harness.test("a place is the same after storing", function()
  local bern = { name = "Bern", region = "", latitude = 46.9481, longitude = -7.4474 }
  harness.equal(places.decode(places.encode(bern)), bern)
end)

harness.test("line breaks in a name do no harm", function()
  harness.equal(places.decode(places.encode({ name = "a\nb", region = "c\rd", latitude = 1, longitude = 2 })).name, "a b")
end)

for name, text in pairs({
  ["nothing"] = "",
  ["too little"] = "1.0\n2.0\nname",
  ["beyond the pole"] = "91.0\n2.0\nname\nregion",
  ["no number"] = "x\n2.0\nname\nregion",
  ["hexadecimal"] = "0x1\n2.0\nname\nregion",
  ["no name"] = "1.0\n2.0\n\nregion",
  ["not text"] = "1.0\n2.0\n\xff\nregion",
}) do
  harness.test("damaged storage gives the default: " .. name, function()
    harness.equal(places.decode(text), places.default)
  end)
end

harness.test("nothing stored gives the default", function()
  harness.equal(places.decode(nil), places.default)
end)
