-- Which part of a long list fits on the screen.

local pager = {}

-- Gives {page, pages, first, last}: the page that is nearest to the wanted one, and the places it shows;
-- first is above last when there is nothing.
function pager.cut(count, size, wanted)
  local pages = math.max(1, (count + size - 1) // size)
  local page = math.min(math.max(wanted, 1), pages)
  return { page = page, pages = pages, first = (page - 1) * size + 1, last = math.min(page * size, count) }
end

return pager
