-- One note as a text for the storage: a head of "name: value" lines, an empty line, then the body as it is.
--
--     note: 2
--     created: 1735689600
--     changed: 1735693200
--     pinned: yes
--
--     Shopping
--     * milk #home

local codec = {}

codec.version = 2

function codec.encode(note)
  local lines = {
    "note: " .. codec.version,
    string.format("created: %d", note.created),
    string.format("changed: %d", note.changed),
  }
  if note.pinned then
    lines[#lines + 1] = "pinned: yes"
  end
  return table.concat(lines, "\n") .. "\n\n" .. note.body
end

local function readHead(head)
  local fields = {}
  for line in (head .. "\n"):gmatch("([^\n]*)\n") do
    local name, value = line:match("^(%l+): (.+)$")
    if not name or fields[name] then
      return nil, "bad_head"
    end
    fields[name] = value
  end
  return fields
end

local function wholeNumber(text)
  return text and text:match("^%d+$") and math.tointeger(tonumber(text))
end

-- Gives {created, changed, pinned, body}, or nil and the code of the error.
function codec.decode(text)
  local cut = text:find("\n\n", 1, true)
  if not cut then
    return nil, "no_body"
  end
  local fields, code = readHead(text:sub(1, cut - 1))
  if not fields then
    return nil, code
  end
  if wholeNumber(fields.note) ~= codec.version then
    return nil, "other_version"
  end
  local created, changed = wholeNumber(fields.created), wholeNumber(fields.changed)
  if not created or not changed then
    return nil, "bad_time"
  end
  local body = text:sub(cut + 2)
  if not utf8.len(body) then
    return nil, "not_text"
  end
  return { created = created, changed = changed, pinned = fields.pinned == "yes", body = body }
end

return codec
