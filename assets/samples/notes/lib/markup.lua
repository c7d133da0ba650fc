-- The light notation of a note. A line is a heading (# Title), a bullet (* or -), an open or a done task
-- (- [ ] and - [x]), a quotation (>), a rule (---) or plain. **Strong**, _stressed_ and `code` are written
-- inside lines; #words are tags.

local markup = {}

-- Takes the signs of inline notation away.
function markup.plain(line)
  local result = line:gsub("%*%*([^%s*][^*]*)%*%*", "%1"):gsub("`([^`]+)`", "%1")
  -- Underscores inside words stay: snake_case_names are not stressed.
  result = (" " .. result .. " "):gsub("([%s%p])_([^%s_][^_]*)_([%s%p])", "%1%2%3")
  return result:sub(2, -2)
end

local function blockOf(line)
  local marks, title = line:match("^(#+)%s+(.*)$")
  if marks and #marks <= 3 then
    return { kind = "heading", level = #marks, text = markup.plain(title) }
  end
  local state, task = line:match("^%s*[-*]%s+%[([ xX])%]%s+(.*)$")
  if state then
    return { kind = state == " " and "open" or "done", text = markup.plain(task) }
  end
  local bullet = line:match("^%s*[-*]%s+(.*)$")
  if bullet then
    return { kind = "bullet", text = markup.plain(bullet) }
  end
  local quotation = line:match("^>%s?(.*)$")
  if quotation then
    return { kind = "quote", text = markup.plain(quotation) }
  end
  if line:match("^%-%-%-+%s*$") then
    return { kind = "rule", text = "" }
  end
  return { kind = "plain", text = markup.plain(line) }
end

-- The blocks of a body, each with the number of its line; empty lines part paragraphs and give none.
function markup.blocks(body)
  local blocks, number = {}, 0
  for line in (body .. "\n"):gmatch("([^\n]*)\n") do
    number = number + 1
    if line:match("%S") then
      local block = blockOf((line:gsub("%s+$", "")))
      block.line = number
      blocks[#blocks + 1] = block
    end
  end
  return blocks
end

-- The text of the first block that says something, and that of the second, as title and teaser.
function markup.summary(body)
  local said = {}
  for _, block in ipairs(markup.blocks(body)) do
    if block.text ~= "" then
      said[#said + 1] = block.text
    end
    if #said == 2 then
      break
    end
  end
  return said[1] or "", said[2] or ""
end

-- The tags of a body, lower case, in the order of their first use. "# Title" is none, nor is "C#7".
function markup.tags(body)
  local tags, seen = {}, {}
  for before, word in (" " .. body):gmatch("([%s%p])#([%w\x80-\xF4][%w\x80-\xF4_-]*)") do
    local tag = word:lower()
    if before ~= "#" and before ~= "&" and not seen[tag] and not tag:match("^%d+$") then
      seen[tag] = true
      tags[#tags + 1] = tag
    end
  end
  return tags
end

-- How many tasks there are, and how many of them are done.
function markup.progress(body)
  local all, done = 0, 0
  for _, block in ipairs(markup.blocks(body)) do
    if block.kind == "open" or block.kind == "done" then
      all = all + 1
      done = done + (block.kind == "done" and 1 or 0)
    end
  end
  return all, done
end

-- The body with the task of a line turned from open to done or back; unchanged when there is none.
function markup.toggle(body, line)
  local number = 0
  return (body:gsub("[^\n]*", function(text)
    number = number + 1
    if number ~= line then
      return nil
    end
    local head, state, rest = text:match("^(%s*[-*]%s+%[)([ xX])(%]%s.*)$")
    return head and head .. (state == " " and "x" or " ") .. rest
  end))
end

return markup
