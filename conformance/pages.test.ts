/** The specification names every code that the kit asks for, at its rule; and the kit says truly which of them it has no case for. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Index } from "./make/kit.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");
const index: Index = JSON.parse(read("cases.json"));
const pages = ["package-format.md", "catalogue.md"]
  .map((name) => read(`../assets/docs/reference/${name}`))
  .join("\n");
const named = new Set([...pages.matchAll(/\]\(\.\.\/errors\.md#([\w.-]+)\)/g)].map(([, code]) => code ?? ""));
const asked = new Set(
  [...index.packages, ...index.deltas, ...index.catalogues].flatMap(({ code }) => code ?? []),
);

test("every code of a case is a link on the pages", () => {
  expect(asked.size).toBeGreaterThan(130);
  expect([...asked].filter((code) => !named.has(code)).sort()).toEqual([]);
});

test("a link says the code that it leads to", () => {
  const wrong = [...pages.matchAll(/\[([^\]]*)\]\(\.\.\/errors\.md#(MPK-[A-Z]\d{3})\)/g)].filter(
    ([, text = "", code = ""]) => text !== code && text !== code.slice(4) && !/^[A-Z]…$/.test(text),
  );
  expect(wrong.map(([link]) => link)).toEqual([]);
});

test("the kit's README counts and names the codes without a case", () => {
  const without = [...named].filter((code) => code.startsWith("MPK-") && !asked.has(code)).sort();
  const paragraph = /^(\w+) codes of the specification have no case,[\s\S]*?\n\n/m.exec(read("README.md"));
  expect([...(paragraph?.[0] ?? "").matchAll(/MPK-[A-Z]\d{3}/g)].map(([code]) => code).sort()).toEqual(
    without,
  );
  expect(paragraph?.[1]).toBe(["No", "One", "Two", "Three", "Four", "Five", "Six"][without.length]);
});
