/** The link of an app's QR code: what is made is read, and nothing else. */
import { describe, expect, test } from "bun:test";
import type { AppId, Sha256 } from "../ids.ts";
import { formatAppLink, parseAppLink } from "./app-link.ts";

const ROOT = "3b".repeat(32) as Sha256;
const LINK = { storeUrl: "https://apps.example.com", rootSha256: ROOT, appId: "com.example.notes" as AppId };

test("what is made is read", () => {
  const text = formatAppLink(LINK);
  expect(text).toBe(`mosis://app?store=https%3A%2F%2Fapps.example.com&root=${ROOT}&id=com.example.notes`);
  expect(parseAppLink(` ${text}\n`)).toEqual(LINK);
  const other = `mosis://app?id=com.example.notes&root=${ROOT.toUpperCase()}&store=https%3A%2F%2Fapps.example.com%2F`;
  expect(parseAppLink(other)).toEqual(LINK);
});

describe("is none:", () => {
  const link = (store: string, root: string, id: string) =>
    `mosis://app?store=${store}&root=${root}&id=${id}`;
  const store = "https%3A%2F%2Fa.example";
  test.each([
    ["nothing", ""],
    ["an id", "com.example.notes"],
    ["an enrolment link", `mosis://enrol?store=${store}&root=${ROOT}&code=BGNTZ-49EKR-X27CV`],
    ["another scheme", link(store, ROOT, "com.example.notes").replace("mosis:", "https:")],
    ["no address", link("apps", ROOT, "com.example.notes")],
    ["a script", link("javascript%3Aalert(1)", ROOT, "com.example.notes")],
    ["a short digest", link(store, "3b2c", "com.example.notes")],
    ["no app id", link(store, ROOT, "No%20app")],
    ["twice the id", `${link(store, ROOT, "com.example.notes")}&id=com.example.other`],
    ["one member more", `${link(store, ROOT, "com.example.notes")}&version=1`],
    ["one less", `mosis://app?store=${store}&root=${ROOT}`],
    ["too long", link(`https%3A%2F%2F${"a".repeat(2000)}.example`, ROOT, "com.example.notes")],
  ])("%s", (_, text) => {
    expect(parseAppLink(text)).toBeNull();
  });
});
