local harness = require("tests.harness")
local listscreen = require("lib.listscreen")
local pager = require("lib.pager")
local store = require("lib.store")
local when = require("lib.when")

harness.test("a page is never outside of the list", function()
  harness.equal(pager.cut(0, 6, 1), { page = 1, pages = 1, first = 1, last = 0 })
  harness.equal(pager.cut(6, 6, 2), { page = 1, pages = 1, first = 1, last = 6 })
  harness.equal(pager.cut(7, 6, 2), { page = 2, pages = 2, first = 7, last = 7 })
  harness.equal(pager.cut(7, 6, 0).page, 1)
end)

harness.test("times are told in the largest unit that fits", function()
  for passed, expected in pairs({
    [-50] = { "when.now" },
    [59] = { "when.now" },
    [60] = { "when.minutes", 1 },
    [3599] = { "when.minutes", 59 },
    [3600] = { "when.hours", 1 },
    [86400] = { "when.days", 1 },
    [7 * 86400] = { "when.weeks", 1 },
    [400 * 86400] = { "when.weeks", 57 },
  }) do
    harness.equal({ when.ago(1000000000, 1000000000 + passed) }, expected)
  end
end)

local function withNotes(count)
  local notes = store.new({ now = function() return 1000 end, save = function() end, forget = function() end })
  for number = 1, count do
    notes:create(string.format("Note %02d #t%d", number, number % 6))
  end
  return notes
end

harness.test("the screen shows one page of rows and the commonest tags", function()
  local view = listscreen.view(withNotes(14), { query = "", order = "title", page = 2 }, 1060)
  harness.equal({ #view.rows, view.pager.pages, #view.chips }, { 5, 3, 4 })
  harness.equal({ view.rows[1].title, view.rows[1].ago, view.rows[1].agoCount }, { "Note 06 #t0", "when.minutes", 1 })
  harness.equal(view.empty, nil)
end)

harness.test("a chosen tag is marked, and an empty list says why", function()
  local view = listscreen.view(withNotes(7), { query = "#t1", order = "title", page = 9 }, 1000)
  harness.equal({ #view.rows, view.pager.page, view.chips[1] }, { 2, 1, { label = "#t1", chosen = true } })
  harness.equal(listscreen.view(withNotes(1), { query = "zzz", order = "title", page = 1 }, 1000).empty, "nothing_found")
  harness.equal(listscreen.view(withNotes(0), { query = "", order = "title", page = 1 }, 1000).empty, "none")
end)
