-- What one person is typing: takes key presses, refuses those that make no sense at the moment, and
-- holds the memory and the history. Knows nothing of the screen.

local evaluator = require("lib.evaluator")
local format = require("lib.format")
local history = require("lib.history")
local operators = require("lib.operators")

local session = {}
session.__index = session

session.longestText = 120
session.mostDigits = 15

-- text: the expression in plain signs; fresh: it is a result that the next digit replaces;
-- failure: the code of the last error; memory: a number or nil.
function session.new(entries)
  return setmetatable({ text = "", fresh = false, failure = nil, memory = nil, history = entries or history.new() }, session)
end

local function lastSign(text)
  return text:sub(-1)
end

local function endsInValue(text)
  return text:match("[%d%.%)]$") ~= nil or operators.postfix[lastSign(text)] ~= nil
end

-- The number that is being typed at the end of the text, "" when there is none.
local function numberAtEnd(text)
  return text:match("%d*%.?%d*$")
end

local function openBrackets(text)
  local _, opened = text:gsub("%(", "")
  local _, closed = text:gsub("%)", "")
  return opened - closed
end

function session:append(sign)
  if #self.text + #sign <= session.longestText then
    self.text = self.text .. sign
    self.fresh = false
  end
end

function session:startOver()
  self.text = ""
  self.fresh = false
end

local handlers = {}

function handlers.digit(self, digit)
  if self.fresh then
    self:startOver()
  end
  local number = numberAtEnd(self.text)
  local _, digits = number:gsub("%d", "")
  if digits >= session.mostDigits then
    return
  end
  if number == "0" then
    self.text = self.text:sub(1, -2)
  end
  self:append(digit)
end

function handlers.point(self)
  if self.fresh then
    self:startOver()
  end
  local number = numberAtEnd(self.text)
  if not number:find(".", 1, true) then
    self:append(number == "" and "0." or ".")
  end
end

function handlers.binary(self, sign)
  if self.text == "" then
    self:append(sign == "-" and "-" or "0" .. sign)
    return
  end
  local last = lastSign(self.text)
  if endsInValue(self.text) then
    self:append(sign)
  elseif sign == "-" and (last == "(" or (operators.binary[last] and last ~= "-" and last ~= "+")) then
    self:append(sign)
  elseif operators.binary[last] then
    -- A second operator is a correction of the first, and so is one after 6 × −.
    local kept = self.text:gsub("[^%d%.%)%(%%]+$", "")
    if endsInValue(kept) then
      self.text = kept
      self:append(sign)
    end
  end
end

function handlers.prefix(self, sign)
  if self.fresh then
    self:startOver()
  end
  self:append(sign)
end

function handlers.postfix(self, sign)
  if endsInValue(self.text) then
    self:append(sign)
  end
end

function handlers.open(self)
  if self.fresh then
    self:startOver()
  end
  self:append("(")
end

function handlers.close(self)
  if openBrackets(self.text) > 0 and endsInValue(self.text) then
    self:append(")")
  end
end

function handlers.back(self)
  if self.fresh then
    self:startOver()
  else
    local last = utf8.offset(self.text, -1)
    self.text = last and self.text:sub(1, last - 1) or ""
  end
end

function handlers.clear(self)
  self:startOver()
end

function handlers.equals(self)
  if self.text == "" or self.fresh then
    return
  end
  local value, code = evaluator.evaluate(self.text)
  if not value then
    self.failure = code
    return
  end
  self.history:add(self.text, value)
  self.text = format.plain(value)
  self.fresh = true
end

local function currentValue(self)
  return self.text ~= "" and evaluator.evaluate(self.text) or nil
end

function handlers.memoryAdd(self)
  self.memory = (self.memory or 0) + (currentValue(self) or 0)
  self.fresh = self.text ~= ""
end

function handlers.memorySubtract(self)
  self.memory = (self.memory or 0) - (currentValue(self) or 0)
  self.fresh = self.text ~= ""
end

-- Puts a value where the next one would be typed; a number that stands there already makes way.
local function insertValue(self, value)
  if self.fresh or self.text:match("[%d%.]$") then
    self:startOver()
  end
  local text = format.plain(value)
  self:append(self.text ~= "" and text:sub(1, 1) == "-" and "(" .. text .. ")" or text)
end

function handlers.memoryRecall(self)
  if self.memory then
    insertValue(self, self.memory)
  end
end

function handlers.answer(self)
  local newest = self.history:at(1)
  if newest then
    insertValue(self, newest.value)
  end
end

function handlers.square(self)
  if not endsInValue(self.text) then
    return
  end
  -- A result below zero is squared as a whole: −4 becomes (−4)², not −(4²).
  if self.fresh and self.text:sub(1, 1) == "-" then
    self.text = "(" .. self.text .. ")"
  end
  self:append("^2")
end

function handlers.memoryClear(self)
  self.memory = nil
end

-- Takes one key of lib/keys.lua: {does = <handler>, sign}. Any key takes back a shown error.
function session:press(key)
  local handler = handlers[key.does] or error("no such key: " .. tostring(key.does), 2)
  self.failure = nil
  handler(self, key.sign)
end

-- Brings an entry of the history back for editing; false where there is none.
function session:recall(place)
  local entry = self.history:at(place)
  if not entry then
    return false
  end
  self.failure = nil
  self.text = entry.expression
  self.fresh = false
  return true
end

-- The value of what stands there so far, or nil while it is not a whole expression.
function session:preview()
  if self.fresh or self.failure or not self.text:find("[^%d%.]") then
    return nil
  end
  return (evaluator.evaluate(self.text))
end

return session
