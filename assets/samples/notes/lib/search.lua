-- Which notes a query means. Words must all be there, in any order; "several words" stand together; #tag
-- asks for a tag; a minus before any of them turns it round.

local markup = require("lib.markup")
local text = require("lib.text")

local search = {}

-- Gives a list of {kind = "word" | "tag", value, negative}.
function search.parse(query)
  local terms = {}
  local function add(sign, kind, value)
    value = text.fold(value)
    if value ~= "" then
      terms[#terms + 1] = { kind = kind, value = value, negative = sign == "-" }
    end
  end
  local at = 1
  while at <= #query do
    local sign, phrase, after = query:match('^%s*(%-?)"([^"]*)"()', at)
    if phrase then
      add(sign, "word", phrase)
    else
      local word
      sign, word, after = query:match("^%s*(%-?)([^%s]+)()", at)
      if not word then
        break
      end
      word = word:gsub('"', "")
      if word:match("^#.") then
        add(sign, "tag", word:sub(2))
      else
        add(sign, "word", word)
      end
    end
    at = after
  end
  return terms
end

local function hasTag(body, wanted)
  for _, tag in ipairs(markup.tags(body)) do
    if text.fold(tag) == wanted then
      return true
    end
  end
  return false
end

-- Gives how well a body fits, or nil when it does not: a hit in the title counts for more.
function search.score(terms, body)
  local folded, title = text.fold(body), text.fold((markup.summary(body)))
  local score = 0
  for _, term in ipairs(terms) do
    local found
    if term.kind == "tag" then
      found = hasTag(body, term.value)
    else
      found = folded:find(term.value, 1, true) ~= nil
    end
    if found == term.negative then
      return nil
    end
    if found then
      score = score + (title:find(term.value, 1, true) and 10 or 1)
    end
  end
  return score
end

return search
