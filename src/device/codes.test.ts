import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEVICE_CODES } from "../errors.codes.device.ts";
import { ENROLMENT_CODES } from "../errors.codes.enrolment.ts";
import { OPERATIONS } from "../http/operator/operations.ts";

/** Every text in these folders that has the form of a code of ours. */
function codesIn(folders: readonly string[]): Set<string> {
  const source = folders.flatMap((folder) =>
    readdirSync(join(import.meta.dir, "..", folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map((name) => readFileSync(join(import.meta.dir, "..", folder, name), "utf8")),
  );
  const literals = source.join("\n").matchAll(/"((?:device|catalogue|demo)\.[a-z0-9_]+)"/g);
  return new Set([...literals].map((match) => match[1] ?? "").filter((text) => text !== "demo.json"));
}

test("every code of the device and the demo is documented, and every documented one is thrown", () => {
  const thrown = codesIn(["device", "catalog", "cli"]);
  expect(thrown.size).toBeGreaterThan(30);
  // What the store says of an enrolment too is documented once, and held to the source with all other codes; and what the
  // administrator's commands do has names of the same form.
  const own = [...thrown].filter((code) => !Object.hasOwn(ENROLMENT_CODES, code) && !OPERATIONS.has(code));
  expect(own.sort()).toEqual(Object.keys(DEVICE_CODES).sort());
});
