import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalize } from "../signing/json.ts";
import { characterFault, cleanName, isName, nameFault, plainName } from "./name-rule.ts";
import { plainSaid, unseenIn } from "./said.ts";

const faultOf = (name: string, most = 80) => nameFault(plainName(name), most, "A name");

/** As people write themselves, their companies and what they have, some of it in two spellings. */
const REAL: Readonly<Record<string, readonly string[]>> = {
  Latin: [
    "Ada Lovelace",
    "Zoë Saldaña",
    "Þórunn Ægisdóttir",
    "Łukasz Żółć",
    "Jean-Luc d’Arc",
    "O'Neil & Sons, Inc.",
  ],
  Turkish: ["İbrahim Işık", "I\u0307brahim"],
  Vietnamese: [
    "Nguyễn Thị Ánh Tuyết",
    "Nguyễn Thị Ánh Tuyết".normalize("NFD"),
    "Đỗ Ngọc Ẩn".normalize("NFD"),
  ],
  Yoruba: ["Ọláṣubọ̀mí", "Adébáyọ̀", "Ẹ̀gbá".normalize("NFD")],
  Lithuanian: ["Rū̃ta", "Jė̃gà", "i\u0307\u0301"],
  Navajo: ["Diné Bizaad", "Hózhǫ́"],
  Guarani: ["G\u0303uarani"],
  Hawaiian: ["Kaʻiulani"],
  Greek: ["Ωμέγα Παπαδοπούλου", "Ἀθηνᾶ", "ᾧ".normalize("NFD")],
  Cyrillic: ["Яндекс Маркет", "Пётр Ільїн", "Ђорђе", "Майя".normalize("NFD")],
  Armenian: ["Արամ Խաչատրյան"],
  Georgian: ["შოთა რუსთაველი"],
  Hebrew: ["דָּוִד בֶּן־גּוּרִיּוֹן", "שָּׁלוֹם", "יְרוּשָׁלִַ֔ם", "צה״ל"],
  Arabic: ["مُحَمَّدٌ", "ٱللَّٰهِ", "عبد الله", "شركة الأمل"],
  Persian: ["می\u200cخواهم", "علی\u200cرضا", "خانه\u200cای"],
  Urdu: ["محمد علی جناح", "پاکستان"],
  Syriac: ["ܣܘܪܝܝܐ", "ܡܳܪܝ"],
  Thaana: ["ދިވެހި"],
  NKo: ["ߒߞߏ", "ߓߊ߯ߡߊ߬"],
  Adlam: ["𞤀𞤣𞤤𞤢𞤥"],
  Ethiopic: ["ኢትዮጵያ"],
  Hindi: ["श्री कृष्ण", "क्\u200dष", "राज\u094d\u200cकुमार", "ज़ाकिर हुसैन", "हूँ"],
  Bengali: ["র\u200d\u09cdয\u09beমন", "শ্রী", "চাঁদ"],
  Punjabi: ["ਪੰਜਾਬੀ", "ਸਿੰਘ"],
  Gujarati: ["ગુજરાતી"],
  Oriya: ["ଓଡ଼ିଆ"],
  Tamil: ["தமிழ்", "ஸ்ரீ"],
  Telugu: ["తెలుగు", "శ్రీ\u200cరామ్"],
  Kannada: ["ರಾಜ್\u200cಕುಮಾರ್", "ರ\u200d್ಯಾ"],
  Malayalam: ["മലയാളം", "അവന്\u200d", "രാജന്\u200d നായര്\u200d"],
  Sinhala: ["ශ\u0dca\u200dරී ලංකා", "සිංහල"],
  Thai: ["ที่นี่", "น้ำผึ้ง", "กรุงเทพฯ", "เก๋ๆ"],
  Lao: ["ລາວ", "ເຈົ້າ"],
  Khmer: ["ខ្មែរ", "ស្ត្រី", "ប៊\u200cី"],
  Burmese: ["မြန်မာ", "ရွှေ", "လှို့ဝှက်", "ကျွန်ုပ်"],
  Tibetan: ["བོད་ཡིག", "བསྒྲུབས", "ཧཱུྃ", "དྷརྨྨ"],
  Mongolian: ["Монгол", "ᠮᠣᠩᠭᠣᠯ", "ᠰᠠᠶᠢᠨ\u180eᠠ", "ᠪᠠᠶᠢᠭ\u180bᠠ"],
  Japanese: [
    "山田　太郎",
    "ヴァレンティナ",
    "ば".normalize("NFD"),
    "葛\u{e0100}城",
    "株式会社みずほ",
    "㈱ＡＢＣ",
    "々木",
  ],
  Chinese: ["王小明", "𠮷野家", "腾讯（深圳）"],
  Korean: ["김철수", "김철수".normalize("NFD"), "홍길동 (주)"],
  Yi: ["ꆈꌠꉙ"],
  Cherokee: ["ᏣᎳᎩ"],
  Inuktitut: ["ᐃᓄᒃᑎᑐᑦ"],
  Javanese: ["ꦗꦮ", "ꦏꦿꦾꦺꦴꦁ"],
  Balinese: ["ᬩᬮᬶ"],
  Cuneiform: ["𒀀𒁀"],
  numbers: ["7", "٧", "№ 5", "Till #3", "C++", "50 %", "Ⅷ"],
  emoji: [
    "Ada 🙂",
    "👩🏽\u200d💻",
    "❤\ufe0f\u200d🔥",
    "1\ufe0f\u20e3",
    "🇩🇪",
    "🏳\ufe0f\u200d🌈",
    "👨\u200d👩\u200d👧",
    "☎\ufe0e",
    "🐈\u200d⬛",
  ],
  "flags of tags": [
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "🏴\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
  ],
};

describe("a name may be one in", () => {
  test.each(Object.entries(REAL))("%s", (_, names) => {
    for (const name of names) expect([name, faultOf(name)]).toEqual([name, null]);
  });
});

/** Each with the first character that is told of, and where it is. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ["a control character", "a\0b", "U+0000 as character 2"],
  ["a line's end", "a\nb", "U+000A as character 2"],
  ["a tab", "ab\tc", "U+0009 as character 3"],
  ["a separator of lines", "a\u2028b", "U+2028 as character 2"],
  ["a separator of paragraphs", "a\u2029b", "U+2029 as character 2"],
  ["an override of direction", "a\u202eb", "U+202E as character 2"],
  ["an embedding of direction", "\u202bab", "U+202B as character 1"],
  ["an isolate of direction", "ab\u2067c", "U+2067 as character 3"],
  ["a mark of direction", "אב\u200e", "U+200E as character 3"],
  ["a mark of Arabic letters", "\u061cاب", "U+061C as character 1"],
  ["a space of no width", "a\u200bb", "U+200B as character 2"],
  ["a joiner of words", "a\u2060b", "U+2060 as character 2"],
  ["a soft hyphen", "a\u00adb", "U+00AD as character 2"],
  ["a mark of byte order within", "a\ufeffb", "U+FEFF as character 2"],
  ["a joiner of graphemes", "a\u034fb", "U+034F as character 2"],
  ["a filler of Hangul", "a\u3164", "U+3164 as character 2"],
  ["a filler of no width", "a\uffa0", "U+FFA0 as character 2"],
  ["the blank of braille", "a\u2800b", "U+2800 as character 2"],
  ["a note's head that is not drawn", "a\u{1d159}", "U+1D159 as character 2"],
  ["an object", "Acme\ufffc", "U+FFFC as character 5"],
  ["what could not be decoded", "A\ufffdcme", "U+FFFD as character 2"],
  ["an annotation", "a\ufff9b", "U+FFF9 as character 2"],
  ["private use", "\ue000 Acme", "U+E000 as character 1"],
  ["private use of another plane", "Acme \u{100000}", "U+100000 as character 6"],
  ["the apple of one maker", "\uf8ff Store", "U+F8FF as character 1"],
  ["what nobody assigned", "Acme \u0378", "U+0378 as character 6"],
  ["what nobody assigned in another plane", "a\u{e0fff}", "U+E0FFF as character 2"],
  ["a high half", "a\ud800", "U+D800 as character 2"],
  ["a low half", "😀a\udc00b", "U+DC00 as character 3"],
  ["no character", "a\ufdd0", "U+FDD0 as character 2"],
  ["no character at a plane's end", "a\u{10fffe}", "U+10FFFE as character 2"],
  ["a selector beside nothing that has forms", "a\ufe0fb", "U+FE0F as character 2"],
  ["a second selector", "❤\ufe0f\ufe0f", "U+FE0F as character 3"],
  ["a selector of forms of Han beside Latin", "a\u{e0100}", "U+E0100 as character 2"],
  ["a selector of Mongolian after a selector", "ᠭ\u180b\u180b", "U+180B as character 3"],
  ["a joiner between Latin letters", "a\u200db", "U+200D as character 2"],
  ["a joiner in the beginning", "\u200dक", "U+200D as character 1"],
  ["a joiner at the end", "علی\u200c", "U+200C as character 4"],
  ["two joiners", "می\u200c\u200cخ", "U+200C as character 3"],
  ["a joiner between letters that have no sign", "क\u200dष", "U+200D as character 2"],
  ["a joiner between an emoji and a letter", "👩\u200da", "U+200D as character 2"],
  ["tags after no flag", "a\u{e0067}\u{e007f}", "U+E0067 as character 2"],
  ["tags that are nobody's flag", "🏴\u{e0061}\u{e0062}\u{e007f}", "U+E0061 as character 2"],
  ["a fifth mark on one letter", "x\u0323\u0330\u0331\u0332\u0333", "U+0333 as character 6"],
  ["forty marks", `a${"\u0489\u0488".repeat(20)}`, "U+0489 as character 6"],
  ["a mark twice", "x\u0336\u0336", "U+0336 as character 3"],
  ["a mark twice, through a joiner", "क\u093c\u200d\u093c", "U+093C as character 4"],
  ["a mark in the beginning", "\u0301abc", "U+0301 as character 1"],
  ["a mark on a space", "ab \u0307c", "U+0307 as character 4"],
];

describe("a name may not have", () => {
  test.each(REFUSED)("%s", (_, name, found) => {
    const fault = faultOf(name);
    expect(fault?.found).toBe(found);
    expect(String(fault?.message)).toStartWith(`A name cannot have ${found}: it `);
    expect(isName(name, 80)).toBe(false);
    // What there is beside it may stay.
    expect([cleanName(name, 80), faultOf(cleanName(name, 80))]).not.toContain(name);
  });

  test("nothing to read, or too much", () => {
    for (const name of ["", " \u00a0", "...", "—", "x".repeat(21)])
      expect(String(faultOf(name, 20)?.message)).toBe(
        "A name has 1 to 20 characters, a letter, a number or a symbol among them.",
      );
    expect(faultOf("x".repeat(20), 20)).toBeNull();
    expect(faultOf("👩".repeat(20), 20)).toBeNull();
    expect(faultOf("x".repeat(21), 20)?.found).toBe("21 characters");
  });
});

test("a name is kept composed, with each white space as one space", () => {
  expect(plainName(" \u3000山田　 太郎\u00a0")).toBe("山田 太郎");
  expect(plainName("Cafe\u0301")).toBe("Caf\u00e9");
  expect(plainName("a\u202f\u2009b")).toBe("a b");
});

const SPECIAL = [
  ..."\u0301\u0323\u0336\u200c\u200d\ufe0f\u180b\u180e\u2800\u034f\ud83d\ue000\ufffc\ufdd0\u3000 ",
];
const PIECES = [
  ...SPECIAL,
  ...Object.values(REAL).flat(),
  "क",
  "्",
  "م",
  "ᠭ",
  "👩",
  "🏽",
  "🏴",
  "\u{e0067}",
  "\u{e007f}",
  "1",
  "\u20e3",
];
const lines = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join("")),
);

test("what is taken out of a name leaves one, or nothing; one is left as it is", () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 80 }), (line, most) => {
      const clean = cleanName(line, most);
      if (clean !== "") expect(nameFault(clean, most, "")).toBeNull();
      expect(cleanName(clean, most)).toBe(clean);
      if (isName(plainName(line), most)) expect(clean).toBe(plainName(line));
    }),
    { numRuns: 3000 },
  );
});

test("a name stays one as it is kept, and is told of where it is not by the character that is there", () => {
  fc.assert(
    fc.property(lines, (line) => {
      const kept = plainName(line);
      expect(plainName(kept)).toBe(kept);
      const at = /^(U\+[0-9A-F]{4,6}) as character (\d+)$/.exec(characterFault(kept, "")?.found ?? "");
      if (at === null) return;
      const found = [...kept][Number(at[2]) - 1]?.codePointAt(0) ?? -1;
      expect(`U+${found.toString(16).toUpperCase().padStart(4, "0")}`).toBe(at[1] ?? "");
      // What stands before it may.
      expect(characterFault([...kept].slice(0, Number(at[2]) - 1).join(""), "")?.found ?? "").not.toBe(at[0]);
    }),
    { numRuns: 3000 },
  );
});

test("no name has what is refused anywhere, whatever stands around it", () => {
  const never = fc.constantFrom(
    "\0",
    "\u202e",
    "\ue000",
    "\ufffc",
    "\ufffd",
    "\u0378",
    "\ufdd0",
    "\u200b",
    "\u2028",
  );
  fc.assert(
    fc.property(lines, never, lines, (before, one, after) => {
      expect(isName(plainName(`${before}b${one}a${after}`), 10_000)).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test("the time that a name takes grows with its length and no faster", () => {
  const takes = (line: string): number => {
    const begun = performance.now();
    characterFault(line, "");
    cleanName(line, 80);
    return performance.now() - begun;
  };
  for (const piece of ["\u0301", "क\u200d", "👩\u200d", "\u200d", "🏴\u{e0067}"]) {
    takes(piece.repeat(500));
    expect(takes(piece.repeat(20_000))).toBeLessThan(5000);
  }
});

test("what is taken from people can stand in canonical JSON, as every change's audit entry does", () => {
  const words = fc.string({ unit: "binary", maxLength: 60 });
  const special = fc.constantFrom("\u{10fffe}", "\ufdd0", "\ufffe", "\ud800", "\udfff", "\ud83d\ude42");
  fc.assert(
    fc.property(
      fc.oneof(
        words,
        special,
        fc.tuple(words, special).map((both) => both.join("")),
      ),
      (text) => {
        if (isName(text, 100)) canonicalize(text);
        canonicalize(cleanName(text, 100));
        if (unseenIn(plainSaid(text)) === null) canonicalize(plainSaid(text));
      },
    ),
    { numRuns: 500 },
  );
});
