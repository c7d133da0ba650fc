/** The states of versions and offers, put back beside the store to what they were, with the rows and seals of then. */
import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import type { AppId, TransferId, VersionCode, VersionId } from "../ids.ts";
import { approve, reject } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import { reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { acceptAs, newSide, offerTo, publishAs, type Side } from "../testing/sides.ts";
import { beside } from "../testing/tamper.ts";
import { countersignVersion } from "./countersign.ts";
import { reconcileStore } from "./reconcile.ts";
import { findApp, findVersion } from "./records.ts";
import { releaseVersion } from "./release.ts";
import { revoke } from "./revocation/act.ts";
import type { RevocationInput } from "./revocation/change.ts";
import { previewRevocation } from "./revocation/preview.ts";
import { declineOffer } from "./transfer/decide.ts";
import { withdrawOffer } from "./transfer/offer.ts";
import { indexPath } from "./tuf/app-index.ts";
import { parseAppIndex } from "./tuf/documents.ts";
import { findTargetBody } from "./tuf/records.ts";
import { publishVersion, withdrawVersion } from "./versions.ts";

setDefaultTimeout(240_000);

const APP = "org.example.states" as AppId;
const OTHER = "org.example.neighbour" as AppId;
let side: Side;
let made = 0;
const codes = new Map<AppId, number>();

const world = storeForAll(async () => {
  side = await newSide(world, "First");
  await publish(APP);
});
const { orm, tamper } = beside(world);

const rowOf = (id: VersionId) => findVersion(orm(), id);
const stateOf = (id: VersionId) => rowOf(id)?.state;

type Row = Record<string, string | number | Uint8Array | null>;
const copyOf = (table: string, column: string, id: string): Row => {
  const row = world.store.db.raw.query<Row, [string]>(`SELECT * FROM ${table} WHERE ${column} = ?`).get(id);
  if (row === null) throw new Error(`${table} has no ${id}`);
  return row;
};
const putBack = (table: string, row: Row) => {
  const names = Object.keys(row);
  world.store.db.raw.run("PRAGMA foreign_keys = OFF");
  world.store.db.raw
    .query(`INSERT OR REPLACE INTO ${table} (${names}) VALUES (${names.map(() => "?")})`)
    .run(...Object.values(row));
  world.store.db.raw.run("PRAGMA foreign_keys = ON");
};

async function submit(id: AppId, hold = false): Promise<VersionId> {
  const versionCode = (codes.get(id) ?? 0) + 1;
  codes.set(id, versionCode);
  const manifest = { id, versionCode, version: `${versionCode}.0.0` };
  const bytes = await signedApp(world.store, side.signer, manifest);
  const sent = await submitBytes(world.store, side.actor, bytes, { hold });
  await world.scheduler.drain();
  return sent.id;
}

const allow = (id: VersionId) => approve(world.store, reviewer(), id, {});

async function publish(id: AppId): Promise<VersionId> {
  const version = await submit(id);
  allow(version);
  await world.scheduler.drain();
  expect(stateOf(version)).toBe("published");
  return version;
}

/** As devices read it. */
const newest = (id: AppId) => {
  const body = findTargetBody(orm(), indexPath(id));
  return body === null
    ? 0
    : (parseAppIndex(new Uint8Array(body)).channels.get("stable")?.[0]?.versionCode ?? 0);
};

/** Whoever put the state there has the job run as well. */
async function refused(id: VersionId, work: () => unknown, end: string): Promise<void> {
  const before = newest(APP);
  await work();
  await world.scheduler.drain();
  expect([stateOf(id), newest(APP)]).toEqual([end as never, before]);
  await publish(OTHER);
  await publish(APP);
}

async function held(): Promise<VersionId> {
  const id = await submit(APP, true);
  allow(id);
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("held");
  return id;
}

const withdraw = (id: VersionId) => withdrawVersion(world.store, side.actor, APP, id);
const setState = (id: VersionId, state: string) =>
  tamper("UPDATE versions SET state = ? WHERE id = ?", state, id);

describe("a version that was taken back is not published", () => {
  test("as if it were being published", async () => {
    const id = await held();
    const [row, review] = [copyOf("versions", "id", id), copyOf("reviews", "version_id", id)];
    withdraw(id);
    await refused(
      id,
      () => {
        putBack("versions", { ...row, state: "publishing", hold: 0 });
        putBack("reviews", review);
        return releaseVersion(world.store, id);
      },
      "failed",
    );
  });

  test("as if it were being signed", async () => {
    const id = await submit(APP);
    allow(id);
    const [row, review] = [copyOf("versions", "id", id), copyOf("reviews", "version_id", id)];
    withdraw(id);
    await refused(
      id,
      () => {
        putBack("versions", row);
        putBack("reviews", review);
        return countersignVersion(world.store, id);
      },
      "failed",
    );
  });

  test("as if it were held, by its people without looking", async () => {
    const id = await held();
    withdraw(id);
    setState(id, "held");
    const publishing = () => publishVersion(world.store, side.actor, APP, id);
    await refused(id, async () => expect(await codeOf(publishing)).toBe("catalog.damaged"), "held");
  });

  test("as if it waited for its review, nor when a reviewer allows it", async () => {
    const id = await submit(APP);
    withdraw(id);
    setState(id, "in_review");
    await refused(id, async () => expect(await codeOf(() => allow(id))).toBe("catalog.damaged"), "in_review");
    // The way out that the message names.
    setState(id, "in_review");
    withdraw(id);
    expect(stateOf(id)).toBe("withdrawn");
  });

  test("nor one that was rejected", async () => {
    const id = await submit(APP);
    reject(world.store, reviewer(), id, { reason: "No." });
    setState(id, "in_review");
    await refused(id, async () => expect(await codeOf(() => allow(id))).toBe("catalog.damaged"), "in_review");
    setState(id, "rejected");
  });

  test("nor one that a revocation took back, once that is lifted", async () => {
    const id = await held();
    const row = copyOf("versions", "id", id);
    const digest = rowOf(id)?.contentDigest ?? "";
    const act = async (input: RevocationInput) => {
      const { scope } = previewRevocation(world.store, OPERATOR, input, { limit: 1 });
      await revoke(world.store, OPERATOR, input, scope);
      await world.scheduler.drain();
    };
    const about = { subject: "package", id: digest, reason: "A mistake." } as const;
    await act({ act: "revoke", action: "block", ...about });
    expect(stateOf(id)).toBe("withdrawn");
    await act({ act: "lift", ...about });
    await refused(
      id,
      () => {
        putBack("versions", { ...row, state: "publishing" });
        return releaseVersion(world.store, id);
      },
      "failed",
    );
  });
});

describe("a version that was approved on hold waits for its people", () => {
  test("whatever its state says", async () => {
    const id = await held();
    await refused(
      id,
      () => {
        tamper("UPDATE versions SET state = 'publishing', hold = 0 WHERE id = ?", id);
        return releaseVersion(world.store, id);
      },
      "failed",
    );
  });

  test("whatever its row says of the hold, and goes on when they publish it", async () => {
    const id = await submit(APP, true);
    allow(id);
    tamper("UPDATE versions SET hold = 0 WHERE id = ?", id);
    await world.scheduler.drain();
    expect(stateOf(id)).toBe("held");
    publishVersion(world.store, side.actor, APP, id);
    await world.scheduler.drain();
    expect([stateOf(id), newest(APP)]).toEqual(["published", codes.get(APP) as VersionCode]);
  });
});

test("rows that call a rejected version published are signed by nobody, and told", async () => {
  const id = await submit(APP);
  reject(world.store, reviewer(), id, { reason: "No." });
  const before = newest(APP);
  tamper(
    `UPDATE versions SET state = 'published', published_at = 1, approved_at = 1,
       (released_sha256, released_size_bytes, release_keyid, release_certificate) =
       (SELECT released_sha256, released_size_bytes, release_keyid, release_certificate FROM versions
          WHERE app_id = '${APP}' AND version_code = 1) WHERE id = ?`,
    id,
  );
  const subjects = async () => (await reconcileStore(world.store, OPERATOR)).map(({ subject }) => subject);
  expect(await subjects()).toContain(`the rows of ${APP}`);
  expect(newest(APP)).toBe(before);
  await publish(OTHER);
  tamper(
    "UPDATE versions SET state = 'rejected', published_at = NULL, released_sha256 = NULL WHERE id = ?",
    id,
  );
  expect(await subjects()).toEqual([]);
  await publish(APP);
});

describe("an offer that ended is not accepted, whatever is put back", () => {
  let second: Side;
  let id: AppId;
  beforeAll(async () => {
    second = await newSide(world, "Second");
  });
  const owned = () => findApp(orm(), id)?.organisationId;
  const of = (by: Side, transferId: TransferId) => ({ organisationId: by.organisationId, transferId });

  async function app(isPublished: boolean): Promise<void> {
    made += 1;
    id = `org.example.given${made}` as AppId;
    if (isPublished) await publishAs(world, id, 1, side);
    else await submit(id);
  }

  describe.each([true, false])("of an app that is published: %p", (isPublished) => {
    const WAYS: readonly (readonly [string, (offer: TransferId) => unknown])[] = [
      ["taken back", (offer) => withdrawOffer(world.store, side.owner, of(side, offer))],
      ["declined", (offer) => declineOffer(world.store, second.owner, of(second, offer))],
    ];
    test.each(WAYS)("%s", async (_, end) => {
      await app(isPublished);
      const offer = offerTo(world, id, side, second);
      const row = copyOf("app_transfers", "id", offer);
      await end(offer);
      putBack("app_transfers", row);
      expect(await codeOf(() => acceptAs(world, second, offer))).toBe("catalog.damaged");
      expect(owned()).toBe(side.organisationId);
      // Its owner takes it back once more, and makes another.
      withdrawOffer(world.store, side.owner, of(side, offer));
      await acceptAs(world, second, offerTo(world, id, side, second));
      expect(owned()).toBe(second.organisationId);
    });

    test("accepted, once the app is theirs again", async () => {
      await app(isPublished);
      const offer = offerTo(world, id, side, second);
      const row = copyOf("app_transfers", "id", offer);
      await acceptAs(world, second, offer);
      await acceptAs(world, side, offerTo(world, id, second, side));
      putBack("app_transfers", row);
      expect(await codeOf(() => acceptAs(world, second, offer))).toBe("catalog.damaged");
      expect(owned()).toBe(side.organisationId);
    });
  });
});
