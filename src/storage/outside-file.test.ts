import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, symlinkSync } from "node:fs";
import { OTHER_THINGS } from "../testing/other-things.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { isNamed, openPlainFile, readIfFile } from "./outside-file.ts";

let here: Scratch;
beforeAll(() => {
  here = scratch();
  here.write("ten", "0123456789");
  symlinkSync("ten", here.path("link"));
});
afterAll(() => here.remove());

test.each(OTHER_THINGS)("%s is no file, and is not waited for", async (what, put) => {
  const path = here.path("thing");
  put(path);
  const looked = await readIfFile(path, 100);
  expect(looked).toMatchObject({ bytes: null, isTooLarge: false });
  // A link is named for what it leads to.
  expect(what).toContain(looked.found?.replace(/^a /, "") ?? "-");
  expect(isNamed(path)).toBe(true);
});

test("a file is read to its limit, by a link too where that is allowed", async () => {
  for (const name of ["ten", "link"]) {
    const looked = await readIfFile(here.path(name), 10);
    expect(Buffer.from(looked.bytes ?? []).toString()).toBe("0123456789");
    expect(await readIfFile(here.path(name), 9)).toEqual({
      bytes: null,
      found: "more than 9 bytes",
      isTooLarge: true,
    });
  }
  expect(await readIfFile(here.path("link"), 10, { ownName: true })).toMatchObject({ found: "a link" });
});

test("what is not there is told from what may not be read", async () => {
  for (const name of ["none", "ten/none", "n".repeat(300), "none/\0"])
    expect(await readIfFile(here.path(name), 10)).toMatchObject({ bytes: null, found: "no such file" });
  expect(isNamed(here.path("none"))).toBe(false);
  await expect(openPlainFile(here.path("none"))).rejects.toMatchObject({ code: "ENOENT" });
  here.write("closed", "x");
  chmodSync(here.path("closed"), 0);
  if (process.getuid?.() !== 0)
    await expect(readIfFile(here.path("closed"), 10)).rejects.toMatchObject({ code: "EACCES" });
});
