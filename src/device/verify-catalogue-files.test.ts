import { afterAll, beforeAll, expect, test } from "bun:test";
import { certificatesFromPem } from "../signing/certificates.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { asMalformed, readBounded } from "./verify-catalogue-files.ts";

let here: Scratch;
beforeAll(() => {
  here = scratch();
});
afterAll(() => here.remove());

test("what a parser refuses says in which file of the catalogue, and at which byte", () => {
  const parse = () => asMalformed("trust/ca.pem", () => certificatesFromPem("a line\n-----BEGIN X-----\n"));
  const place = { code: "MPK-X001", entry: "trust/ca.pem", offset: 7, found: "-----BEGIN X-----" };
  expect(parse).toThrow(
    expect.objectContaining({ code: "catalogue.malformed", details: [expect.objectContaining(place)] }),
  );
});

test("a file is read to its limit, and nothing else than a file", async () => {
  const path = here.write("ten", "0123456789");
  expect((await readBounded(path, 10))?.toString()).toBe("0123456789");
  expect(await readBounded(path, 9)).toBeNull();
  expect(await readBounded("/dev/zero", 100_000)).toBeNull();
  expect(await readBounded("/dev/null", 0)).toBeNull();
  expect(await readBounded(here.path("none"), 10)).toBeNull();
});
