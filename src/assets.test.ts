import { expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { assetBytes, assetHash, assetText, hasAsset, listAssets, migrations } from "./assets.ts";

const root = join(import.meta.dirname, "..");

function onDisk(name: string): Buffer {
  return readFileSync(join(root, name.startsWith("migrations/") ? name : `assets/${name}`));
}

test("every embedded file is the file of that name, byte for byte", () => {
  const names = listAssets("");
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) {
    if (!onDisk(name).equals(assetBytes(name))) throw new Error(`${name} is not what stands on the disk`);
    expect(assetHash(name)).toBe(createHash("sha256").update(onDisk(name)).digest("hex") as never);
  }
});

test("names are listed by prefix, sorted, and unknown ones are refused", () => {
  expect(listAssets("samples/calculator/main.lua")).toEqual(["samples/calculator/main.lua"]);
  expect(listAssets("samples/")).toEqual(listAssets("").filter((name) => name.startsWith("samples/")));
  expect(listAssets("no-such-folder/")).toEqual([]);
  expect(hasAsset("samples/calculator/main.lua")).toBe(true);
  for (const name of ["", "..", "../package.json", "samples", "samples/", "constructor", "__proto__"]) {
    expect(hasAsset(name)).toBe(false);
    expect(() => assetBytes(name)).toThrow("there is no embedded file");
  }
});

test("a file that is not UTF-8 is not given as text", () => {
  const font = listAssets("built/").find((name) => name.endsWith(".woff2"));
  if (font === undefined) throw new Error("assets/built has no font: run `bun run assets`");
  expect(() => assetText(font)).toThrow(TypeError);
  expect(assetText("samples/calculator/main.lua")).toBe(
    onDisk("samples/calculator/main.lua").toString("utf8"),
  );
});

test("the migrations come in their order, from 0001 on, without a gap", () => {
  const names = migrations().map(({ name }) => name);
  expect(names.map((name) => Number(name.slice(0, 4)))).toEqual(names.map((_, index) => index + 1));
  expect(names[0]).toBe("0001_initial.sql");
});
