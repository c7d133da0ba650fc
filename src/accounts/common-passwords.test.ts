/** Passwords that a guesser comes to early, and those that must pass. */
import { describe, expect, test } from "bun:test";
import { isCommonPassword } from "./common-passwords.ts";
import { COMMON_WORDS } from "./common-words.ts";
import { typedOtherwise } from "./keyboard-layouts.ts";

const ABOUT = ["ada.lovelace@northwind.example", "Ada Lovelace", "Whimbrel Apps"];

describe("is refused", () => {
  test.each([
    ["a leaked one", "password1234"],
    ["a word, a year and a mark", "Welcome2024!"],
    ["a word and a year", "Sunshine2023"],
    ["the season with marks", "Summer2024!!"],
    ["the season with more marks", "Summer2025!!!"],
    ["the season in capitals, marks before", "!!SUMMER2025!!"],
    ["another language's season", "Frühling2025!!"],
    ["a month", "September-2024!"],
    ["another language's month", "Dezember2025!!"],
    ["a weekday", "Donnerstag123!!"],
    ["a place of work", "Company2024!"],
    ["letters in other signs", "C0mp@ny2024!"],
    ["the store's kind", "Appstore2024!!"],
    ["two words", "AdminWelcome2024"],
    ["a sentence", "thisismypassword"],
    ["a sentence with blanks and a year", "This is my password 2024!"],
    ["a known phrase", "correcthorsebatterystaple"],
    ["a known phrase, hyphens and capitals", "Correct-Horse-Battery-Staple-1"],
    ["a phrase from a film", "may the force be with you"],
    ["the same word again", "mosismosismosis"],
    ["the person's name", "Lovelace2024!!"],
    ["their whole name", "Ada Lovelace 2024"],
    ["their company", "Northwind2024!!"],
    ["the store's name", "Whimbrel2025!!!"],
    ["the store's whole name", "WhimbrelApps2025!!!"],
    ["keys in a row", "qwertyuiop1!"],
    ["one mark", "!!!!!!!!!!!!!!!!"],
    ["keys in a row, Russian", "йцукенгшщзхъ"],
    ["keys in a row, Russian, and digits", "Йцукен123456"],
    ["keys in a row, Greek", "ςερτυθιοπασδ"],
    ["keys in a row, Hebrew", "קראטוןםפשדגכ"],
    ["keys in a row, Arabic", "ضصثقفغعهخحجد"],
    ["keys in a row, Persian", "ضصثقفغعهخحجچ"],
    ["keys in a row, French", "azertyuiopqs"],
    ["keys in a row, German", "qwertzuiopü1"],
    ["“password” on Russian keys", "зфыыцщкв2024"],
    ["“password” in Russian on Latin keys", "gfhjkmgfhjkm1"],
    ["a hard password, Russian", "сложныйпароль"],
    ["my password, Ukrainian", "МійПароль2024!"],
    ["a password, Spanish", "contraseña123"],
    ["the same without its tilde", "Contrasena2024!"],
    ["a password, German", "MeinPasswort2024!"],
    ["a password, French", "motdepasse2024"],
    ["a password, Portuguese", "minha-senha-1"],
    ["a password, Polish", "trudne.hasło.7"],
    ["a password, Turkish", "benimşifre2024"],
    ["a password, Greek", "κωδικός12345"],
    ["a password, Arabic", "كلمة المرور 1"],
    ["a password, Hebrew", "סיסמה-שלי-1234"],
    ["a password, Chinese", "我的密码我的密码2024"],
    ["a password, Korean", "나의비밀번호123456"],
    ["the store's name with another word", "whimbrel-store-1"],
    ["the store's name, a role and a number", "Whimbrel_Admin_99"],
    ["the person's name, joined", "ada-lovelace-7"],
    ["their address", "ada.lovelace@northwind"],
    ["their company's name with words", "northwind.login.2024"],
  ])("%s: %s", async (_, password) => {
    expect(await isCommonPassword(password, ABOUT)).toBe(true);
  });
});

describe("passes", () => {
  test.each([
    ["unrelated words", "seven green bicycles"],
    ["others", "copper otter meadow lantern"],
    ["the same without blanks", "copperottermeadowlantern"],
    ["a sentence of one's own", "My aunt sails on Thursdays"],
    ["common words between marks by chance", "admin#*%(server^~1"],
    ["words with a season and a year", "autumn turnip 2024 violin"],
    ["words with the person's name", "Ada tickles lazy walruses"],
    ["a phrase gone on with", "correct horse battery submarine"],
    ["other scripts", "зелёный велосипед летит"],
    ["Arabic", "سبع دراجات خضراء تطير"],
    ["Greek", "εφτά πράσινα ποδήλατα"],
    ["Hebrew", "שבעה אופניים ירוקים עפים"],
    ["German", "sieben grüne Fahrräder fliegen"],
    ["Spanish", "siete bicicletas verdes vuelan"],
    ["random Russian letters", "ъмщфчжлюэгьд"],
    ["words with the store's name", "Whimbrel hums beneath turnips"],
    ["random letters", "kqzvwyxhbtrm"],
    ["random digits and marks", "k4#92!8x7$1q"],
    ["random of all", "xK9#mQ2$vL7p"],
    ["what the store makes", "h7k2m-9qxwt-4bnzr-c8vdp"],
    ["random between marks", "!!kqzvwyxhb!!"],
    ["a long one", "z".repeat(40) + "kqzvwyxhbtrm".repeat(80)],
  ])("%s: %s", async (_, password) => {
    expect(await isCommonPassword(password, ABOUT)).toBe(false);
  });
});

describe("drawn by chance", () => {
  const draw = (most: number): number => Math.floor(Math.random() * most);
  const drawn = (count: number, make: () => string): string[] => Array.from({ length: count }, make);
  const of = (letters: string, count: number): string =>
    drawn(count, () => [...letters][draw(letters.length)] ?? "").join("");

  test("a row of keys from any place on is refused in each layout, and so are its neighbours backwards", async () => {
    const rows = [
      "йцукенгшщзхъфывапролджэ",
      "йцукенгшщзхїфівапролджє",
      "קראטוןםפשדגכעיחלךף",
      "ضصثقفغعهخحجدشسيبلاتنمكط",
    ];
    for (const row of rows) {
      const from = draw(row.length - 12);
      const keys = row.slice(from, from + 12);
      for (const text of [keys, [...keys].reverse().join(""), keys.toUpperCase()])
        expect([text, await isCommonPassword(text, [])]).toEqual([text, true]);
    }
  });

  test("a common word of any language with a year and a mark is refused, and with the store's name", async () => {
    const words = drawn(25, () => COMMON_WORDS[draw(COMMON_WORDS.length)] ?? "");
    for (const word of words)
      for (const text of [`${word}2024!`, `Whimbrel-${word}-1`, `${word}${word}12`])
        expect([text, await isCommonPassword(text, ABOUT)]).toEqual([text, true]);
  });

  test("fifteen letters of any one script pass", async () => {
    for (const letters of [
      "abcdefghijklmnopqrstuvwxyz",
      "абвгдежзийклмнопрстуфхцчшщыэюя",
      "αβγδεζηθικλμνξοπρστυφχψω",
      "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    ])
      for (const text of drawn(8, () => of(letters, 15)))
        expect([text, await isCommonPassword(text, ABOUT)]).toEqual([text, false]);
  });

  test("what the same keys give elsewhere gives the same back", () => {
    for (const text of drawn(50, () => of("йцукенгшщзфывапролдячсмить", 12))) {
      const [latin = ""] = typedOtherwise(text);
      expect(latin).toMatch(/^[a-z]+$/);
      expect(typedOtherwise(latin)).toContain(text);
    }
  });
});

test("judging what is made to take long takes a moment", async () => {
  await isCommonPassword("once", []);
  const begun = performance.now();
  for (const part of ["a", "4@", "summer", "qwerty", "1!", "ab12", " ", "йцукен", "ضصثق", "ñ-"])
    await isCommonPassword(part.repeat(1024).slice(0, 1024), ABOUT);
  expect(performance.now() - begun).toBeLessThan(7000);
});
