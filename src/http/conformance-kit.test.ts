/** The conformance kit as a store serves it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Index } from "../../conformance/make/kit.ts";
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

/** What the system's tar makes of it: name below the folder of the kit → SHA-256. */
async function unpacked(archive: Uint8Array): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "mosis-kit-"));
  try {
    const tar = Bun.spawn(["tar", "-xzf", "-", "-C", folder], { stdin: archive, stderr: "pipe" });
    expect([await tar.exited, await new Response(tar.stderr).text()]).toEqual([0, ""]);
    const kit = join(folder, "mosis-conformance");
    return new Map(
      readdirSync(kit, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          return [relative(kit, path), sha256(readFileSync(path))];
        }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sha256 = (bytes: Uint8Array | string) => new Bun.CryptoHasher("sha256").update(bytes).digest("hex");

test("the kit is one archive that holds every file of its index, under a tag that changes with it", async () => {
  const answer = await fetch(`${world.url}/conformance.tar.gz`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/gzip"]);
  const tag = answer.headers.get("etag") ?? "";
  const again = await fetch(`${world.url}/conformance.tar.gz`, { headers: { "If-None-Match": tag } });
  expect(again.status).toBe(304);

  const files = await unpacked(await answer.bytes());
  const index = readFileSync(join(import.meta.dirname, "../../conformance/cases.json"));
  expect(files.get("cases.json")).toBe(sha256(index));
  const { shared, packages, deltas, catalogues }: Index = JSON.parse(index.toString("utf8"));
  const listed = new Map([
    ...Object.entries(shared),
    ...[...packages, ...deltas].map(({ file, sha256: digest }) => [file, digest] as const),
  ]);
  for (const [file, digest] of listed) expect([file, files.get(file)]).toEqual([file, digest]);
  // A copy of a catalogue is listed as a whole: its files with their names, which have to come out as they are.
  const folders = Map.groupBy(files, ([path]) => /^catalogues\/[^/]+/.exec(path)?.[0] ?? "");
  for (const { folder, sha256: digest } of catalogues) {
    const lines = (folders.get(folder) ?? []).map(
      ([path, found]) => `${found}  ${path.slice(folder.length + 1)}\n`,
    );
    expect([folder, sha256(lines.sort().join(""))]).toEqual([folder, digest]);
  }
  const others = ["README.md", "run.ts", "cases.schema.json", "cases.json", "enrolment.json"];
  expect(
    [...files.keys()].filter((path) => !listed.has(path) && !path.startsWith("catalogues/")).sort(),
  ).toEqual(others.sort());
}, 60_000);
