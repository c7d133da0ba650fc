import { describe, expect, test } from "bun:test";
import { crc32 } from "node:zlib";
import { eq } from "drizzle-orm";
import { OPERATOR } from "../accounts/actor.ts";
import { approveRecovery } from "../catalog/approve-recovery.ts";
import { beginChecks } from "../catalog/check-progress.ts";
import { requestRecovery } from "../catalog/recovery.ts";
import { enact } from "../catalog/revocation/act.ts";
import { parseChange } from "../catalog/revocation/change.ts";
import { distrust } from "../catalog/store-keys/distrust.ts";
import { replaceKeys } from "../catalog/store-keys/operations.ts";
import { listFindings, readVersionDetails } from "../catalog/versions.ts";
import { onAnnounced } from "../db/announcements.ts";
import { write } from "../db/database.ts";
import { developerKeys, versions } from "../db/schema.ts";
import { signDeveloper } from "../format/sign.ts";
import { bytesSource } from "../format/source.ts";
import { greyPng, sampleFiles, withEnvelope } from "../format/testing.ts";
import { packApp } from "../format/zip/writer.ts";
import type { AppId, KeyId } from "../ids.ts";
import { storeForAll } from "../testing/prepared.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { liveThrough } from "../testing/running.ts";
import { CHECKS } from "./checks.ts";
import { CHECK_CODES } from "./codes.ts";
import { approve } from "./decide.ts";

let own: Publisher;
let other: Publisher;

const here = storeForAll(async () => {
  own = await newPublisher(here.store, "Own");
  other = await newPublisher(here.store, "Other");
});

let serial = 0;
const nextId = () => `org.example.app${serial++}`;

/** Publishes one version of a new app and gives its id. */
async function published(manifest: Record<string, unknown>): Promise<string> {
  const id = nextId();
  const version = await submitBytes(
    here.store,
    own.actor,
    await signedApp(here.store, own.signer, { ...manifest, id }),
  );
  await here.scheduler.drain();
  approve(here.store, reviewer(), version.id, {});
  await here.scheduler.drain();
  return id;
}

async function outcome(
  bytes: Uint8Array,
): Promise<{ state: string; codes: string[]; checks: Record<string, string> }> {
  const version = await submitBytes(here.store, own.actor, bytes);
  await here.scheduler.drain();
  const details = readVersionDetails(here.store, own.actor, version.appId, version.id);
  return {
    state: details.version.state,
    codes: listFindings(here.store, own.actor, version.appId, version.id).map((finding) => finding.code),
    checks: Object.fromEntries(details.checks.map((check) => [check.name, check.state])),
  };
}

/** The bytes with one of them changed, found by the entry's content. */
function flipped(bytes: Uint8Array, find: string): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.indexOf(find);
  if (at < 0) throw new Error(`${find} is not in the package as it is`);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe("a package that is right", () => {
  test("passes every check and goes to review", async () => {
    const result = await outcome(await signedApp(here.store, own.signer, { id: nextId(), versionCode: 1 }));
    expect(result).toMatchObject({ state: "in_review", codes: [] });
    expect(Object.keys(result.checks).sort()).toEqual(CHECKS.map(({ name }) => name).sort());
    expect(new Set(Object.values(result.checks))).toEqual(new Set(["passed"]));
  });
});

const STORED = "NEEDLE-IN-A-STORED-ENTRY";
const withStored = (): ReadonlyMap<string, Uint8Array> => new Map([["data/raw.png", Buffer.from(STORED)]]);

describe("while they run", () => {
  test("each is seen to begin and end, and what it finds with it; in the end all of it is kept with its times", async () => {
    const { store } = here;
    const bytes = await signedApp(store, own.signer, { id: nextId() }, withStored());
    const { appId, id } = await submitBytes(store, own.actor, flipped(bytes, STORED));
    const look = () => readVersionDetails(store, own.actor, appId, id);
    const statesOf = () => look().checks.map(({ name, state }) => `${name} ${state}`);
    expect(new Set(look().checks.map(({ state }) => state))).toEqual(new Set(["waiting"]));
    expect(look().checks.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name));
    const seen: string[][] = [];
    const stop = onAnnounced(store.db, [`version:${id}`], () => void seen.push(statesOf()));
    await here.scheduler.drain();
    stop();
    const when = (what: string) => seen.findIndex((states) => states.includes(what));
    expect(when("container running")).toBe(0);
    expect(when("container failed")).toBeGreaterThan(0);
    expect(when("container failed")).toBeLessThan(when("digests not_checked"));
    const { version, checks, findings } = look();
    expect([version.state, findings.length, checks[0]?.findings]).toEqual(["failed", 1, 1]);
    for (const { startedAt, finishedAt } of checks)
      expect(finishedAt?.getTime()).toBeGreaterThanOrEqual(startedAt?.getTime() ?? Number.NaN);
  });

  test("what was cut off begins anew, and nothing of it is shown", async () => {
    const { store } = here;
    const bytes = await signedApp(store, own.signer, { id: nextId(), versionCode: 1 });
    const { appId, id } = await submitBytes(store, own.actor, bytes);
    const look = () => readVersionDetails(store, own.actor, appId, id).checks[0]?.state;
    const cutOff = beginChecks(store, id);
    cutOff.finished("container", "failed", []);
    expect(look()).toBe("failed");
    const again = beginChecks(store, id);
    expect(look()).toBe("waiting");
    // The first one ends late, and takes nothing with it.
    again.started("container");
    cutOff.end();
    expect(look()).toBe("running");
    again.end();
    expect(look()).toBe("waiting");
    await here.scheduler.drain();
    expect(look()).toBe("passed");
  });
});

/** The needle with one byte changed, and its CRC-32 made right again in both headers. */
function replacedContent(bytes: Uint8Array, content: string): Uint8Array {
  const changed = Buffer.from(flipped(bytes, content));
  const crcOf = (text: Uint8Array) => {
    const field = Buffer.alloc(4);
    field.writeUInt32LE(crc32(text));
    return field;
  };
  const start = Buffer.from(bytes).indexOf(content);
  const [before, after] = [
    crcOf(Buffer.from(content)),
    crcOf(changed.subarray(start, start + content.length)),
  ];
  for (let at = changed.indexOf(before); at >= 0; at = changed.indexOf(before, at + 4))
    after.copy(changed, at);
  return changed;
}

/** An unsigned package with a developer envelope that was made for another one. */
async function withForeignEnvelope(manifest: Record<string, unknown>): Promise<Uint8Array> {
  const signed = await packApp(sampleFiles({ id: nextId() }));
  const envelope = await signDeveloper(bytesSource(signed), own.signer, here.store.clock.now());
  return withEnvelope(await packApp(sampleFiles(manifest)), "META-MOSIS/developer.dsse", envelope);
}

type Fixture = { readonly code: string; readonly check: string; readonly make: () => Promise<Uint8Array> };

/** Of a package that passes. */
const WARNED = "CHK-C001";

const FIXTURES: readonly Fixture[] = [
  {
    code: "MPK-C030",
    check: "container",
    // Stored, since it is a picture: a changed byte shows in the CRC.
    make: async () =>
      flipped(await signedApp(here.store, own.signer, { id: nextId() }, withStored()), STORED),
  },
  {
    code: "MPK-D004",
    check: "digests",
    make: async () =>
      replacedContent(await signedApp(here.store, own.signer, { id: nextId() }, withStored()), STORED),
  },
  {
    code: "MPK-A003",
    check: "developer-signature",
    make: () => withForeignEnvelope({ id: nextId() }),
  },
  {
    code: "MPK-M016",
    check: "manifest",
    make: () => withForeignEnvelope({ id: nextId(), version: "one" }),
  },
  {
    code: "MPK-M021",
    check: "manifest",
    make: () => signedApp(here.store, own.signer, { id: nextId(), permissions: [{ name: "camera.photo" }] }),
  },
  {
    code: "MPK-M022",
    check: "manifest",
    make: () => signedApp(here.store, own.signer, { id: nextId(), permissions: [{ name: "camera" }] }),
  },
  {
    code: "MPK-M026",
    check: "manifest",
    make: () => signedApp(here.store, own.signer, { id: nextId(), runtime: { api: "2.0", lua: "5.4" } }),
  },
  {
    code: "MPK-P006",
    check: "pictures",
    make: () => signedApp(here.store, own.signer, { id: nextId() }, new Map([["icons/64.png", greyPng(63)]])),
  },
  { code: "MPK-C031", check: "container", make: () => packApp(sampleFiles({ id: nextId() })) },
  {
    code: "CHK-O001",
    check: "owner",
    make: () => signedApp(here.store, other.signer, { id: nextId() }),
  },
  {
    code: "CHK-O002",
    check: "owner",
    make: async () => {
      const signer = await newSigner(here.store, own.actor);
      const bytes = await signedApp(here.store, signer, { id: nextId() });
      // As after a restore of an older backup: the certificate is good, and the store does not know the key.
      here.store.db.raw.run("PRAGMA foreign_keys = OFF");
      write(
        here.store.db,
        (tx) =>
          void tx
            .delete(developerKeys)
            .where(eq(developerKeys.keyid, signer.keyid as never))
            .run(),
      );
      here.store.db.raw.run("PRAGMA foreign_keys = ON");
      return bytes;
    },
  },
  {
    code: "CHK-N001",
    check: "lineage",
    make: async () => {
      const id = await published({ versionCode: 1 });
      return signedApp(here.store, await newSigner(here.store, own.actor), { id, versionCode: 2 });
    },
  },
  {
    code: "CHK-N002",
    check: "lineage",
    make: async () => {
      const id = await published({ versionCode: 1 });
      const owner = await newOwner(here.store, own.organisationId, "owner@example.com");
      const { keyid } = await newSigner(here.store, own.actor);
      const request = { keyid: keyid as KeyId, appId: id as AppId, reason: "Lost." };
      const asked = requestRecovery(here.store, owner, request);
      liveThrough(here.store, 7);
      await here.scheduler.drain();
      await approveRecovery(here.store, OPERATOR, asked.id, {});
      return signedApp(here.store, own.signer, { id, versionCode: 2 });
    },
  },
  {
    code: "CHK-R001",
    check: "revocation",
    make: async () => {
      const signer = await newSigner(here.store, own.actor);
      const key = {
        act: "revoke",
        subject: "key",
        id: signer.keyid,
        action: "block",
        reason: "Lost.",
      } as const;
      await enact(here.store, OPERATOR, parseChange(key));
      return signedApp(here.store, signer, { id: nextId() });
    },
  },
  {
    code: "CHK-V001",
    check: "version-code",
    make: async () =>
      signedApp(here.store, own.signer, { id: await published({ versionCode: 5 }), versionCode: 4 }),
  },
  {
    code: "CHK-V002",
    check: "version-code",
    make: async () => {
      const id = await published({ versionCode: 1, dataVersion: 3 });
      return signedApp(here.store, own.signer, { id, versionCode: 2, dataVersion: 2 });
    },
  },
  {
    code: "CHK-R002",
    check: "developer-signature",
    // The authority in between alone: the first one's certificates sign on.
    make: async () => {
      const [between = ""] = (await replaceKeys(here.store, OPERATOR, ["ca-developer"])).added;
      const signer = await newSigner(here.store, own.actor);
      await replaceKeys(here.store, OPERATOR, [between]);
      await distrust(here.store, OPERATOR, between);
      return signedApp(here.store, signer, { id: nextId() });
    },
  },
  {
    code: "CHK-L001",
    check: "limits",
    make: async () => {
      const bytes = await signedApp(here.store, own.signer, { id: nextId() });
      return bytes;
    },
  },
];

describe("a package that is wrong", () => {
  for (const fixture of FIXTURES) {
    test(`is stopped by ${fixture.check} with ${fixture.code}`, async () => {
      const bytes = await fixture.make();
      const version = await submitBytes(here.store, own.actor, bytes);
      if (fixture.code === "CHK-L001") {
        // The row says half a gigabyte: writing that much for one comparison would not make the check any truer.
        write(
          here.store.db,
          (tx) =>
            void tx
              .update(versions)
              .set({ uploadSizeBytes: 512 * 2 ** 20 })
              .where(eq(versions.id, version.id))
              .run(),
        );
      }
      await here.scheduler.drain();
      const details = readVersionDetails(here.store, own.actor, version.appId, version.id);
      expect(details.findings.map((finding) => finding.code)).toContain(fixture.code);
      expect(details.findings.find((finding) => finding.code === fixture.code)?.check).toBe(fixture.check);
      expect(details.version.state).toBe("failed");
    });
  }

  test("is warned of with CHK-C001, and goes to review all the same", async () => {
    for (const [category, codes] of [
      ["spaceships", [WARNED]],
      ["tools", []],
    ] as const) {
      const result = await outcome(
        await signedApp(here.store, own.signer, { id: nextId(), versionCode: 1, category }),
      );
      expect(result).toMatchObject({ state: "in_review", codes, checks: { category: "passed" } });
    }
  });

  test("every code of the store's own checks has a fixture", () => {
    const shown = [...FIXTURES.map((fixture) => fixture.code), WARNED];
    expect(Object.keys(CHECK_CODES).filter((code) => !shown.includes(code))).toEqual([]);
  });
});
