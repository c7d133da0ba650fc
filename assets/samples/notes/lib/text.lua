-- Letters without regard to case or accents, for searching.

local text = {}

-- The letters of Western European languages beyond ASCII, by what they are searched as.
local plainOf = {}
for plain, letters in pairs({
  a = "àáâãåāÀÁÂÃÅĀ",
  ae = "äæÄÆ",
  c = "çćčÇĆČ",
  e = "èéêëēÈÉÊËĒ",
  i = "ìíîïīÌÍÎÏĪ",
  n = "ñńÑŃ",
  o = "òóôõøōÒÓÔÕØŌ",
  oe = "öœÖŒ",
  s = "śšŚŠ",
  ss = "ßẞ",
  u = "ùúûūÙÚÛŪ",
  ue = "üÜ",
  y = "ýÿÝŸ",
  z = "źżžŹŻŽ",
}) do
  for _, code in utf8.codes(letters) do
    plainOf[utf8.char(code)] = plain
  end
end

-- "Größe" and "groesse" fold to the same text.
function text.fold(source)
  return (source:lower():gsub("[\xC2-\xF4][\x80-\xBF]*", plainOf))
end

-- The first `most` characters, with an ellipsis where something was cut off.
function text.shorten(source, most)
  local length = utf8.len(source)
  if not length or length <= most then
    return source
  end
  local cut = source:sub(1, utf8.offset(source, most) - 1):gsub("%s+$", "")
  return cut .. "…"
end

return text
