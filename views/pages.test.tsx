/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import en from "../assets/locales/en.json";
import { formatSize } from "../src/cli/style.ts";
import { ORGANISATION_ROLES, STORE_ROLES } from "../src/roles.ts";
import {
  formatBytes,
  formatDate,
  formatExact,
  formatNumber,
  formatRelative,
  formatTime,
  zoneName,
} from "./format.ts";
import type { MessageKey } from "./page.ts";
import { landingPage } from "./pages/landing.tsx";
import { ORGANISATION_ROLES as OFFERED_ORGANISATION_ROLES } from "./pages/members.tsx";
import { STORE_ROLES as OFFERED_STORE_ROLES } from "./pages/people.tsx";
import { setupPage } from "./pages/setup.tsx";
import { NO_ROWS } from "./testing/collections.ts";
import { DEVELOPER, NOW, testContext, translator } from "./testing/context.ts";
import { HOSTILE } from "./testing/data.ts";
import { HOSTILE_SAMPLES, SAMPLES, type Sample } from "./testing/samples.ts";

const root = `${import.meta.dirname}/..`;

async function render(
  { path, viewer, flash, render: page }: Sample,
  asked?: Set<MessageKey>,
): Promise<string> {
  return await page(testContext({ path, viewer, flash: flash ?? null, t: translator("en", asked) }));
}

/** Every start tag with its attributes, as HTML parses them. */
async function tags(html: string): Promise<{ name: string; attributes: [string, string][] }[]> {
  const found: { name: string; attributes: [string, string][] }[] = [];
  const rewriter = new HTMLRewriter().on("*", {
    element: (element) => {
      found.push({
        name: element.tagName,
        attributes: [...element.attributes].map(([key = "", value = ""]) => [key, value]),
      });
    },
  });
  await rewriter.transform(new Response(html)).text();
  return found;
}

const isNoReferrer = ([key, value]: readonly [string, string]) =>
  key === "rel" && value.split(" ").includes("noreferrer");

describe("every page", () => {
  for (const sample of [...SAMPLES, ...HOSTILE_SAMPLES]) {
    test(`${sample.name} holds under the content security policy`, async () => {
      const html = await render(sample);
      expect(html.startsWith("<!doctype html>")).toBe(true);
      for (const { name, attributes } of await tags(html)) {
        expect(name).not.toBe("style");
        const keys = attributes.map(([key]) => key);
        // What is wrong is told by the store, beside its field and in the reader's language.
        if (name === "form") expect(keys).toContain("novalidate");
        expect(keys).not.toContain("style");
        expect(keys.filter((key) => key.startsWith("on") || key.startsWith("hx-on"))).toEqual([]);
        for (const [key, value] of attributes) {
          if (key === "hx-trigger") expect(value).not.toContain("[");
          if (["src", "href", "action"].includes(key)) {
            // A page leads elsewhere only by a link that tells nothing of where it stands.
            const isOutward = key === "href" && name === "a" && attributes.some(isNoReferrer);
            expect(isOutward ? "" : value).not.toMatch(/^\s*(https?|\/\/)/i);
            expect(value).not.toMatch(/^\s*(javascript|data)/i);
          }
        }
        if (name === "script") expect(keys).toEqual(["src", "defer"]);
      }
    });

    test(`${sample.name} has one h1, one main, unique ids and ends for all its references`, async () => {
      const found = await tags(await render(sample));
      expect(found.filter(({ name }) => name === "h1")).toHaveLength(1);
      expect(found.filter(({ name }) => name === "main")).toHaveLength(1);
      const ids = found.flatMap(({ attributes }) =>
        attributes.filter(([key]) => key === "id").map(([, id]) => id),
      );
      expect(ids).toEqual([...new Set(ids)]);
      const references = found.flatMap(({ attributes }) =>
        attributes
          .filter(([key]) =>
            ["for", "aria-labelledby", "aria-describedby", "popovertarget", "data-copy"].includes(key),
          )
          .flatMap(([, value]) => value.split(" ")),
      );
      for (const reference of references) expect(ids).toContain(reference);
    });
  }
});

test("a form that offers roles offers each, in their order", () => {
  expect(OFFERED_STORE_ROLES).toEqual(STORE_ROLES);
  expect(OFFERED_ORGANISATION_ROLES).toEqual(ORGANISATION_ROLES);
});

describe("what is wrong with a form", () => {
  /** Names of the fields, in the order in which their links stand in the summary, and in which they stand themselves. */
  async function orders(html: string): Promise<{ linked: string[]; stand: string[] }> {
    const linked: string[] = [];
    const stand: string[] = [];
    await new HTMLRewriter()
      .on(".error-summary a", {
        element: (link) => void linked.push(link.getAttribute("href")?.slice(1) ?? ""),
      })
      .on("[id^='field-'][name]", { element: (field) => void stand.push(field.getAttribute("id") ?? "") })
      .transform(new Response(html))
      .text();
    return { linked, stand };
  }

  test("is said in the order of the form, whatever was found first", async () => {
    const message = "Mend this.";
    const errors = ["name", "password", "", "storeName", "email"].map((field) => ({ field, message }));
    const values = { storeName: "", name: "", email: "" };
    const html = await setupPage(testContext({ path: "/setup", viewer: null }), {
      token: "t",
      values,
      errors,
      passwordMinLength: 12,
    });
    const { linked, stand } = await orders(html);
    expect(linked).toEqual(["field-storeName", "field-name", "field-email", "field-password"]);
    expect(linked).toEqual(stand);
  });

  test.each(SAMPLES)("$name keeps to the order", async (sample) => {
    const { linked, stand } = await orders(await render(sample));
    expect(linked).toEqual(stand.filter((id) => linked.includes(id)));
  });
});

test.each([
  ["light", "Theme: light"],
  ["dark", "Theme: dark"],
  [null, "Theme: as the system"],
] as const)("the button for the theme says what it is about: %s", async (theme, words) => {
  for (const viewer of [DEVELOPER, null]) {
    const html = await landingPage(testContext({ path: "/", viewer, theme }), {
      ...NO_ROWS,
      ...{ tagline: null, aboutHtml: "", aboutLanguage: null, signUp: null, needsSetup: false },
      apps: [],
      mostInstalled: [],
      found: null,
    });
    const form = /<form novalidate method="post" action="\/theme"[\s\S]*?<\/form>/.exec(html)?.[0] ?? "";
    expect(form).toContain(`>${words}</span>`);
    expect(form).toContain(`title="${words}"`);
  }
});

describe("hostile data", () => {
  for (const sample of HOSTILE_SAMPLES) {
    test(`stays text on ${sample.name}`, async () => {
      const html = await render(sample);
      const found = await tags(html);
      const scripts = found.filter(({ name }) => name === "script");
      expect(scripts.every(({ attributes }) => attributes.some(([key]) => key === "src"))).toBe(true);
      expect(found.some(({ attributes }) => attributes.some(([, value]) => value === "x"))).toBe(false);
      // It is there, as text or a value: otherwise this test would pass for a page that shows nothing.
      expect(html).toMatch(/&lt;script&gt;|="&#34;'><script>/);
    });
  }

  test("a value that needs no escaping is what the check would find", async () => {
    const found = await tags(`<p>${HOSTILE}</p>`);
    expect(found.map(({ name }) => name)).toEqual(["p", "script", "img"]);
  });
});

describe("messages", () => {
  /** Keys and key patterns (`state.${…}`) that stand in the sources. */
  async function mentioned(): Promise<{ literal: Set<string>; patterns: RegExp[] }> {
    const literal = new Set<string>();
    const patterns: RegExp[] = [];
    for (const folder of ["views", "src/http"]) {
      for await (const file of new Glob(`${folder}/**/*.{ts,tsx}`).scan(root)) {
        if (/\.test\.|\/testing\//.test(file)) continue;
        const source = await Bun.file(`${root}/${file}`).text();
        for (const [, key] of source.matchAll(/"([a-z0-9_]+(?:\.[a-z0-9_]+)*)"/g)) literal.add(key ?? "");
        for (const [, pattern] of source.matchAll(/`([a-z_]+[._](?:[a-z_.]*\$\{[^}]+\}[a-z_.]*)+)`/g)) {
          const escaped = (pattern ?? "")
            .replaceAll(".", "\\.")
            .replace(/\$\{[^}]+\}/g, "[A-Za-z0-9_-]+(?:\\.[a-z0-9_-]+)*");
          patterns.push(new RegExp(`^${escaped}$`));
        }
      }
    }
    return { literal, patterns };
  }

  test("each one is used", async () => {
    const { literal, patterns } = await mentioned();
    const unused = Object.keys(en).filter(
      (key) => !literal.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });

  test("each one that is asked for exists, and the pages ask for nearly all", async () => {
    const asked = new Set<MessageKey>();
    for (const sample of SAMPLES) await render(sample, asked);
    const never = (Object.keys(en) as MessageKey[]).filter((key) => !asked.has(key));
    // A flash is shown by whichever page comes next, and an author's words are put in by the server.
    expect(never.filter((key) => !/^(?:flash|theme|author)\./.test(key))).toEqual([]);
  });

  test("are sorted, trimmed and in NFC", () => {
    const keys = Object.keys(en);
    expect(keys).toEqual([...keys].sort());
    for (const message of Object.values(en)) expect(message).toBe(message.trim().normalize("NFC"));
  });

  test("a key that is missing is an error, not a blank", () => {
    expect(() => translator("en")("nothing.here" as MessageKey)).toThrow("nothing.here");
  });
});

const reader = (locale: string, timeZone = "UTC") => ({ locale, timeZone });

describe("numbers and dates", () => {
  test.each([
    ["en", "Europe/Berlin", "2026-03-29T00:59:00Z", "29 Mar 2026, 01:59 CET"],
    ["en", "Europe/Berlin", "2026-03-29T01:00:00Z", "29 Mar 2026, 03:00 CEST"],
    ["de", "Europe/Berlin", "2026-10-25T00:30:00Z", "25. Okt. 2026, 02:30 MESZ"],
    ["de", "Europe/Berlin", "2026-10-25T01:30:00Z", "25. Okt. 2026, 02:30 MEZ"],
    ["en", "America/New_York", "2027-01-01T04:59:00Z", "31 Dec 2026, 23:59 GMT-5"],
  ])("in %s, a clock in %s shows of %s: %s", (locale, timeZone, at, words) => {
    expect(formatTime(reader(locale, timeZone), new Date(at))).toBe(words);
  });

  test("a zone is named in the reader's language, whichever season it is, or by itself", () => {
    const names = ["en", "de", "ar"].map((locale) => zoneName(reader(locale, "Europe/Berlin"), NOW));
    expect(names).toEqual(["Central European Time", "Mitteleuropäische Zeit", "توقيت وسط أوروبا"]);
    expect(zoneName(reader("en"), NOW)).toBe("UTC");
  });

  test("follow the locale", () => {
    expect(formatNumber("en", 1_234_567)).toBe("1,234,567");
    expect(formatNumber("de", 1_234_567)).toBe("1.234.567");
    expect(formatRelative(reader("de"), new Date(NOW.getTime() - 3 * 60_000), NOW)).toBe("vor 3 Minuten");
    expect(formatExact(reader("de"), NOW)).toContain("25. November 2026");
  });

  test.each([
    ["en", 13 * 86_400, "8 Dec 2026"],
    ["de", 13 * 86_400, "8. Dez. 2026"],
    ["ar", 13 * 86_400, "8 ديسمبر 2026"],
    ["en", -300 * 86_400, "29 Jan 2026"],
    ["en", 3 * 3600, /^25 Nov 2026, 12:30 UTC$/],
    ["de", 3 * 3600, /^25\. Nov\. 2026, [0-9:]+ UTC$/],
    ["en", 2 * 86_400, "27 Nov 2026"],
  ])("in %s, what holds until %d seconds from now says its date: %s", (locale, seconds, words) => {
    const at = new Date(NOW.getTime() + seconds * 1000);
    expect(formatDate(reader(locale), at, NOW)).toMatch(words);
  });

  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1023, "1,023 bytes"],
    [1024, "1 KiB"],
    [1.5 * 1024, "1.5 KiB"],
    [999_499, "976 KiB"],
    [2 ** 20 - 1, "1 MiB"],
    [12_543_000, "12 MiB"],
    [20.25 * 2 ** 20, "20.3 MiB"],
    [536_870_912, "512 MiB"],
    [3_210_000_000, "2.99 GiB"],
    [2 ** 41, "2 TiB"],
  ])("%d bytes are %s, on pages and in commands", (value, words) => {
    expect(formatBytes("en", value).replaceAll("\u00a0", " ")).toBe(words);
    expect(formatSize(value)).toBe(words);
  });

  test.each([
    [0, "now"],
    [-59, "59 seconds ago"],
    [-60, "1 minute ago"],
    [-3599, "59 minutes ago"],
    [-86_400, "yesterday"],
    [86_400, "tomorrow"],
    [-29 * 86_400, "29 days ago"],
    [-40 * 86_400, "16 Oct 2026"],
  ])("%d seconds from now is %s", (seconds, words) => {
    expect(formatRelative(reader("en"), new Date(NOW.getTime() + seconds * 1000), NOW)).toBe(words);
  });
});
