/** The conformance kit as a store serves it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { makeTemplate, openWorld, type Template, type World } from "../testing/http/world.ts";

let template: Template;
let world: World;
beforeAll(async () => {
  template = await makeTemplate();
  world = await openWorld(template);
});
afterAll(async () => {
  await world.close();
  template.remove();
});

/** The files of a tar archive: name and bytes (POSIX ustar). */
function filesOf(tar: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const view = Buffer.from(tar);
  for (let at = 0; at < view.length && view[at] !== 0; ) {
    const text = (from: number, to: number) =>
      view.toString("latin1", at + from, at + to).replace(/\0.*$/s, "");
    const sizeBytes = Number.parseInt(text(124, 136), 8);
    const prefix = text(345, 500);
    const name = prefix === "" ? text(0, 100) : `${prefix}/${text(0, 100)}`;
    files.set(name, view.subarray(at + 512, at + 512 + sizeBytes));
    at += 512 + Math.ceil(sizeBytes / 512) * 512;
  }
  return files;
}

test("the kit is one archive that holds every file of its index, under a tag that changes with it", async () => {
  const answer = await fetch(`${world.url}/conformance.tar.gz`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/gzip"]);
  const tag = answer.headers.get("etag") ?? "";
  const again = await fetch(`${world.url}/conformance.tar.gz`, { headers: { "If-None-Match": tag } });
  expect(again.status).toBe(304);

  const files = filesOf(gunzipSync(await answer.bytes()));
  const index = files.get("mosis-conformance/cases.json") ?? new Uint8Array(0);
  expect(
    Buffer.from(index).equals(readFileSync(join(import.meta.dirname, "../../conformance/cases.json"))),
  ).toBe(true);
  const { packages, deltas }: Record<string, { file: string; sha256: string }[]> = JSON.parse(
    Buffer.from(index).toString("utf8"),
  );
  const rows = [...(packages ?? []), ...(deltas ?? [])];
  expect(rows.length).toBeGreaterThan(900);
  for (const { file, sha256 } of rows) {
    const bytes = files.get(`mosis-conformance/${file}`) ?? new Uint8Array(0);
    expect(new Bun.CryptoHasher("sha256").update(bytes).digest("hex")).toBe(sha256);
  }
  for (const name of ["README.md", "run.ts", "cases.schema.json", "keys/ca.pem"])
    expect(files.has(`mosis-conformance/${name}`)).toBe(true);
});
