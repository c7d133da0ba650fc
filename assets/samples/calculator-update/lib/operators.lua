-- The arithmetic that the parser and the evaluator know, as data. A higher `power` binds tighter.
-- `apply` gives the value, or nil and the code of the error.

local operators = {}

operators.binary = {
  ["+"] = {
    power = 10,
    percentOfLeft = true,
    apply = function(a, b)
      return a + b
    end,
  },
  ["-"] = {
    power = 10,
    percentOfLeft = true,
    apply = function(a, b)
      return a - b
    end,
  },
  ["*"] = {
    power = 20,
    apply = function(a, b)
      return a * b
    end,
  },
  ["/"] = {
    power = 20,
    apply = function(a, b)
      if b == 0 then
        return nil, "divide_by_zero"
      end
      return a / b
    end,
  },
  ["^"] = {
    power = 40,
    -- 2^3^2 is 2^(3^2).
    rightFirst = true,
    tight = true,
    apply = function(a, b)
      if a == 0 and b < 0 then
        return nil, "divide_by_zero"
      end
      if a < 0 and b ~= math.floor(b) then
        return nil, "not_real"
      end
      return a ^ b
    end,
  },
}

operators.prefix = {
  ["-"] = {
    power = 30,
    apply = function(a)
      return -a
    end,
  },
  ["√"] = {
    power = 50,
    apply = function(a)
      if a < 0 then
        return nil, "not_real"
      end
      return math.sqrt(a)
    end,
  },
}

operators.postfix = {
  ["%"] = {
    power = 60,
    apply = function(a)
      return a / 100
    end,
  },
}

-- A factor written without a sign, as in 2(3 + 4).
operators.implicit = "*"

-- What people write or paste, and the sign that is meant.
operators.spelling = {
  ["×"] = "*",
  ["·"] = "*",
  ["÷"] = "/",
  ["−"] = "-",
}

-- How a sign is shown.
operators.display = {
  ["*"] = "×",
  ["/"] = "÷",
  ["-"] = "−",
}

return operators
