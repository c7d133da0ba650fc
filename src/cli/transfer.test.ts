/** Apps that are given to another organisation, from both sides' commands, and with the key that signs the next version. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { readLineage } from "../catalog/lineage.ts";
import { findApp } from "../catalog/records.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { localSigner } from "../signing/signer.ts";
import {
  newAdministrator,
  newOrganisation,
  newPerson,
  type Person,
  type Portal,
  startPortal,
  untilState,
} from "../testing/portal.ts";
import { signedApp, submitBytes } from "../testing/publishing.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { chosenKeyFiles, openKey, readCertificate } from "./key-store.ts";
import type { Ran } from "./test-io.ts";

const APP = "com.example.given" as AppId;
type Side = { readonly organisation: OrganisationId; readonly person: Person; readonly token: string };

let portal: Portal;
let here: Scratch;
let giver: Side;
let taker: Side;
/** With no key at all. */
let other: Side;
let administrator: Person;

async function side(name: string): Promise<Side> {
  const { store } = portal;
  const organisation = newOrganisation(store, name);
  const person = await newPerson(store, `${name} Owner`, { organisations: [[organisation, "owner"]] });
  const { token } = createApiKey(store, OPERATOR, { owner: { accountId: person.accountId }, name: "cli" });
  return { organisation, person, token };
}

beforeAll(async () => {
  portal = await startPortal();
  here = scratch();
  giver = await side("Giver");
  taker = await side("Taker");
  other = await side("Other");
  administrator = await newAdministrator(portal.store);
  for (const [file, { token }] of [
    ["giver.pem", giver],
    ["taker.pem", taker],
  ] as const) {
    expect((await run(["keys", "new", "-o", file], token)).exitCode).toBe(0);
    expect((await run(["keys", "enroll", "--key", file], token)).exitCode).toBe(0);
  }
  await publish(1, "giver.pem", giver);
}, 60_000);
afterAll(async () => {
  here?.remove();
  await portal?.close();
});

const run = (argv: readonly string[], token: string) =>
  here.run([...argv], { environment: { MOSIS_STORE: portal.url, MOSIS_TOKEN: token } });
const said = async (argv: readonly string[], token: string) => {
  const answer = await run([...argv, "--json"], token);
  expect([answer.exitCode, answer.stderr]).toEqual([0, ""]);
  return answer.json as Readonly<Record<string, unknown>>;
};

function expectRefusal({ exitCode, json }: Ran, code: string): void {
  expect([exitCode, json]).toMatchObject([1, { error: { code } }]);
}

async function publish(versionCode: number, file: string, { person }: Side): Promise<void> {
  const files = chosenKeyFiles({}, here.path, file, undefined);
  const keys = await openKey(files, {
    io: { environment: {}, askSecret: null } as never,
    passphraseFile: undefined,
    note: () => {},
  });
  const signer = localSigner(keys.privateKey, await readCertificate(files, keys));
  const bytes = await signedApp(portal.store, signer, {
    id: APP,
    versionCode,
    version: `${versionCode}.0.0`,
  });
  const { id } = await submitBytes(portal.store, person.actor, bytes);
  await untilState(portal.store, id, "in_review");
  approve(portal.store, administrator.actor, id, {});
  await untilState(portal.store, id, "published");
}

const offerBack = async () =>
  (await said(["transfer", "offer", APP, other.organisation], taker.token)).id as string;
const offer = async (to = "Taker") =>
  (await said(["transfer", "offer", APP, to, "--reason", "It is yours."], giver.token)).id as string;

/** Each side sees the offer as its own, and says no to what is the other's. */
async function bothSides(): Promise<void> {
  const id = await offer();
  const [theirs, ours] = [
    await run(["transfer", "list"], taker.token),
    await run(["transfer", "list"], giver.token),
  ];
  expect(theirs.stdout).toContain("from Giver");
  expect(ours.stdout).toContain("to Taker");
  const shown = await run(["transfer", "show", id], taker.token);
  for (const part of [APP, "offered by", "Giver", "1.0.0", "It is yours.", "mosis keys rotate"])
    expect(shown.stdout).toContain(part);
  expectRefusal(await run(["transfer", "accept", id, "--json"], giver.token), "transfer.other_side");
  for (const strange of [`trf-${"0".repeat(32)}`, "trf-1", "../apps"])
    expectRefusal(await run(["transfer", "show", strange, "--json"], taker.token), "transfer.not_found");
  expect((await said(["transfer", "decline", id], taker.token)).state).toBe("declined");
  const after = await run(["transfer", "show", id], taker.token);
  expect(after.stdout).toContain("answered");
  expect(after.stdout).not.toMatch(/ends|mosis keys/);
  expectRefusal(await run(["transfer", "withdraw", id, "--json"], giver.token), "transfer.over");
  const again = await offer();
  expect((await said(["transfer", "withdraw", again], giver.token)).state).toBe("withdrawn");
}

/** The giver lets the taker's key in by its certificate, and the taker signs the next version. */
async function withItsKey(): Promise<void> {
  const rotate = ["keys", "rotate", "theirs.cert.pem", "--key", "giver.pem", "--app", APP];
  // As it comes by mail: the certificate alone.
  await Bun.write(here.path("theirs.cert.pem"), readFileSync(here.path("taker.cert.pem")));
  expectRefusal(await run([...rotate, "--json"], giver.token), "lineage.key_not_enrolled");
  const id = await offer(taker.organisation);
  await said(rotate, giver.token);
  expect(readLineage(portal.store, OPERATOR, APP).keys.map(({ how }) => how)).toEqual(["first", "addition"]);
  const shown = await run(["transfer", "show", id], taker.token);
  expect(shown.stdout).not.toContain("mosis keys rotate");
  const accepted = await run(["transfer", "accept", id], taker.token);
  expect(accepted.stdout).toContain(`${APP} is your organisation's now.`);
  expect(findApp(portal.store.db.orm, APP)?.organisationId).toBe(taker.organisation);
  await publish(2, "taker.pem", taker);
}

/** Who has taken an app over without a key in it is shown the way that is left. */
async function withoutKey(): Promise<void> {
  const id = await offerBack();
  const accepted = await run(["transfer", "accept", id], other.token);
  expect(accepted.stdout).toContain("mosis keys recover");
  expect(accepted.stdout).not.toContain("mosis keys rotate");
  expect((await run(["transfer", "show", id], other.token)).stdout).toContain("mosis keys recover");
}

test("an app changes hands: looked at by both, with the taker's key let in, and once more without", async () => {
  await bothSides();
  await withItsKey();
  await withoutKey();
}, 120_000);
