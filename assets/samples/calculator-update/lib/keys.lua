-- The keys of ui/main.rml, by the id of their element.

local keys = {
  point = { does = "point" },
  plus = { does = "binary", sign = "+" },
  minus = { does = "binary", sign = "-" },
  times = { does = "binary", sign = "*" },
  divide = { does = "binary", sign = "/" },
  percent = { does = "postfix", sign = "%" },
  open = { does = "open" },
  close = { does = "close" },
  root = { does = "prefix", sign = "√" },
  square = { does = "square" },
  power = { does = "binary", sign = "^" },
  answer = { does = "answer" },
  equals = { does = "equals" },
  clear = { does = "clear" },
  back = { does = "back" },
  ["memory-add"] = { does = "memoryAdd" },
  ["memory-subtract"] = { does = "memorySubtract" },
  ["memory-recall"] = { does = "memoryRecall" },
  ["memory-clear"] = { does = "memoryClear" },
}

for digit = 0, 9 do
  keys["digit-" .. digit] = { does = "digit", sign = tostring(digit) }
end

return keys
