import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Scratch, scratch } from "../testing/scratch.ts";

let here: Scratch;
beforeEach(() => {
  here = scratch();
});
afterEach(() => here.remove());

const NAMES: readonly [argv: readonly string[], folder: string, id: string, name: string][] = [
  [["notes"], "notes", "com.example.notes", "Notes"],
  [["field-notes"], "field-notes", "com.example.field-notes", "Field notes"],
  [["Field Notes 2"], "Field Notes 2", "com.example.field-notes-2", "Field Notes 2"],
  [["org.acme.field-notes"], "org.acme.field-notes", "org.acme.field-notes", "Field notes"],
  [["my.app"], "my.app", "my.app", "App"],
  [["Übung"], "Übung", "com.example.ubung", "Übung"],
  [["3d-chess"], "3d-chess", "com.example.d-chess", "3d chess"],
  [["deep/er/notes"], "deep/er/notes", "com.example.notes", "Notes"],
  [["./notes/"], "notes", "com.example.notes", "Notes"],
  [["日本", "--id", "com.example.nihon"], "日本", "com.example.nihon", "日本"],
  [["x", "--id", "org.acme.x", "--name", '  Ex & <Y> "Z" '], "x", "org.acme.x", 'Ex & <Y> "Z"'],
  [["e\u0301tude"], "e\u0301tude", "com.example.etude", "\u00c9tude"],
];

for (const [argv, folder, id, name] of NAMES) {
  test(`mosis new ${argv.join(" ")}: an app that packs, with id ${id} and name ${name}`, async () => {
    const made = await here.run(["new", ...argv, "--author", "Ada", "--json"]);
    expect([made.exitCode, made.stderr]).toEqual([0, ""]);
    const files = readdirSync(here.path(folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(here.path(folder).length + 1))
      .sort();
    expect(made.json).toEqual({ folder: here.path(folder), id, name, author: "Ada", files });
    const manifest = JSON.parse(readFileSync(join(here.path(folder), "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({ id, author: { name: "Ada" } });
    expect(Object.values(manifest.name)).toContain(name);
    for (const file of files) {
      if (!file.endsWith(".png")) expect(here.bytes(join(folder, file)).toString()).not.toContain("{{");
    }
    const packed = await here.run(["pack", folder, "-o", "app.mosis", "--json"]);
    expect([packed.exitCode, packed.json]).toEqual([0, expect.objectContaining({ id })]);
  });
}

const REFUSED: readonly [argv: readonly string[], exitCode: number, code: string][] = [
  [[], 2, "usage.missing_argument"],
  [[""], 2, "usage.empty_path"],
  [["/"], 2, "new.no_id"],
  [["2048"], 2, "new.no_id"],
  [["日本"], 2, "new.no_id"],
  [["con"], 2, "new.no_id"],
  [["..."], 2, "new.no_id"],
  [["a", "b"], 2, "usage.excess_arguments"],
  [["a", "--id", "a"], 2, "usage.invalid_value"],
  [["a", "--id", "Com.Example.A"], 2, "usage.invalid_value"],
  [["a", "--id", "com.aux.a"], 1, "MPK-M011"],
  [["a", "--id", "dev.mosis.a"], 1, "MPK-M010"],
  [["mosis.tools"], 1, "MPK-M010"],
  [["a", "--name", ""], 1, "MPK-M005"],
  [["a", "--name", "x".repeat(51)], 1, "MPK-M005"],
  [["a", "--author", "a\u001bb"], 1, "MPK-M013"],
  [["a", "--author", "a\u202eb"], 1, "MPK-M013"],
  [["full"], 1, "new.exists"],
  [["file"], 1, "new.exists"],
  [["link"], 1, "new.exists"],
  [["file/below"], 3, "file.enotdir"],
  [["x".repeat(300)], 3, "file.enametoolong"],
];

for (const [argv, exitCode, code] of REFUSED) {
  test(`mosis new ${argv.join(" ").slice(0, 40)}: refused with ${code}, and nothing is made`, async () => {
    here.write("full/file", "");
    here.write("file", "");
    symlinkSync("nowhere", here.path("link"));
    const before = here.list();
    const words = await here.run(["new", ...argv]);
    expect([words.exitCode, words.stdout]).toEqual([exitCode as 1, ""]);
    expect(words.stderr).toContain(`[${code}]`);
    const json = await here.run(["new", ...argv, "--json"]);
    expect([json.exitCode, json.stderr, json.json]).toEqual([
      exitCode as 1,
      "",
      { error: { code, message: expect.any(String), details: expect.any(Array) } },
    ]);
    expect(here.list()).toEqual(before);
  });
}

test("an empty folder is filled and stays the same folder", async () => {
  mkdirSync(here.path("empty"), { mode: 0o750 });
  const before = statSync(here.path("empty"));
  const { exitCode } = await here.run(["new", ".", "--id", "org.acme.here"], { cwd: here.path("empty") });
  expect(exitCode).toBe(0);
  const after = statSync(here.path("empty"));
  expect([after.ino, after.mode]).toEqual([before.ino, before.mode]);
  expect(here.list("empty")).toContain("manifest.json");
  expect(here.list("empty").filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("the next step that it names is a command line of a shell", async () => {
  const { stdout } = await here.run(["new", "it's mine", "--id", "org.acme.mine"]);
  const next = stdout.trim().split("Next: ")[1] ?? "";
  expect(next).toBe(`mosis pack 'it'\\''s mine' -o 'it'\\''s mine.mosis'`);
  const words = Bun.spawnSync([
    "sh",
    "-c",
    `printf '%s\\n' ${next.slice("mosis ".length)}`,
  ]).stdout.toString();
  const argv = words.trim().split("\n");
  expect(argv).toEqual(["pack", "it's mine", "-o", "it's mine.mosis"]);
  expect((await here.run(argv)).exitCode).toBe(0);
});
