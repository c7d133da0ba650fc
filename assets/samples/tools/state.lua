-- lua5.4 ../tools/state.lua SCENE, from an app's folder: starts the app on the stand-in of its tests, plays the scene
-- and prints what each element then shows, a line each: <document> TAB <id> TAB text or attribute name TAB value.

package.path = "./?.lua;" .. package.path
local device = require("tests.device")

local function press(phone, keys)
  for id in keys:gmatch("%S+") do
    phone.tap(tonumber(id) and "digit-" .. id or id)
  end
end

local function calculator(locale, stored, keys)
  return function()
    local phone = device.new({ locale = locale, stored = stored }).start()
    press(phone, keys)
    return phone, "ui/main.rml"
  end
end

local moment = 1747048800

local function notes(bodies)
  local codec = require("lib.codec")
  local stored = { dataVersion = "2" }
  for number, note in ipairs(bodies) do
    local time = moment - note.age
    stored["note/n" .. number] = codec.encode({ created = time, changed = time, pinned = note.pinned, body = note.body })
  end
  return stored
end

local function weather(locale, age)
  local answers = require("tests.answers")
  local cache, places = require("lib.cache"), require("lib.places")
  moment = answers.now
  local body = answers.forecast(6, function(hour, row)
    local day, clock = hour // 24, hour % 24
    row[1] = ({ 14, 15.5, 12.2, 13, 16.2, 17 })[day + 1] + 5.6 * math.sin((clock - 9) / 24 * 2 * math.pi)
    if day == 1 then
      row[4] = clock > 12 and 3 or 1
    elseif day == 2 and clock >= 9 and clock < 17 then
      row[2], row[3], row[4] = 80, 0.7, 61
    elseif day == 3 then
      row[2], row[4] = 20, 3
    elseif day == 4 then
      row[4] = 0
    elseif day == 0 then
      row[2], row[4] = clock >= 18 and 30 or 10, clock >= 18 and 3 or 2
    end
  end)
  local phone = device.new({ locale = locale, stored = { forecast = cache.encode(places.default, moment - age, body) } })
  os.time = function()
    return moment
  end
  phone.start()
  for attempt = 1, age > 1800 and 4 or 0 do
    phone.requests[attempt].done("offline")
    phone.runTimers()
  end
  return phone, "ui/main.rml"
end

local scenes = {
  brackets = calculator("en", { history = "1250/4=312.5\n80+25%=100\n3*19.95=59.85" }, "open 1 2 point 5 plus 7 close times 1 8"),
  ["percent-de"] = calculator("de", { history = "3*19.95=59.85\n1250/8=156.25", memory = "1250" }, "1 2 4 9 point 5 plus 1 9 percent"),
  percent = calculator("en", { history = "3*19.95=59.85\n1250/8=156.25", memory = "1250" }, "1 2 4 9 point 5 plus 1 9 percent"),
  roots = calculator("en", { history = "2^10=1024\n80+25%=100\n3*19.95=59.85" }, "root open 3 square plus 4 square close"),
  list = function()
    os.time = function()
      return moment
    end
    local phone = device.new({ stored = notes({
      { age = 700, pinned = true, body = "# Weekend in Bern\n- [x] Book the train #travel\n- [x] Hotel\n- [ ] Museum tickets" },
      { age = 30, body = "# Shopping\n- [ ] Bread, apples, oat milk #home" },
      { age = 9000, body = "# Book club\nChapters 4 to 6 by Thursday #reading" },
      { age = 90000, body = "Bike repair\nThe shop on Mill Street opens at nine #home" },
      { age = 4 * 86400, body = "# Lentil soup\nRoast the cumin first #cooking #home" },
      { age = 10 * 86400, body = "# Talk for Monday\n- [x] Outline\n- [ ] Slides\n#work" },
    }) }).start()
    return phone, "ui/list.rml"
  end,
  ["note-de"] = function()
    os.time = function()
      return moment
    end
    local phone = device.new({ locale = "de", stored = notes({
      {
        age = 700,
        pinned = true,
        body = "# Wochenende in Bern\nZwei Nächte, am **Freitag** geht es los. #reise\n## Vorher\n- [x] Zug buchen\n- [x] Hotel\n- [ ] "
          .. "Karten fürs Museum\n- [ ] Blumen gießen lassen\n## Nicht vergessen\n- Regenjacke\n- Ladegerät\n> Nimm halb so viel Gepäck mit und doppelt so viel Zeit.",
      },
    }) }).start()
    phone.tap("list-row-1")
    return phone, "ui/note.rml"
  end,
  note = function()
    os.time = function()
      return moment
    end
    local phone = device.new({ stored = notes({
      {
        age = 700,
        pinned = true,
        body = "# Weekend in Bern\nTwo nights, and we leave on **Friday**. #travel\n## Before\n- [x] Book the train\n- [x] Hotel\n- [ ] "
          .. "Museum tickets\n- [ ] Have the flowers watered\n## Not to forget\n- Rain jacket\n- Charger\n> Take half as many clothes, and twice as much time.",
      },
    }) }).start()
    phone.tap("list-row-1")
    return phone, "ui/note.rml"
  end,
  today = function()
    return weather("en", 120)
  end,
  offline = function()
    return weather("en", 3 * 3600)
  end,
  ["offline-de"] = function()
    return weather("de", 3 * 3600)
  end,
}

local phone, document = (scenes[arg[1]] or error("no such scene: " .. tostring(arg[1])))()
print(document)
for id, text in pairs(phone.text) do
  print(id .. "\ttext\t" .. text)
end
for id, attributes in pairs(phone.attributes) do
  for name, value in pairs(attributes) do
    print(id .. "\t" .. name .. "\t" .. value:gsub("\n", "&#10;"))
  end
end
