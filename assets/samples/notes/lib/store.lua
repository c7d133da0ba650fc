-- All notes, and the way back. Changes are told to `save(id, note)` and `forget(id)`, which the app connects
-- to the storage; `now()` gives seconds since 1970.

local markup = require("lib.markup")
local search = require("lib.search")

local store = {}
store.__index = store

store.mostUndo = 30
store.longestBody = 20000

-- effects: now, save, forget. notes: id → {created, changed, pinned, body}
function store.new(effects, notes)
  return setmetatable({ effects = effects, notes = notes or {}, undoStack = {} }, store)
end

local function copy(note)
  if not note then
    return nil
  end
  return { created = note.created, changed = note.changed, pinned = note.pinned, body = note.body }
end

local function write(self, id, note)
  self.notes[id] = note
  if note then
    self.effects.save(id, note)
  else
    self.effects.forget(id)
  end
end

-- Remembers a note as it is, nil for "not there". Typing on in one note is one step, not one a letter.
local function remember(self, id, kind)
  local last = self.undoStack[#self.undoStack]
  if kind == "edit" and last and last.kind == "edit" and last.id == id then
    return
  end
  table.insert(self.undoStack, { id = id, kind = kind, before = copy(self.notes[id]) })
  if #self.undoStack > store.mostUndo then
    table.remove(self.undoStack, 1)
  end
end

function store:freshId()
  local time, number = self.effects.now(), 1
  while self.notes[string.format("%x-%d", time, number)] do
    number = number + 1
  end
  return string.format("%x-%d", time, number)
end

function store:get(id)
  return self.notes[id]
end

function store:create(body)
  if #body > store.longestBody then
    return nil, "too_long"
  end
  local id, now = self:freshId(), self.effects.now()
  remember(self, id, "create")
  write(self, id, { created = now, changed = now, pinned = false, body = body })
  return id
end

-- Gives true when something changed, or nil and the code of the error.
function store:edit(id, body)
  local note = self.notes[id]
  if not note then
    return nil, "not_there"
  end
  if #body > store.longestBody then
    return nil, "too_long"
  end
  if note.body == body then
    return false
  end
  remember(self, id, "edit")
  local changed = copy(note)
  changed.body, changed.changed = body, self.effects.now()
  write(self, id, changed)
  return true
end

function store:toggleTask(id, line)
  local note = self.notes[id]
  if not note then
    return nil, "not_there"
  end
  self:endTyping()
  return self:edit(id, markup.toggle(note.body, line))
end

-- Pinning says nothing about the text, so the time of the last change stays.
function store:togglePin(id)
  local note = self.notes[id]
  if not note then
    return nil, "not_there"
  end
  remember(self, id, "pin")
  local changed = copy(note)
  changed.pinned = not note.pinned
  write(self, id, changed)
  return true
end

function store:remove(id)
  if not self.notes[id] then
    return nil, "not_there"
  end
  remember(self, id, "remove")
  write(self, id, nil)
  return true
end

-- The next edit begins a new step of undoing.
function store:endTyping()
  local last = self.undoStack[#self.undoStack]
  if last and last.kind == "edit" then
    last.kind = "edited"
  end
end

-- Takes the last step back; gives its id and what it was, or nil when there is none.
function store:undo()
  local step = table.remove(self.undoStack)
  if not step then
    return nil
  end
  write(self, step.id, step.before)
  return step.id, step.kind
end

local orders = {
  changed = function(a, b)
    return a.note.changed > b.note.changed
  end,
  created = function(a, b)
    return a.note.created > b.note.created
  end,
  title = function(a, b)
    return a.sortTitle < b.sortTitle
  end,
}

store.orders = { "changed", "created", "title" }

-- The notes that a query means, as {id, note, title, teaser, sortTitle, score}: pinned ones first, then by
-- the order, best hits before others when words are searched for.
function store:list(query, order)
  local terms = search.parse(query or "")
  local before = orders[order or "changed"] or error("no such order: " .. tostring(order), 2)
  local found = {}
  for id, note in pairs(self.notes) do
    local score = search.score(terms, note.body)
    if score then
      local title, teaser = markup.summary(note.body)
      found[#found + 1] = {
        id = id, note = note, title = title, teaser = teaser, sortTitle = title:lower(), score = score,
      }
    end
  end
  table.sort(found, function(a, b)
    if a.note.pinned ~= b.note.pinned then
      return a.note.pinned
    end
    if a.score ~= b.score then
      return a.score > b.score
    end
    if before(a, b) then
      return true
    end
    if before(b, a) then
      return false
    end
    return a.id < b.id
  end)
  return found
end

-- Tags with how many notes have them, the commonest first: a list of {tag, count}.
function store:tags()
  local counts, result = {}, {}
  for _, note in pairs(self.notes) do
    for _, tag in ipairs(markup.tags(note.body)) do
      counts[tag] = (counts[tag] or 0) + 1
    end
  end
  for tag, count in pairs(counts) do
    result[#result + 1] = { tag = tag, count = count }
  end
  table.sort(result, function(a, b)
    if a.count ~= b.count then
      return a.count > b.count
    end
    return a.tag < b.tag
  end)
  return result
end

return store
