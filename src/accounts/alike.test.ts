import { describe, expect, test } from "bun:test";
import { findAlike, mixedFault } from "./alike.ts";

const lookAlike = (one: string, other: string): boolean => findAlike(one, [{ name: other }]) !== undefined;

describe("names that others rely on", () => {
  test.each([
    ["Alpha", "alpha"],
    ["Alpha", "Ａｌｐｈａ"],
    ["Alpha", "АӀрһа"],
    ["Alpha", "AIpha"],
    ["Caf\u00e9", "Cafe\u0301"],
    ["Two Words", "Two\u00a0 Words"],
    ["Strasse", "straße"],
    ["Coca", "Соса"],
    ["Zero 0", "Zero O"],
  ])("%j and %j look alike", (one, other) => {
    expect(lookAlike(one, other)).toBe(true);
    expect(lookAlike(other, one)).toBe(true);
  });

  test.each([
    ["Alpha", "Alpine"],
    ["Mali", "Mail"],
    ["ALI", "ALL"],
    ["Cafe", "Café"],
    ["Привет", "Приветы"],
  ])("%j and %j do not", (one, other) => {
    expect(lookAlike(one, other)).toBe(false);
  });

  test("are found among others, the first of them", () => {
    const others = ["Beta", "alpha", "ALPHA"].map((name, id) => ({ id, name }));
    expect(findAlike("Аlpha", others)?.id).toBe(1);
    expect(findAlike("Gamma", others)).toBeUndefined();
  });

  test("have no word of two scripts that have letters alike", () => {
    expect(String(mixedFault("Аlpha Works"))).toContain("“Аlpha”");
    expect(String(mixedFault("Аlpha Works"))).toContain("Latin and Cyrillic");
    expect(String(mixedFault("Ωmega"))).toContain("Latin and Greek");
    for (const name of ["Яндекс Pay", "Яндекс-Pay", "日本 Works", "Ada 7", "Ωμέγα"])
      expect(mixedFault(name)).toBeNull();
  });
});
