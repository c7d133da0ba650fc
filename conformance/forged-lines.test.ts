/**
 * What people read of a hostile file is as many lines as of its harmless twin, and they begin alike: no text that a file holds
 * begins a line of its own, wherever in the file it stands and whichever command shows it.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { utf8 } from "../src/format/testing.ts";
import type { JsonValue } from "../src/signing/json.ts";
import { canonicalize } from "../src/signing/json.ts";
import { type Scratch, scratch } from "../src/testing/scratch.ts";
import { makeCatalogue } from "./make/catalogue.ts";
import { DEVELOPER, nameOf } from "./make/certificates.ts";
import { MANIFEST, makePackage } from "./make/packages.ts";

let here: Scratch;
beforeAll(() => {
  here = scratch();
});
afterAll(() => here.remove());

/** What some terminal or program takes for the end of a line, and what repaints or turns around what stands there. */
const HOSTILE = ["\n", "\r\n", "\v", "\f", "\u0085", "\u001b[2J", "\u2028"];
const CONTROLS = ["\n", "\r", "\u0085"];
const TURNING = ["\r", "\u001b[32m", "\u2029", "\u202e", "\u2066", "\u009b2J", "\u200b", "\u061c", "\u00ad"];
/** A control character that no rule treats otherwise than those, and that begins no line anywhere. */
const HARMLESS = "\u0001";

const forged = (between: string) => `A${between}${between}Valid.${between}state${between}  Permissions`;
const UNSHOWN = /[^\P{Cc}\n]|[\u00ad\u061c\u200b\u202e\u2028\u2029\u2066]/u;

/** Everything in a manifest that is a text, names of keys too, with what would forge lines in each. */
type Places = ReadonlySet<string>;
const PLACES = [
  "id",
  "version",
  "versionCode",
  "defaultLocale",
  "name",
  "name's locale",
  "summary",
  "summary's locale",
  "author.name",
  "author.url",
  "author.email",
  "author's key",
  "entry",
  "ui",
  "icon",
  "permission",
  "reason",
  "reason's locale",
  "host",
  "locale",
  "runtime.api",
  "key",
] as const;

function manifestWith(text: string, at: Places): Readonly<Record<string, unknown>> {
  const or = (place: (typeof PLACES)[number], otherwise: unknown) => (at.has(place) ? text : otherwise);
  const key = (place: (typeof PLACES)[number], value: unknown) => (at.has(place) ? { [text]: value } : {});
  return {
    ...MANIFEST,
    id: or("id", MANIFEST.id),
    version: or("version", MANIFEST.version),
    versionCode: or("versionCode", MANIFEST.versionCode),
    defaultLocale: or("defaultLocale", "en"),
    name: { en: or("name", "Name"), ...key("name's locale", "Other") },
    summary: { en: or("summary", "Summary"), ...key("summary's locale", "Other") },
    author: {
      name: or("author.name", "Author"),
      url: or("author.url", "https://example.org/"),
      email: or("author.email", "a@example.org"),
      ...key("author's key", "x"),
    },
    entry: or("entry", MANIFEST.entry),
    ui: [or("ui", "ui/main.rml")],
    icons: [{ size: 64, src: or("icon", "icons/64.png") }],
    permissions: [
      { name: "camera", reason: { en: or("reason", "Why"), ...key("reason's locale", "Other") } },
      { name: or("permission", "clock") },
    ],
    network: { hosts: [or("host", "api.example.org")] },
    locales: [or("locale", "en")],
    runtime: { api: or("runtime.api", "1.0"), lua: "5.4" },
    ...key("key", 1),
  };
}

const TERMINAL = { isTerminal: true, errorIsTerminal: true, columns: 60, color: true, errorColor: true };

/** What somebody sees, as lines: its text with the looks taken away, which are ours. */
async function seen(words: readonly string[], io: Parameters<Scratch["run"]>[1] = {}) {
  const ran = await here.run(words, io);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looks are control sequences
  const text = `${ran.stdout}${ran.stderr}`.replace(/\u001b\[(?:1|2|22|3[123]|39)m/g, "");
  return { exitCode: ran.exitCode, text, lines: text.split("\n") };
}

/** The first word of each line that begins at its beginning, and how far in the others begin. */
const shape = (lines: readonly string[]) =>
  lines.map((line) =>
    /^\S/.test(line) ? (/^\w*/.exec(line)?.[0] ?? "") : (/^\s*/.exec(line)?.[0].length ?? 0),
  );

/** @param make Writes the file of a name, with this text in it. */
async function sameLines(
  make: (file: string, text: string) => void,
  words: (file: string) => readonly string[],
  between: string,
): Promise<void> {
  make("hostile", forged(between));
  make("twin", forged(HARMLESS));
  const [hostile, twin] = [await seen(words("hostile")), await seen(words("twin"))];
  expect(twin.text.length).toBeGreaterThan(0);
  expect(shape(hostile.lines)).toEqual(shape(twin.lines));
  expect(hostile.exitCode).toBe(twin.exitCode);
  await harmless(words("hostile"));
}

/** Where the rules let a character pass, or the terminal is narrow, there is no twin to compare with. */
async function harmless(words: readonly string[]): Promise<void> {
  for (const io of [{}, TERMINAL]) {
    const { text, lines } = await seen(words, io);
    expect(text).not.toMatch(UNSHOWN);
    // Labels stand on lines of their own where they leave no room for what they are about.
    const own = lines.filter((line) => line === "state").slice(0, 1);
    expect(lines.filter((line) => /^\s*(?:Valid\.<|state<|state$|Valid\.$)/.test(line)).sort()).toEqual(
      [...lines.filter((line) => line === "Valid."), ...own].sort(),
    );
  }
}

const write = (file: string, at: Places) => (name: string, text: string) => {
  here.write(`${name}-${file}`, makePackage({ manifest: manifestWith(text, at), developer: null }));
};

describe("the manifest, in mosis inspect and verify", () => {
  test.each(PLACES)("%s", async (place) => {
    await sameLines(write("one.mosis", new Set([place])), (name) => ["inspect", `${name}-one.mosis`], "\n");
  });

  test.each(CONTROLS)("all of these at once, with %j", async (between) => {
    const make = write("all.mosis", new Set(PLACES));
    await sameLines(make, (name) => ["inspect", `${name}-all.mosis`], between);
    await sameLines(make, (name) => ["verify", `${name}-all.mosis`, "--unsigned"], between);
  });

  test("all of these, alone and together", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...PLACES], { minLength: 1 }),
        fc.constantFrom(...HOSTILE, ...TURNING),
        async (places, between) => {
          write("any.mosis", new Set(places))("hostile", forged(between));
          await harmless(["inspect", "hostile-any.mosis"]);
          await harmless(["verify", "hostile-any.mosis"]);
          await harmless(["diff", "hostile-any.mosis", "hostile-any.mosis"]);
        },
      ),
      { numRuns: 6 },
    );
  });
});

test.each(CONTROLS)("a certificate's names, with %j", async (between) => {
  const make = (name: string, text: string) => {
    const parts = { subject: nameOf(text), issuer: nameOf(text) };
    const certificate = { ...DEVELOPER, parts };
    here.write(`${name}-cert.mosis`, makePackage({ developer: { certificate }, store: null }));
  };
  await sameLines(make, (name) => ["inspect", `${name}-cert.mosis`], between);
  await sameLines(make, (name) => ["verify", `${name}-cert.mosis`], between);
});

test.each(HOSTILE)("a delta's header, with %j", async (between) => {
  const make = (name: string, text: string) => {
    const value: JsonValue = { base: text, content: text, meta: [1, 1, 1], v: text, [text]: text };
    const header = canonicalize(value);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(header.length);
    here.write(`${name}.mosisd`, Buffer.concat([Buffer.from("MOSISD1\n"), length, header]));
  };
  await sameLines(make, (name) => ["apply-delta", "-", `${name}.mosisd`, "out"], between);
});

describe("metadata of a catalogue, in mosis verify-catalog", () => {
  const CHANGES: Readonly<Record<string, (signed: Record<string, unknown>, text: string) => void>> = {
    type: (signed, text) => Object.assign(signed, { _type: text }),
    expires: (signed, text) => Object.assign(signed, { expires: text }),
    "spec version": (signed, text) => Object.assign(signed, { spec_version: text }),
    "a key": (signed, text) => Object.assign(signed, { [text]: text }),
    "a file's name": (signed, text) => Object.assign(signed, { meta: { [text]: 1 } }),
  };
  test.each(Object.entries(CHANGES))("%s", async (_what, change) => {
    for (const between of ["\n", "\u2028"]) {
      const make = (name: string, text: string) => {
        const signed = (value: Record<string, unknown>) => {
          change(value, text);
          return value;
        };
        for (const [path, bytes] of makeCatalogue({ roles: { timestamp: { signed } } }))
          here.write(`${name}/${path}`, bytes);
      };
      const root = (name: string) => `${name}/metadata/1.root.json`;
      await sameLines(make, (name) => ["verify-catalog", name, "--root", root(name)], between);
    }
  });
});

test("the texts of two packages that are compared", async () => {
  const app = (text: string) => makePackage({ files: { "a.txt": utf8(text) }, developer: null, store: null });
  here.write("before.mosis", app("x\n"));
  here.write("after.mosis", app(`x\n${HOSTILE.concat(TURNING).map(forged).join("\n")}\n`));
  const { text, lines } = await seen(["diff", "before.mosis", "after.mosis", "--text"]);
  expect(text).not.toMatch(UNSHOWN);
  expect(lines.filter((line) => /^\S/.test(line)).every((line) => /^(?:Files)$/.test(line))).toBe(true);
});
