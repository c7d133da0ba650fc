/** Passwords that a guesser comes to early, and those that must pass. */
import { describe, expect, test } from "bun:test";
import { isCommonPassword } from "./common-passwords.ts";

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
    ["words with a season and a year", "autumn turnip 2024 violin"],
    ["words with the person's name", "Ada tickles lazy walruses"],
    ["a phrase gone on with", "correct horse battery submarine"],
    ["other scripts", "зелёный велосипед летит"],
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

test("judging what is made to take long takes a moment", async () => {
  await isCommonPassword("once", []);
  const begun = performance.now();
  for (const part of ["a", "4@", "summer", "qwerty", "1!", "ab12", " "])
    await isCommonPassword(part.repeat(1024).slice(0, 1024), ABOUT);
  expect(performance.now() - begun).toBeLessThan(7000);
});
