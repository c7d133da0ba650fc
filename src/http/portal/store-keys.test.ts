/** The page of the store's keys on a real store: what it tells, to whom, and that its commands do what they say. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { revoke } from "../../catalog/revocation/act.ts";
import { makeCrls } from "../../catalog/revocation/crls.ts";
import { previewRevocation } from "../../catalog/revocation/preview.ts";
import { commandsOf } from "../../catalog/store-keys/commands.ts";
import { replaceKeys } from "../../catalog/store-keys/operations.ts";
import { readStoreKeys } from "../../catalog/store-keys/overview.ts";
import { listSigningKeys } from "../../keys/records.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";

let portal: Portal;
let administrator: Person;
beforeAll(async () => {
  portal = await startPortal();
  administrator = await newAdministrator(portal.store);
}, 60_000);
afterAll(() => portal.close());

async function get(path: string, who: Person, url = portal.url): Promise<{ status: number; body: string }> {
  const response = await fetch(url + path, { headers: { Cookie: who.cookie } });
  return { status: response.status, body: await response.text() };
}

const until = (kind: string, at: Date) =>
  portal.store.db.raw
    .query("UPDATE store_certificates SET not_after = ? WHERE kind = ?")
    .run(at.getTime(), kind);

test("tells of every key, role and certificate with its whole fingerprint, and how to move the root", async () => {
  const { body } = await get("/admin/keys", administrator);
  const found = readStoreKeys(portal.store, administrator.actor);
  expect([found.keys.length, found.roles.length, found.certificates.length]).toEqual([11, 7, 3]);
  for (const { name, keyid } of found.keys) {
    expect(body).toContain(`<strong>${name}</strong>`);
    expect(body).toContain(fingerprintText(keyid));
  }
  for (const { sha256 } of found.certificates) expect(body).toContain(fingerprintText(sha256));
  for (const { role } of found.roles) expect(body).toContain(`<strong>${role}</strong>`);
  const { dataDir } = portal.store.config;
  const lines = commandsOf({ do: "move_offline" }, dataDir).flatMap((part) => part.lines);
  expect(lines).toEqual([
    "mosis admin keys init --offline ./mosis-keys",
    `mosis admin keys export-request --offline-keys public-keys.json --out request.json --data ${dataDir}`,
    "mosis admin keys sign-request request.json --offline ./mosis-keys",
    "mosis admin keys sign-request request.json --offline ./mosis-keys --yes --out signed.json",
    `mosis admin keys import signed.json --data ${dataDir}`,
  ]);
  for (const line of lines) expect(body).toContain(line);
});

test("tells of each list of revoked certificates which one it is, and whether it is in time", async () => {
  await makeCrls(portal.store);
  const { body } = await get("/admin/keys", administrator);
  const [, table = ""] = body.split(">Lists of revoked certificates</caption>");
  const text = (table.split("</table>")[0] ?? "").replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
  const { lists } = readStoreKeys(portal.store, administrator.actor);
  expect(lists.map(({ keyName }) => keyName).sort()).toEqual(["ca-developer", "ca-root"]);
  expect(text).toMatch(
    new RegExp(
      lists
        .map(({ keyName, number }) => `${keyName} .*${number} .*In time .*\\d+ [A-Z][a-z]{2,3} \\d{4}`)
        .join(" .*"),
    ),
  );
});

test("is for administrators, and so are the warnings of the dashboard", async () => {
  const reviewer = await newPerson(portal.store, "Jonas Bauer", { storeRole: "reviewer" });
  expect((await get("/admin/keys", reviewer)).status).toBe(403);
  const soon = new Date(portal.store.clock.now().getTime() + 30 * 86_400_000);
  const signed = portal.store.db.raw
    .query<{ not_after: number }, []>("SELECT not_after FROM store_certificates WHERE kind = 'release'")
    .get();
  /** The check after a start brings rows back as they were signed, and may do so at any moment. */
  const shown = async (end: Date, path: string, words: string | RegExp) => {
    for (let tries = 0; ; tries += 1) {
      until("release", end);
      const { body } = await get(path, administrator);
      if (tries === 5 || body.match(words) !== null) return expect(body).toMatch(words);
      await Bun.sleep(100);
    }
  };
  try {
    until("release", soon);
    expect((await get("/dashboard", reviewer)).body).not.toContain("/admin/keys");
    await shown(soon, "/dashboard", "release ends soon");
    await shown(soon, "/admin/keys", "release ends soon, and the store has not renewed it");
    await shown(soon, "/admin/keys", /<span>Ends<\/span> <time[^>]*>in \d+ days/);
    await shown(soon, "/admin/keys", `mosis admin keys renew release --data ${portal.store.config.dataDir}`);
    await shown(new Date(0), "/dashboard", "release has ended");
    await shown(new Date(0), "/admin/keys", /<span>Ended<\/span> <time/);
  } finally {
    until("release", new Date(signed?.not_after ?? 0));
  }
  expect((await get("/dashboard", administrator)).body).not.toContain("keys: release");
});

test("tells no more of a key that was replaced", async () => {
  const other = await startPortal();
  try {
    const person = await newAdministrator(other.store);
    await replaceKeys(other.store, OPERATOR, ["tuf-timestamp"]);
    const { body } = await get("/admin/keys", person, other.url);
    expect(body).toContain("<strong>tuf-timestamp-2</strong>");
    expect(body).not.toContain("<strong>tuf-timestamp</strong>");
  } finally {
    await other.close();
  }
}, 60_000);

test("tells which certificate is of a revoked key, and calls the kinds by their names", async () => {
  const other = await startPortal();
  try {
    const person = await newAdministrator(other.store);
    const old = listSigningKeys(other.store.db.orm).find(({ name }) => name === "release");
    await replaceKeys(other.store, OPERATOR, ["release"]);
    const row =
      /<strong>(Root|Developer CA|Release)<\/strong><p class="meta">([\w-]+)<\/p>.*?<span class="badge[^"]*">.*?([\w ]+)<\/span>/gs;
    const states = async () =>
      [...(await get("/admin/keys", person, other.url)).body.matchAll(row)].map(([, ...words]) =>
        words.join(" "),
      );
    const rest = ["Root ca-root In time", "Developer CA ca-developer In time"];
    expect((await states()).sort()).toEqual(
      [...rest, "Release release Former", "Release release-2 In time"].sort(),
    );
    const act = {
      act: "revoke",
      subject: "key",
      id: old?.keyid ?? "",
      action: "block",
      reason: "It was copied.",
    } as const;
    const revokeIt = async (id: string) => {
      const one = { ...act, id };
      const { scope } = previewRevocation(other.store, person.actor, one, { limit: 1 });
      await revoke(other.store, person.actor, one, scope);
    };
    await revokeIt(act.id);
    expect((await states()).sort()).toEqual(
      [...rest, "Release release Revoked", "Release release-2 In time"].sort(),
    );

    // The one in use: the first thing to do, since nothing can be approved.
    const used = listSigningKeys(other.store.db.orm).find(({ name }) => name === "release-2");
    await revokeIt(used?.keyid ?? "");
    expect(readStoreKeys(other.store, person.actor).next[0]).toMatchObject({ do: "release_revoked" });
    expect((await get("/dashboard", person, other.url)).body).toContain(
      "release-2 is revoked, and nothing can be approved until it is replaced",
    );
    expect((await get("/admin/keys", person, other.url)).body).toContain(
      "mosis admin keys replace release-2",
    );
  } finally {
    await other.close();
  }
}, 60_000);

test("dashboards of who looks after it tell what of the catalogue is not as it was signed", async () => {
  const change = (body: Uint8Array) =>
    portal.store.db.raw.run("UPDATE tuf_targets SET body = ? WHERE path = 'trust/revocations.json'", [body]);
  const [row] = portal.store.db.raw
    .query<{ body: Uint8Array }, []>("SELECT body FROM tuf_targets WHERE path = 'trust/revocations.json'")
    .all();
  const developer = await newPerson(portal.store, "Dora Veloper");
  const words = "1 part of the signed catalogue is not there as it was signed";
  const told = async (who: Person) => (await get("/dashboard", who)).body.includes(words);
  expect([await told(administrator), await told(developer)]).toEqual([false, false]);
  change(Buffer.from("{}"));
  expect([await told(administrator), await told(developer)]).toEqual([true, false]);
  change(row?.body ?? Buffer.of());
  expect(await told(administrator)).toBe(false);
});

test("writes a folder with spaces and quotes as a shell reads it back", async () => {
  for (const folder of ["/srv/my store", "/srv/it's", "/srv/$HOME`x`"]) {
    const [step] = commandsOf({ do: "export", count: 1 }, folder);
    const line = step?.lines[0]?.replace(/.*--data /, "printf %s ") ?? "";
    expect(Bun.spawnSync(["/bin/sh", "-c", line]).stdout.toString()).toBe(folder);
  }
});
