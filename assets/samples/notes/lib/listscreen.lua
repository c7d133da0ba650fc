-- What the list of notes shows, as data: main.lua only carries it to the screen.

local markup = require("lib.markup")
local pager = require("lib.pager")
local text = require("lib.text")
local when = require("lib.when")

local listscreen = {}

listscreen.rows = 5
listscreen.chips = 4
listscreen.longestTitle = 40
listscreen.longestTeaser = 60

-- state: {query, order, page}. Gives {rows, chips, pager, empty}; a row is {id, title, teaser, pinned, ago,
-- agoCount, tasks, done}; empty is nil, "none" or "nothing_found".
function listscreen.view(store, state, now)
  local found = store:list(state.query, state.order)
  local cut = pager.cut(#found, listscreen.rows, state.page)
  local rows = {}
  for place = cut.first, cut.last do
    local entry = found[place]
    local ago, count = when.ago(entry.note.changed, now)
    local tasks, done = markup.progress(entry.note.body)
    rows[#rows + 1] = {
      id = entry.id,
      title = text.shorten(entry.title, listscreen.longestTitle),
      teaser = text.shorten(entry.teaser, listscreen.longestTeaser),
      pinned = entry.note.pinned,
      ago = ago,
      agoCount = count,
      tasks = tasks,
      done = done,
    }
  end
  local chips = {}
  for place, tag in ipairs(store:tags()) do
    if place > listscreen.chips then
      break
    end
    chips[place] = { label = "#" .. tag.tag, chosen = state.query == "#" .. tag.tag }
  end
  local empty
  if #found == 0 then
    empty = state.query == "" and "none" or "nothing_found"
  end
  return { rows = rows, chips = chips, pager = cut, empty = empty }
end

return listscreen
