/** Runs the Lua tests of the sample apps and of the template, in a WebAssembly build of Lua 5.4. */
import { describe, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LuaFactory } from "wasmoon";
import { parseManifest } from "../format/manifest.ts";

const assets = join(import.meta.dirname, "../../assets");

/** Folders that are laid over each other, the later over the earlier. */
const apps: ReadonlyArray<{ name: string; layers: readonly string[]; fewestTests: number }> = [
  { name: "calculator", layers: ["samples/calculator"], fewestTests: 100 },
  {
    name: "calculator's update",
    layers: ["samples/calculator", "samples/calculator-update"],
    fewestTests: 120,
  },
  { name: "notes", layers: ["samples/notes"], fewestTests: 70 },
  { name: "weather", layers: ["samples/weather"], fewestTests: 120 },
  { name: "template", layers: ["template"], fewestTests: 10 },
];

async function readLayers(layers: readonly string[]): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const layer of layers) {
    const folder = join(assets, layer);
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(path.slice(folder.length + 1).replaceAll("\\", "/"), await readFile(path));
    }
  }
  return files;
}

/** What tests/run.lua prints, and whether it ends with a good exit code. */
async function runLua(files: ReadonlyMap<string, Uint8Array>): Promise<{ printed: string; good: unknown }> {
  const factory = new LuaFactory();
  for (const [path, bytes] of files) {
    if (/\.(lua|rml|rcss|json)$/.test(path)) await factory.mountFile(path, bytes);
  }
  const engine = await factory.createEngine();
  const printed: string[] = [];
  try {
    engine.global.set("print", (...values: unknown[]) => printed.push(values.join("\t")));
    // The process is ours too, so the exit code is kept in place of ending it.
    await engine.doString("os.exit = function(good) exitCode = good end");
    await engine.doFile("tests/run.lua");
    return { printed: printed.join("\n"), good: engine.global.get("exitCode") };
  } finally {
    engine.global.close();
  }
}

describe.each([...apps])("$name", ({ layers, fewestTests }) => {
  test("passes its own tests", async () => {
    const { printed, good } = await runLua(await readLayers(layers));
    const counts = /(?:^|\n)(\d+) passed, (\d+) failed$/.exec(printed);
    expect(counts, printed).not.toBeNull();
    expect(counts?.[2], printed).toBe("0");
    expect(Number(counts?.[1])).toBeGreaterThanOrEqual(fewestTests);
    expect(good).toBe(true);
  });

  test("has a good manifest, the files it names and its texts in each language", async () => {
    const files = await readLayers(layers);
    const manifest = judge(files.get("manifest.json"));
    const named = [manifest.entry, ...(manifest.ui ?? [])];
    for (const picture of [...manifest.icons, ...(manifest.screenshots ?? [])]) named.push(picture.src);
    for (const locale of manifest.locales ?? []) named.push(`locales/${locale}.json`);
    expect(named.filter((path) => !files.has(path))).toEqual([]);
    for (const locale of manifest.locales ?? []) {
      const texts: unknown = JSON.parse(text(files.get(`locales/${locale}.json`)));
      expect(Object.values(texts ?? {}).every((value) => typeof value === "string" && value !== "")).toBe(
        true,
      );
    }
  });
});

test("a test that fails is told, with a bad exit code", async () => {
  const files = await readLayers(["template"]);
  files.set(
    "tests/counter.lua",
    Buffer.from('require("tests.harness").test("no", function() error("wrong") end)'),
  );
  const { printed, good } = await runLua(files);
  expect(printed).toMatch(/^FAILED {2}no\n.*wrong/);
  expect(printed).toMatch(/\n3 passed, 1 failed$/);
  expect(good).toBe(false);
});

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}

/** The manifest, with the template's placeholders filled as `mosis new` does. */
function judge(bytes: Uint8Array | undefined) {
  const filled = text(bytes)
    .replaceAll("{{id}}", "com.example.new-app")
    .replaceAll("{{name}}", "New app")
    .replaceAll("{{author}}", "Somebody");
  const result = parseManifest(Buffer.from(filled), { written: "by-hand" });
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.manifest;
}
