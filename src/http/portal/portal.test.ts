/** Each page's route as scenarios: a request, its status, what it answers, and what the database has afterwards. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SESSION_COOKIE } from "../../accounts/sessions.ts";
import { NOTES_MAX_CHARACTERS } from "../../catalog/notes.ts";
import type { VersionId } from "../../ids.ts";
import {
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
  untilState,
} from "../../testing/portal.ts";
import { newSigner, signedApp } from "../../testing/publishing.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import { picturesMade, rawAddresses, shownAddresses } from "../../testing/shown-pictures.ts";
import { createHandler } from "../app.ts";
import { site } from "../site.ts";
import { pageRoutes } from "./routes.ts";

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;

let portal: Portal;
let sample: SampleStore;
let stranger: Person;
beforeAll(async () => {
  portal = await startPortal();
  sample = await fillStore(portal);
  stranger = await newPerson(portal.store, "Otto Other", {
    organisations: [[newOrganisation(portal.store, "Other"), "owner"]],
  });
}, 60_000);
afterAll(() => portal.close());

type Who = keyof SampleStore["people"] | "stranger" | null;
type Sent = { status: number; body: string; headers: Headers };

const cookieOf = (who: Who) =>
  who === null ? "" : who === "stranger" ? stranger.cookie : sample.people[who].cookie;

async function ask(
  who: Who,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Sent> {
  const cookie = [headers.Cookie, cookieOf(who)].filter(Boolean).join("; ");
  const response = await fetch(portal.url + path, {
    method,
    redirect: "manual",
    headers: { ...headers, Cookie: cookie },
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

async function send(
  who: Who,
  path: string,
  form: Record<string, string> | FormData = {},
  headers: Record<string, string> = { "Sec-Fetch-Site": "same-origin" },
): Promise<Sent> {
  const response = await fetch(portal.url + path, {
    method: "POST",
    redirect: "manual",
    headers: { ...headers, Cookie: cookieOf(who) },
    body: form instanceof FormData ? form : new URLSearchParams(form),
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

/** Everything that an action of these pages could have changed. */
function snapshot(): string {
  const { raw } = portal.store.db;
  return JSON.stringify([
    raw.query("SELECT id, revision FROM apps ORDER BY id").all(),
    raw.query("SELECT id, state, revision FROM versions ORDER BY id").all(),
    raw.query("SELECT id FROM reviews ORDER BY id").all(),
    raw.query("SELECT id, state FROM jobs WHERE state = 'dead' ORDER BY id").all(),
  ]);
}

const revisionOf = (id: string): string => {
  const row = portal.store.db.raw
    .query<{ revision: number }, [string, string]>(
      "SELECT revision FROM versions WHERE id = ? UNION SELECT revision FROM apps WHERE id = ?",
    )
    .get(id, id);
  if (!row) throw new Error(`nothing has the id ${id}`);
  return String(row.revision);
};
/** Jobs that a request caused would change what the next test looks at. */
const idle = (): Promise<void> => portal.scheduler.drain();

const stateOf = (id: string): string | undefined =>
  portal.store.db.raw.query<{ state: string }, [string]>("SELECT state FROM versions WHERE id = ?").get(id)
    ?.state;

/** Elements that only the hostile text could have made, as HTML parses them: inside of a quoted value it is harmless. */
async function brokenOut(body: string): Promise<string[]> {
  const found: string[] = [];
  const look = (element: HTMLRewriterTypes.Element) => {
    if (!element.getAttribute("src")?.startsWith("/")) found.push(element.tagName);
  };
  await new HTMLRewriter()
    .on("script", { element: look })
    .on("img", { element: look })
    .transform(new Response(body))
    .text();
  return found;
}

test("an element that broke out would be found", async () => {
  expect(await brokenOut(`<p>${HOSTILE}</p><script src="/a.js"></script>`)).toEqual(["script", "img"]);
  expect(await brokenOut(`<input value="${HOSTILE.replaceAll('"', "&quot;")}">`)).toEqual([]);
});

/** Addresses by what they need, filled from the sample. */
function address(route: string, which: { app?: string; version?: string } = {}): string {
  return route
    .replace(":appId", which.app ?? sample.apps.published)
    .replace(":versionId", which.version ?? sample.versions.waiting)
    .replace(":jobId", sample.deadJob)
    .replace(":picture/:file", `${"0".repeat(64)}/192.png`);
}

describe("who may", () => {
  const guarded = pageRoutes.filter((route) => route.access !== "public");

  test("every route but these needs an account", () => {
    expect(pageRoutes.filter((route) => route.access === "public").map((route) => route.path)).toEqual([
      "/",
      "/catalog",
      "/catalog/categories/:categoryId",
      "/catalog/collections",
      "/catalog/collections/:collectionId",
      "/catalog/:appId",
      "/catalog/:appId/versions/:versionCode/package",
      "/catalog/publishers/:organisationId",
      "/catalog/:appId/ratings",
      "/setup",
      "/setup",
      "/sign-in",
      "/sign-in",
      "/sign-out",
      "/sign-in/second-step",
      "/sign-in/second-step",
      "/sign-in/passkey",
      "/sign-in/with/:providerId",
      "/sign-in/with/:providerId/back",
      "/sign-in/link",
      "/forgotten",
      "/forgotten",
      "/sign-up",
      "/sign-up",
      "/new-password",
      "/new-password",
      "/invitation",
      "/invitation",
      "/confirm-address",
      "/confirm-address",
      "/language",
      "/theme",
      "/keep-account",
      "/keep-account",
      "/pictures/:picture/:file",
      "/docs",
      "/docs/search",
      "/docs/*",
    ]);
  });

  test.each(guarded.filter((route) => route.method === "GET" && !route.stream).map((route) => [route.path]))(
    "GET %s leads a visitor to sign in, and back",
    async (path) => {
      const at = address(path);
      const { status, headers } = await ask(null, at);
      expect([status, headers.get("location")]).toEqual([303, `/sign-in?next=${encodeURIComponent(at)}`]);
    },
  );

  test.each(guarded.filter((route) => route.method === "POST").map((route) => [route.path]))(
    "POST %s is refused to a visitor and from another site, and changes nothing",
    async (path) => {
      const before = snapshot();
      expect((await send(null, address(path), { revision: "1" })).status).toBe(401);
      for (const who of ["developer", "reviewer", "administrator"] as const) {
        for (const headers of [
          { "Sec-Fetch-Site": "cross-site" },
          { "Sec-Fetch-Site": "same-site" },
          { "Sec-Fetch-Site": "none" },
          { Origin: "http://evil.example" },
          {},
        ] as Record<string, string>[]) {
          const { status, body } = await send(who, address(path), { revision: "1" }, headers);
          expect([status, body.includes("This was not sent by a page of this store")]).toEqual([403, true]);
        }
      }
      expect(snapshot()).toBe(before);
    },
  );

  const DENIED: readonly (readonly [Who, "GET" | "POST", string, number])[] = [
    ["developer", "GET", "/review", 403],
    ["developer", "GET", "/review/:versionId", 403],
    ["developer", "POST", "/review/:versionId/approve", 403],
    ["developer", "POST", "/review/:versionId/reject", 403],
    ["developer", "GET", "/admin/settings", 403],
    ["reviewer", "GET", "/admin/settings", 403],
    ["developer", "GET", "/admin/jobs", 403],
    ["reviewer", "GET", "/admin/jobs", 403],
    ["reviewer", "POST", "/admin/jobs/:jobId/replay", 403],
    ["developer", "GET", "/admin/log", 403],
    ["reviewer", "GET", "/admin/storage", 403],
    ["reviewer", "POST", "/admin/storage/count", 403],
    ["reviewer", "GET", "/admin/log", 403],
    ["reviewer", "GET", "/apps/new", 403],
    ["reviewer", "POST", "/apps/new", 403],
    ["reviewer", "GET", "/upload", 403],
    ["reviewer", "POST", "/apps/:appId/versions/:versionId/withdraw", 403],
    ["administrator", "POST", "/apps/:appId/delete", 403],
    ["newcomer", "GET", "/apps/new", 403],
    ["newcomer", "GET", "/organisations/new", 403],
    ["reviewer", "POST", "/organisations/new", 403],
    ["stranger", "POST", "/organisations/new", 403],
    ["newcomer", "GET", "/apps/:appId", 403],
    ["viewer", "GET", "/apps/:appId/delete", 403],
    ["viewer", "GET", "/apps/:appId/upload", 403],
    ["viewer", "POST", "/apps/:appId/versions/:versionId/withdraw", 403],
    // What another organisation has is not there at all.
    ["stranger", "GET", "/apps/:appId", 404],
    ["stranger", "GET", "/apps/:appId/delete", 404],
    ["stranger", "POST", "/apps/:appId/delete", 404],
    ["stranger", "GET", "/apps/:appId/upload", 404],
    ["stranger", "GET", "/apps/:appId/versions/:versionId", 404],
    ["stranger", "GET", "/apps/:appId/versions/:versionId/withdraw", 404],
    ["stranger", "POST", "/apps/:appId/versions/:versionId/submit", 404],
    ["stranger", "POST", "/apps/:appId/versions/:versionId/withdraw", 404],
    ["stranger", "POST", "/apps/:appId/versions/:versionId/publish", 404],
  ];
  test.each(DENIED)("%s %s %s: %d", async (who, method, path, status) => {
    const before = snapshot();
    const fields = {
      revision: revisionOf(sample.versions.waiting),
      reason: "no",
      id: "com.northwind.x",
      name: "X",
    };
    const answer = method === "GET" ? await ask(who, address(path)) : await send(who, address(path), fields);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(answer.headers.get("x-request-id") ?? "no id");
    expect(answer.body).not.toContain("Site Inspect");
    expect(snapshot()).toBe(before);
  });

  test("a version is found below its own app only", async () => {
    const { status } = await ask(
      "developer",
      `/apps/${sample.apps.empty}/versions/${sample.versions.waiting}`,
    );
    expect(status).toBe(404);
  });

  test("pictures: a published one is everybody's, others are for who may read the version", async () => {
    const { raw } = portal.store.db;
    await picturesMade(portal.store);
    const id = sample.versions.published as VersionId;
    const [address = ""] = shownAddresses(portal.store, id);
    expect((await ask(null, address)).headers.get("cache-control")).toBe("public, max-age=86400");
    for (const raw of rawAddresses(portal.store, id)) expect((await ask(null, raw)).status).toBe(404);
    // The sample's apps have the same pictures: none of them may be published.
    const published = raw
      .query<{ id: string }, []>("SELECT id FROM versions WHERE state = 'published'")
      .all();
    raw.run("UPDATE versions SET state = 'held' WHERE state = 'published'");
    try {
      expect((await ask(null, address)).status).toBe(404);
      expect((await ask("stranger", address)).status).toBe(404);
      for (const who of ["viewer", "reviewer"] as const) {
        const { status, headers } = await ask(who, address);
        expect([status, headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
        expect(headers.get("vary")).toContain("Cookie");
      }
    } finally {
      for (const { id } of published) raw.run("UPDATE versions SET state = 'published' WHERE id = ?", [id]);
    }
  });
});

describe("what was seen", () => {
  const CHANGING = [
    ["developer", "/apps/:appId/versions/:versionId/withdraw"],
    ["developer", "/apps/:appId/delete"],
    ["reviewer", "/review/:versionId/approve"],
    ["reviewer", "/review/:versionId/reject"],
  ] as const;
  test.each(CHANGING)(
    "%s %s: without a revision 428, with an old one 412, and nothing changes",
    async (who, path) => {
      const before = snapshot();
      expect((await send(who, address(path), { reason: "Typed with care" })).status).toBe(428);
      expect((await send(who, address(path), { revision: "x", reason: "Typed with care" })).status).toBe(428);
      const { status, body } = await send(who, address(path), { revision: "99", reason: "Typed with care" });
      expect(status).toBe(412);
      if (path.endsWith("reject")) {
        expect(body).toContain("Typed with care</textarea>");
        expect(body).toContain(`name="revision" value="${revisionOf(sample.versions.waiting)}"`);
      }
      expect(snapshot()).toBe(before);
    },
  );

  test("a rejection needs a reason, and says so beside its field", async () => {
    const { status, body } = await send("reviewer", address("/review/:versionId/reject"), {
      revision: revisionOf(sample.versions.waiting),
      reason: "  ",
    });
    expect(status).toBe(400);
    expect(body).toContain('id="field-reason-error"');
    expect(stateOf(sample.versions.waiting)).toBe("in_review");
  });

  test("submit: a draft joins the queue, once", async () => {
    const draft = sample.versions.draft;
    const path = `/apps/com.northwind.tape/versions/${draft}`;
    const question = await ask("developer", `${path}/submit`);
    expect([question.status, question.body.includes(`action="${path}/submit"`)]).toEqual([200, true]);
    const revision = revisionOf(draft);
    const done = await send("developer", `${path}/submit`, { revision });
    expect([done.status, done.headers.get("location")]).toEqual([303, path]);
    expect(done.headers.getSetCookie().join()).toStartWith("mosis_flash=version_submitted; ");
    expect(stateOf(draft)).toBe("in_review");
    expect((await send("developer", `${path}/submit`, { revision })).status).toBe(412);
    expect((await send("developer", `${path}/submit`, { revision: revisionOf(draft) })).status).toBe(409);
  });

  test("publish: what was held goes out, by its developer", async () => {
    const { held } = sample.versions;
    const path = `/apps/${sample.apps.held}/versions/${held}/publish`;
    expect((await send("developer", path, { revision: revisionOf(held) })).status).toBe(303);
    expect(stateOf(held) ?? "gone").toMatch(/^(publishing|published)$/);
    await idle();
    expect(stateOf(held)).toBe("published");
  });

  test("a dead job is replayed, once", async () => {
    const path = address("/admin/jobs/:jobId/replay");
    expect((await ask("administrator", "/admin/jobs")).body).toContain(`action="${path}"`);
    expect((await send("administrator", path)).status).toBe(303);
    const { raw } = portal.store.db;
    const job = raw
      .query<{ attempts: number }, [string]>("SELECT attempts FROM jobs WHERE id = ?")
      .get(sample.deadJob);
    // It had eight; what it does now is the scheduler's matter.
    expect(job?.attempts).toBeLessThan(8);
    await idle();
    const done = raw.query<{ id: string }, []>("SELECT id FROM jobs WHERE state = 'done' LIMIT 1").get();
    expect((await send("administrator", `/admin/jobs/${done?.id}/replay`)).status).toBe(409);
    expect((await send("administrator", path.replace(/[0-9a-f]{32}/, "0".repeat(32)))).status).toBe(404);
  });
});

describe("forms", () => {
  test.each([
    [{ organisation: "", id: "", "names/en": "" }, 400, "field-id-error"],
    [{ organisation: "", id: "com.northwind.ok", "names/en": "" }, 400, "field-names/en-error"],
    [{ organisation: "", id: "dev.mosis.x", "names/en": "X" }, 409, "field-id-error"],
    [{ organisation: "", id: "com.northwind.inspect", "names/en": "X" }, 409, "field-id-error"],
    [{ organisation: "", id: HOSTILE, "names/en": HOSTILE }, 400, "field-id-error"],
    [{ organisation: "org-not-mine", id: "com.northwind.ok", "names/en": "X" }, 404, ""],
  ] as const)("create an app with %p: %d", async (fields, status, error) => {
    const before = snapshot();
    const answer = await send("developer", "/apps/new", fields);
    expect(answer.status).toBe(status);
    if (error !== "") expect(answer.body).toContain(`id="${error}"`);
    expect(await brokenOut(answer.body)).toEqual([]);
    expect(snapshot()).toBe(before);
  });

  describe("of a new app, kept with each step", () => {
    const step = (name: string, fields: Record<string, string>, go = "next") =>
      send("developer", "/apps/new", { step: name, go, ...fields });
    const count = (table: string, id: string) =>
      portal.store.db.raw.query(`SELECT count(*) AS n FROM ${table} WHERE id = ?`).get(id);

    test("a language that stands there twice is said beside it, and the pages are there for mending it", async () => {
      const id = "com.northwind.twice";
      await step("id", { id });
      const twice = { "names/de": "Eins", "tag/new": "de", "names/new": "Zwei" };
      expect((await step("names", twice, "leave")).status).toBe(303);
      const answer = await ask("developer", "/apps/new");
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('value="Zwei"');
      const refused = await step("names", twice);
      expect([refused.status, refused.body.includes("field-tag/new-error")]).toEqual([422, true]);
      expect((await ask("developer", "/apps/new?step=access")).status).toBe(200);
      // Mended, there is room for another one.
      expect((await step("names", { ...twice, "tag/new": "fr" })).status).toBe(303);
      const mended = (await ask("developer", "/apps/new?step=names")).body;
      expect(mended).toMatch(/value="Zwei"[^>]* name="names\/fr"/);
      expect(mended).not.toMatch(/value="Zwei"[^>]* name="names\/new"/);
      await step("id", {}, "discard");
    });

    test("what its listing would refuse is said beside its field, and leaves no half of an app", async () => {
      const id = "com.northwind.halved";
      const before = snapshot();
      const unassigned = { "names/en": "Fine", "names/de": "Nicht \u{1FAE9}" };
      const refused = await send("developer", "/apps/new", { id, ...unassigned });
      expect([refused.status, refused.body.includes("field-names/de-error")]).toEqual([400, true]);
      const nowhere = await send("developer", "/apps/new", { id, "names/en": "Fine", category: "nowhere" });
      expect([nowhere.status, nowhere.body.includes("field-category-error")]).toEqual([404, true]);
      expect(snapshot()).toBe(before);
    });

    test("what is longer than is kept is said on the step, with all that was typed", async () => {
      await step("id", { id: "com.northwind.long" });
      const long = await step("names", { "names/en": `Begins ${"x".repeat(21_000)}` }, "leave");
      expect([long.status, long.body.includes('value="Begins xxx')]).toEqual([413, true]);
      expect(long.body).toContain("longer than is kept");
      expect((await ask("developer", "/apps/new?step=id")).body).toContain('value="com.northwind.long"');
      await step("id", {}, "discard");
    });

    test("sent twice it is made once, and both lead to it", async () => {
      const id = "com.northwind.double";
      await step("id", { id });
      await step("names", { "names/en": "Double", "names/de": "Doppelt" });
      const last = () => step("access", { visibility: "everyone", app: id });
      const both = await Promise.all([last(), last()]);
      expect(both.map(({ status, headers }) => [status, headers.get("location")])).toEqual([
        [303, `/apps/${id}`],
        [303, `/apps/${id}`],
      ]);
      expect(count("apps", id)).toEqual({ n: 1 });
      expect((await ask("developer", "/apps/new")).body).not.toContain(id);
    });
  });

  test("texts that try to break out stay texts wherever they are shown", async () => {
    const { store } = portal;
    const { actor } = sample.people.developer;
    const signer = await newSigner(store, actor);
    const id = "com.northwind.hostile";
    const name = HOSTILE.slice(0, 50);
    expect((await send("developer", "/apps/new", { id, "names/en": name })).status).toBe(303);
    const form = new FormData();
    form.append("notes", `</textarea>${HOSTILE}`);
    const bytes = await signedApp(store, signer, {
      id,
      name: { en: name },
      version: "1.0.0",
      versionCode: 1,
    });
    form.append("file", new Blob([bytes as Uint8Array<ArrayBuffer>]), `${HOSTILE}.mosis`);
    const sent = await send("developer", `/apps/${id}/upload`, form);
    expect(sent.status).toBe(303);
    const version = sent.headers.get("location") ?? "";
    await untilState(portal.store, version.split("/").at(-1) as VersionId, "in_review");
    for (const [who, path] of [
      ["developer", "/dashboard"],
      ["developer", `/apps/${id}`],
      ["developer", `/apps/${id}/delete`],
      ["developer", version],
      ["developer", `${version}/withdraw`],
      ["reviewer", `/review/${version.split("/").at(-1)}`],
    ] as const) {
      const { status, body } = await ask(who, path);
      expect([path, status]).toEqual([path, 200]);
      expect(body).toContain("&lt;script");
      expect(await brokenOut(body)).toEqual([]);
    }
    // The same bytes again lead to the version that is there.
    const again = await send("developer", `/apps/${id}/upload`, form);
    expect([again.status, again.headers.get("location")]).toEqual([303, version]);
    expect(again.headers.getSetCookie().join()).toContain("upload_repeated");
  });

  test.each([
    ["nothing chosen", "", "", 422, "Choose a package first."],
    ["no package", "x.mosis", "no zip", 422, "field-file-error"],
  ])("upload, %s: the notes are kept", async (_, fileName, bytes, status, said) => {
    const form = new FormData();
    form.append("organisation", "");
    form.append("notes", "Typed with care\r\nin two lines");
    form.append("hold", "true");
    form.append("file", new Blob([bytes]), fileName);
    const answer = await send("developer", "/upload", form);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(said);
    expect(answer.body).toContain(">Typed with care\nin two lines</textarea>");
    expect(answer.body).toMatch(/type="checkbox"[^>]* checked/);
  });

  test("an app that one's own organisation has is not said to be somebody else's", async () => {
    const fields = { organisation: "", id: "com.northwind.inspect", "names/en": "X" };
    const { status, body } = await send("developer", "/apps/new", fields);
    expect(status).toBe(409);
    expect(body).toContain("There is an app com.northwind.inspect already");
    expect(body).not.toContain("somebody else");
  });

  test("upload: a control character in the notes is said beside them", async () => {
    const form = new FormData();
    form.append("notes", "a\u202eb");
    form.append("file", new Blob(["no zip"]), "x.mosis");
    const { status, body } = await send("developer", "/upload", form);
    expect(status).toBe(400);
    expect(body).toContain('id="field-notes-error"');
    expect(body).toContain("found U+202E");
  });

  test("upload: notes have as many characters in every script, and one more is said beside them", async () => {
    const full = "\u{1F4E6}".repeat(NOTES_MAX_CHARACTERS);
    const upload = (notes: string) => {
      const form = new FormData();
      form.append("notes", notes);
      form.append("file", new Blob(["no zip"]), "x.mosis");
      return send("developer", "/upload", form);
    };
    // What is wrong then is the file alone.
    const whole = await upload(full);
    expect([whole.status, whole.body.includes("field-notes-error")]).toEqual([422, false]);
    expect(whole.body).toContain(`>${full}</textarea>`);
    expect(whole.body).toContain(`maxlength="${2 * NOTES_MAX_CHARACTERS}"`);
    const over = await upload(`${full}x`);
    expect([over.status, over.body.includes("field-notes-error")]).toEqual([400, true]);
    expect(over.body).toContain(`>${full}x</textarea>`);
  });

  test("a file before the other fields is not what the page sends", async () => {
    const form = new FormData();
    form.append("file", new Blob(["x"]), "x.mosis");
    form.append("notes", "late");
    expect((await send("developer", "/upload", form)).status).toBe(400);
  });
});

describe("sign-in", () => {
  const session = (sent: Sent) =>
    sent.headers.getSetCookie().filter((line) => line.startsWith(`${SESSION_COOKIE}=`));

  test("a right password starts a session that is new, and leads back to a page of ours only", async () => {
    for (const [next, location] of [
      ["", "/dashboard"],
      ["/review?cursor=x", "/review?cursor=x"],
      ["//evil.example/", "/dashboard"],
      ["/\\evil.example", "/dashboard"],
      ["https://evil.example/", "/dashboard"],
      ["/\t/evil.example", "/dashboard"],
      ["/x/..//evil.example", "/dashboard"],
      ["/sign-out", "/dashboard"],
    ] as const) {
      const sent = await send(null, "/sign-in", {
        email: " ADA@example.org ",
        password: "copper otter meadow lantern",
        next,
      });
      expect([next, sent.status, sent.headers.get("location")]).toEqual([next, 303, location]);
      expect(session(sent)[0]).toMatch(/; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$/);
    }
  });

  test("a wrong one says the same for an account and for none, keeps the address, and is slowed down", async () => {
    const sorts = await Promise.all(
      ["mara.lindqvist@example.org", "nobody@example.org"].map(async (email) => {
        const sent: Sent[] = [];
        for (let time = 0; time < 6; time += 1)
          sent.push(await send(null, "/sign-in", { email, password: "wrong" }));
        return sent.map(({ status, body, headers }) => ({
          status,
          retry: headers.get("retry-after"),
          kept: body.includes(`value="${email}"`),
          // How many seconds are left is read from the clock, at two times.
          body: body.replaceAll(email, "EMAIL").replace(/\b[1-5]\b(?= second)/g, "N"),
        }));
      }),
    );
    const told = sorts.map((sent) => sent.map(({ retry, ...rest }) => ({ ...rest, waits: retry !== null })));
    expect(told[0]).toEqual(told[1]);
    expect(sorts[0]?.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 429]);
    expect(sorts[0]?.at(-1)?.retry).toMatch(/^[1-5]$/);
    expect(sorts[0]?.every(({ kept }) => kept)).toBe(true);
  });

  test("signing out ends the session, and not only its cookie", async () => {
    const person = await newPerson(portal.store, "Greta Gone", { storeRole: "reviewer" });
    const headers = { Cookie: person.cookie, "Sec-Fetch-Site": "same-origin" };
    const get = () => fetch(`${portal.url}/dashboard`, { headers, redirect: "manual" });
    expect((await get()).status).toBe(200);
    const out = await fetch(`${portal.url}/sign-out`, { method: "POST", headers, redirect: "manual" });
    expect([out.status, out.headers.get("location")]).toEqual([303, "/"]);
    expect((await get()).status).toBe(303);
  });

  test("over plain HTTP from another machine it is refused, with both remedies", async () => {
    const handler = createHandler(portal.store, site, { tls: false });
    for (const [method, path] of [
      ["GET", "/sign-in"],
      ["POST", "/sign-in"],
      ["GET", "/setup"],
      ["POST", "/setup"],
    ] as const) {
      const request = new Request(`http://apps.example:8470${path}`, {
        method,
        headers: { Host: "apps.example:8470", "Sec-Fetch-Site": "same-origin" },
      });
      const response = await handler(request, "192.0.2.7");
      const body = await response.text();
      expect([path, response.status]).toEqual([path, 403]);
      expect(body).toContain("--tls-cert cert.pem --tls-key key.pem");
      expect(body).toContain("--public-url https://apps.example");
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    const landing = await handler(new Request("http://apps.example:8470/"), "192.0.2.7");
    expect(landing.status).toBe(200);
  });
});

describe("small things", () => {
  test("the theme is kept in a cookie, and the page comes back with its query", async () => {
    const response = await fetch(`${portal.url}/theme`, {
      method: "POST",
      redirect: "manual",
      headers: { "Sec-Fetch-Site": "same-origin" },
      body: new URLSearchParams({ theme: "dark", returnTo: "/admin/jobs?show=active" }),
    });
    expect(response.headers.get("location")).toBe("/admin/jobs?show=active");
    expect(response.headers.get("set-cookie") ?? "").toStartWith("mosis_theme=dark; ");
    const page = await ask("administrator", "/admin/jobs", { Cookie: "mosis_theme=dark" });
    expect(page.body).toContain('data-theme="dark"');
    const other = await send(null, "/theme", { theme: HOSTILE, returnTo: "//evil.example" });
    expect([other.headers.get("location"), other.headers.get("set-cookie")?.split(";")[0]]).toEqual([
      "/",
      "mosis_theme=",
    ]);
  });

  test("a notice is shown once, and only words of ours", async () => {
    const shown = await ask(null, "/", { Cookie: "mosis_flash=signed_out" });
    expect(shown.body).toContain("You are signed out.");
    expect(shown.headers.getSetCookie().join()).toContain("mosis_flash=; Path=/; Max-Age=0");
    const hostile = await ask(null, "/", { Cookie: "mosis_flash=constructor" });
    expect(hostile.body).not.toContain("data-toast");
  });

  test("a part that refreshes itself is told to load its page anew when it cannot be had", async () => {
    const part = { "HX-Request": "true", "HX-Request-Type": "full" };
    expect((await ask("developer", "/apps/com.northwind.none", part)).headers.get("hx-refresh")).toBe("true");
    expect((await ask(null, "/dashboard", part)).headers.get("hx-redirect")).toBe(
      "/sign-in?next=%2Fdashboard",
    );
    expect((await ask(null, "/dashboard", { ...part, "HX-Boosted": "true" })).status).toBe(303);
  });

  test.each([
    ["GET", "/nothing", 404],
    ["PUT", "/dashboard", 405],
    ["GET", "/apps/NOT-AN-ID", 404],
    ["GET", "/dashboard?cursor=wrong", 400],
    ["GET", "/admin/jobs?show=wrong", 400],
  ])("%s %s is a page of its own: %d", async (method, path, status) => {
    const {
      status: found,
      body,
      headers,
    } = await ask("administrator", path, { "Sec-Fetch-Site": "same-origin" }, method);
    expect([found, headers.get("content-type")]).toEqual([status, "text/html; charset=utf-8"]);
    expect(body).toContain(headers.get("x-request-id") ?? "no id");
    expect(body).toContain("Northwind Apps");
  });
});
