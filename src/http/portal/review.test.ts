/** The page of a review: the package's own words and pictures, what it changes, and whose decision it is. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { VersionView } from "../../catalog/views.ts";
import { bytesSource } from "../../format/source.ts";
import { openContainer } from "../../format/zip/reader.ts";
import type { OrganisationId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import type { Signer } from "../../signing/signer.ts";
import { faultsOf, openTab, startBrowser, useSession } from "../../testing/browser.ts";
import {
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
  untilState,
} from "../../testing/portal.ts";
import { newSigner, signedApp, submitBytes } from "../../testing/publishing.ts";
import { picturesMade, rawAddresses } from "../../testing/shown-pictures.ts";

const ID = "com.example.words";
const LONG_HOST = `${"accounts.google.com-signin.".repeat(7)}evil.example`;
const SHOT = readFileSync(join(import.meta.dir, "../../../assets/samples/notes/screenshots/list.png"));

let portal: Portal;
let browser: Browser;
let organisation: OrganisationId;
let developer: Person;
let reviewer: Person;
let own: Person;
let stranger: Person;
let signer: Signer;
let first: VersionView;
let second: VersionView;

beforeAll(async () => {
  portal = await startPortal();
  browser = await startBrowser();
  const { store } = portal;
  organisation = newOrganisation(store);
  developer = await newPerson(store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  reviewer = await newPerson(store, "Jonas Bauer", { storeRole: "reviewer" });
  own = await newPerson(store, "Olga Own", {
    storeRole: "reviewer",
    organisations: [[organisation, "developer"]],
  });
  stranger = await newPerson(store, "Otto Other", {
    organisations: [[newOrganisation(store, "Other"), "owner"]],
  });
  signer = await newSigner(store, developer.actor);
  first = await send(1, {
    name: { en: "Quiet Notes" },
    summary: { en: "Keeps notes." },
    permissions: [{ name: "network.http" }],
    network: { hosts: ["api.example.org"] },
  });
  approve(store, reviewer.actor, first.id, {});
  await untilState(store, first.id, "published");
  second = await send(
    2,
    {
      name: { en: "Official Bank", de: "Amtliche Bank" },
      summary: { en: "Type your password here." },
      permissions: [{ name: "network.http" }, { name: "camera", reason: { en: "Takes the photos." } }],
      network: { hosts: [LONG_HOST] },
      screenshots: [{ src: "shots/one.png", alt: "A form that asks for a password", locale: "en" }],
    },
    new Map([["shots/one.png", new Uint8Array(SHOT)]]),
  );
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await portal?.close();
});

async function send(
  versionCode: number,
  manifest: Record<string, unknown>,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<VersionView> {
  const bytes = await signedApp(
    portal.store,
    signer,
    { id: ID, versionCode, version: `${versionCode}.0.0`, defaultLocale: "en", ...manifest },
    files,
  );
  const sent = await submitBytes(portal.store, developer.actor, bytes);
  await untilState(portal.store, sent.id, "in_review");
  return sent;
}

async function ask(who: Person | null, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = {
    Accept: "text/html",
    "Sec-Fetch-Site": "same-origin",
    ...(who && { Cookie: who.cookie }),
  };
  return fetch(`${portal.url}${path}`, { redirect: "manual", ...init, headers });
}

const bodyOf = async (who: Person, path: string) => (await ask(who, path)).text();

/** The page's table under this heading, as rows of texts. */
function rowsBelow(html: string, caption: string): string[][] {
  const from = html.indexOf("<table", html.indexOf(`>${caption}<`));
  const table = html.slice(from, html.indexOf("</table>", from));
  return [...table.matchAll(/<tr role="row">(.*?)<\/tr>/gs)].slice(1).map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) =>
      cell
        .replace(/<[^>]+>/g, " ")
        .replace(/\s+/g, " ")
        .trim(),
    ),
  );
}

test("shows what the package itself says, and what it changes", async () => {
  const html = await bodyOf(reviewer, `/review/${second.id}`);
  expect(html.includes(">Official Bank 2.0.0</h1>")).toBe(true);
  expect(rowsBelow(html, "Name, summary and screenshots")).toEqual([
    ["en", "Official Bank", "Type your password here."],
    ["de", "Amtliche Bank", "–"],
  ]);
  expect(rowsBelow(html, "Changes since 1.0.0 (1)").slice(0, -1)).toEqual([
    ["Name (de)", "–", "Amtliche Bank"],
    ["Name (en)", "Quiet Notes", "Official Bank"],
    ["Summary (en)", "Keeps notes.", "Type your password here."],
    [
      "Permissions added",
      "–",
      "camera Sensitive Use the camera – The app sees what the camera sees, takes pictures and reads codes.",
    ],
    ["Hosts added", "–", LONG_HOST],
    ["Hosts removed", "api.example.org", "–"],
    ["Screenshots added", "–", "shots/one.png (en): A form that asks for a password"],
  ]);
  // The files that are another, with the page that shows what changed in each.
  expect(html).toContain(`/apps/${second.appId}/compare?from=${first.id}&to=${second.id}`);
  const asked = new URLSearchParams({ from: first.id, to: second.id, path: "manifest.json" });
  const manifest = `/apps/${second.appId}/compare/file?${asked}`;
  expect(html).toContain(manifest);
  const lines = await bodyOf(reviewer, manifest);
  expect(lines).toContain("<mark><span>Type your password here</span></mark>");
  expect(rowsBelow(html, "Changes since 1.0.0 (1)").at(-1)?.[0]).toBe("Size");
  expect(html).toContain("1.0.0 (code 1)");
  expect(await bodyOf(reviewer, "/review")).toContain("Official Bank 2.0.0");
  // Everybody else still sees the published words.
  const landing = await (await ask(null, "/")).text();
  expect([landing.includes("Quiet Notes"), landing.includes("Official Bank")]).toEqual([true, false]);
  // A first version has nothing to be compared with.
  expect(await bodyOf(reviewer, `/review/${first.id}`)).not.toContain("Changes since");
});

test("a page of a comparison is one of these two versions, and repeats no words of its address", async () => {
  const cursor = (from: string, to: string) =>
    Buffer.from(`compare-${from}-${to}:0`, "utf8").toString("base64url");
  const ofPair = (pair: string) =>
    `/apps/${second.appId}/compare?from=${first.id}&to=${second.id}&cursor=${pair}`;
  expect((await ask(developer, ofPair(cursor(first.id, second.id)))).status).toBe(200);
  expect((await ask(developer, ofPair(cursor(second.id, first.id)))).status).toBe(400);
  for (const page of [`compare/file`, `versions/${second.id}/files/view`]) {
    const spoken = await ask(developer, `/apps/${second.appId}/${page}?path=Your%20account%20is%20closed`);
    expect([page, spoken.status]).toEqual([page, 400]);
    const text = await spoken.text();
    expect(text).not.toMatch(/<(?:title|h1)[^>]*>[^<]*account is closed/);
    expect((await ask(developer, `/apps/${second.appId}/${page}?path=there/is/none`)).status).toBe(404);
  }
});

test("its screenshots are there for who may read the version, and for nobody else before it is published", async () => {
  await picturesMade(portal.store);
  const html = await bodyOf(reviewer, `/review/${second.id}`);
  const [, src = "none"] =
    /<img src="(\/pictures\/[0-9a-f]{64}\/small\.webp)"[^>]* alt="A form that asks for a password"/.exec(
      html,
    ) ?? [];
  const { width, height } = await new Bun.Image(SHOT).metadata();
  for (const who of [reviewer, developer]) {
    const picture = await ask(who, src);
    expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
    const shown = await new Bun.Image(await picture.arrayBuffer()).metadata();
    expect(shown.width / shown.height).toBeCloseTo(width / height, 1);
  }
  for (const raw of rawAddresses(portal.store, second.id))
    expect((await ask(reviewer, raw)).status).toBe(404);
  for (const who of [null, stranger]) expect((await ask(who, src)).status).toBe(404);
  for (const path of [src.replace(".webp", ".png"), src.replace("small", "tiny"), `${src}.webp`]) {
    expect((await ask(reviewer, path)).status).toBe(404);
  }
});

test("the package is a download for who may read the version", async () => {
  const html = await bodyOf(reviewer, `/review/${second.id}`);
  const path = `/apps/${ID}/versions/${second.id}/package`;
  expect(html).toContain(`href="${path}"`);
  const answer = await ask(reviewer, path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${ID}-2.mosis"`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  expect((await openContainer(bytesSource(bytes))).byName.has("shots/one.png")).toBe(true);
  expect((await ask(stranger, path)).status).toBe(404);
  expect((await ask(null, path)).status).toBe(303);
});

test("whoever works for the organisation sees that another decides, and cannot decide", async () => {
  const html = await bodyOf(own, `/review/${second.id}`);
  expect(html).toContain("Not yours to decide");
  expect(html).not.toContain(`action="/review/${second.id}/approve"`);
  expect(await bodyOf(reviewer, `/review/${second.id}`)).toContain(`action="/review/${second.id}/approve"`);
  for (const verb of ["approve", "reject"]) {
    const body = new URLSearchParams({ revision: "3", reason: "Because." });
    const answer = await ask(own, `/review/${second.id}/${verb}`, { method: "POST", body });
    expect([verb, answer.status]).toEqual([verb, 403]);
    expect((await answer.text()).includes("let another reviewer decide")).toBe(true);
  }
});

test.each([320, 414, 800, 1280])(
  "at %d px no host is cut off, and the decision stands before the files",
  async (width) => {
    const { page, context } = await openTab(browser, { viewport: { width, height: 900 } });
    try {
      await useSession(context, portal.url, reviewer.cookie);
      for (const path of [`/review/${second.id}`, `/apps/${ID}/versions/${second.id}`]) {
        await page.goto(`${portal.url}${path}`);
        const hosts = await page.getByText(LONG_HOST, { exact: true }).all();
        expect(hosts.length).toBe(path.startsWith("/review") ? 2 : 1);
        for (const host of hosts) {
          const cut = await host.evaluate((element) => {
            const range = document.createRange();
            range.selectNodeContents(element);
            const text = range.getBoundingClientRect();
            for (let box: Element | null = element; box !== null; box = box.parentElement) {
              const { overflowX } = getComputedStyle(box);
              const edge = box.getBoundingClientRect();
              if (overflowX !== "visible" && (text.right > edge.right + 1 || text.left < edge.left - 1))
                return true;
            }
            return text.right > window.innerWidth || getComputedStyle(element).textOverflow === "ellipsis";
          });
          expect(cut).toBe(false);
        }
      }
      await page.goto(`${portal.url}/review/${second.id}`);
      expect(await faultsOf(page)).toEqual([]);
      const top = async (text: string | RegExp) =>
        (await page.getByRole("heading", { level: 2, name: text }).boundingBox())?.y ?? Number.NaN;
      expect(await top("Decision")).toBeLessThan(await top(/^Files \d/));
    } finally {
      await context.close();
    }
  },
);

test("permissions are shown in plain words, the dangerous one first, with the developer's reason", async () => {
  for (const path of [`/review/${second.id}`, `/apps/${ID}/versions/${second.id}`]) {
    const html = await bodyOf(path.startsWith("/review") ? reviewer : developer, path);
    const card = html.slice(html.indexOf(">Permissions<"));
    expect(card.indexOf("Use the camera")).toBeLessThan(card.indexOf("Use the network"));
    const camera = card.slice(card.indexOf("Use the camera"), card.indexOf("Use the network"));
    expect(camera).toContain("Sensitive");
    expect(camera).toContain("takes pictures and reads codes");
    expect(camera).toContain("Takes the photos.");
    expect(card.slice(card.indexOf("Use the network")).slice(0, 600)).not.toContain("Sensitive");
  }
});

test("a version whose manifest is not read yet says nothing of its permissions", async () => {
  const { raw } = portal.store.db;
  const path = `/apps/${ID}/versions/${second.id}`;
  expect(await bodyOf(developer, path)).toContain("camera");
  const { manifest } = raw
    .query<{ manifest: string }, [string]>("SELECT manifest FROM versions WHERE id = ?")
    .get(second.id) ?? { manifest: "" };
  raw.run("UPDATE versions SET state = 'checking', manifest = NULL WHERE id = ?", [second.id]);
  try {
    const html = await bodyOf(developer, path);
    expect(html).not.toContain("The app asks for none.");
    expect(html).not.toContain("Permissions");
  } finally {
    raw.run("UPDATE versions SET state = 'in_review', manifest = ? WHERE id = ?", [manifest, second.id]);
  }
});

test("afterwards the page says who decided, when and why", async () => {
  const mine = await send(1, { id: "com.example.decided", name: { en: "Decided" } });
  const revision = String(
    portal.store.db.raw
      .query<{ revision: number }, [string]>("SELECT revision FROM versions WHERE id = ?")
      .get(mine.id)?.revision,
  );
  const body = new URLSearchParams({ revision, reason: "It is no bank.\n<b>Really</b>." });
  const sent = await ask(reviewer, `/review/${mine.id}/reject`, { method: "POST", body });
  expect(sent.status).toBe(303);
  const html = await bodyOf(reviewer, `/review/${mine.id}`);
  expect(html).toContain("Rejected by Jonas Bauer");
  expect(html).toContain("It is no bank.\n&lt;b&gt;Really&lt;/b&gt;.");
  expect(html).not.toContain(`action="/review/${mine.id}/approve"`);
  expect(await bodyOf(reviewer, `/review/${first.id}`)).toContain("Approved by Jonas Bauer");
});

test("photographs of either format are kept under their own ending, and the browser shows them", async () => {
  const { page, context } = await openTab(browser);
  try {
    await page.goto(portal.url);
    const drawn = async (type: string) => {
      const url = await page.evaluate((wanted) => {
        const canvas = document.createElement("canvas");
        Object.assign(canvas, { width: 400, height: 640 });
        return canvas.toDataURL(wanted);
      }, type);
      return new Uint8Array(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
    };
    const third = await send(
      3,
      {
        id: "com.example.photographs",
        screenshots: [
          { src: "shots/a.jpeg", alt: "First" },
          { src: "shots/b.webp", alt: "Second", locale: "de" },
        ],
      },
      new Map([
        ["shots/a.jpeg", await drawn("image/jpeg")],
        ["shots/b.webp", await drawn("image/webp")],
      ]),
    );
    await picturesMade(portal.store);
    await useSession(context, portal.url, reviewer.cookie);
    await page.goto(`${portal.url}/review/${third.id}`);
    const pictures = page.locator(".screenshots img");
    for (const index of [0, 1]) {
      const picture = pictures.nth(index);
      await picture.scrollIntoViewIfNeeded();
      const src = (await picture.getAttribute("src")) ?? "none";
      expect((await ask(reviewer, src)).headers.get("content-type")).toBe("image/webp");
      await page.waitForFunction(
        (at) => document.querySelectorAll<HTMLImageElement>(".screenshots img")[at]?.naturalWidth === 300,
        index,
      );
      expect([await picture.getAttribute("width"), await picture.getAttribute("height")]).toEqual([
        "300",
        "480",
      ]);
    }
    expect(await page.getByText("Second (de)").isVisible()).toBe(true);
  } finally {
    await context.close();
  }
});
