/** A store with so many organisations, and keys to ask it with. */
import { join } from "node:path";
import { issueAccessToken } from "../src/accounts/access-tokens/issue.ts";
import { ANONYMOUS, OPERATOR } from "../src/accounts/actor.ts";
import { createApiKey } from "../src/accounts/api-keys/make.ts";
import { addMember, createOrganisation } from "../src/accounts/organisations.ts";
import { createAccount } from "../src/accounts/people.ts";
import { exchangeIdentity } from "../src/accounts/trusted-publishing/exchange.ts";
import { openStore } from "../src/boot/open-store.ts";
import { createApp } from "../src/catalog/apps.ts";
import { addPublisher } from "../src/catalog/publishers.ts";
import { systemClock } from "../src/clock.ts";
import { loadConfig } from "../src/config.ts";
import type { Store } from "../src/context.ts";
import type { AppId, OrganisationId } from "../src/ids.ts";
import { createLog } from "../src/log.ts";
import { type CiServer, startCiServer } from "../src/testing/ci-server.ts";
import { newDevice } from "../src/testing/devices.ts";

/** What every one of the tokens below may, but for the device's. */
export const GUARDED_BY = "version.read";

export type Tokens = {
  /** Of an organisation, narrowed to an action. */
  readonly organisation: string;
  /** Of somebody in ten organisations. */
  readonly person: string;
  /** Of somebody in all of them. */
  readonly everywhere: string;
  /** What a build job that an app trusts got for its identity. */
  readonly publisher: string;
  /** An access token of a device, for files. */
  readonly device: string;
};

export type GuardedStore = {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly close: () => Promise<void>;
};

const OWN = 10;

/** So many more, each with a member and a key, like those that were made the usual way: each of those waits for the disk. */
function fill(store: Store, count: number, person: string): void {
  const { raw } = store.db;
  const organisation = raw.prepare("INSERT INTO organisations (id, name, created_at) VALUES (?, ?, 1)");
  const member = raw.prepare(
    "INSERT INTO memberships (organisation_id, account_id, role, created_at) VALUES (?, ?, 'developer', 1)",
  );
  const key = raw.prepare(
    `INSERT INTO api_keys (id, name, secret_hash, organisation_id, created_by, created_at, expires_at)
       VALUES (?, 'k', ?, ?, 'operator', 1, 2)`,
  );
  raw.transaction(() => {
    for (let n = 0; n < count; n += 1) {
      const digits = n.toString(16).padStart(32, "0");
      organisation.run(`org-${digits}`, `Organisation ${n}`);
      member.run(`org-${digits}`, person);
      key.run(`key-${digits}`, "0".repeat(64), `org-${digits}`);
    }
  })();
}

const APP = "com.example.bench";
/** As the store calls itself while nothing else is said. */
const ADDRESS = "http://127.0.0.1:8470";

/** What a build job gets for its identity, which a CI server signs as it does for every job. */
async function exchanged(store: Store, ci: CiServer, organisationId: OrganisationId): Promise<string> {
  createApp(store, OPERATOR, { id: APP as AppId, name: "Bench", organisationId });
  addPublisher(store, OPERATOR, APP as AppId, { issuer: "ci", claims: { repository: "example/notes" } });
  const identityToken = await ci.sign();
  return (await exchangeIdentity(store, ANONYMOUS, { appId: APP as AppId, identityToken })).token;
}

export async function openGuarded(folder: string, organisations: number): Promise<GuardedStore> {
  const most = "1000000";
  const ci = await startCiServer(() => systemClock.now(), ADDRESS);
  const config = loadConfig(
    {
      dataDir: join(folder, "data"),
      trustedIssuers: JSON.stringify({ ci: { kind: "github", issuer: ci.issuer } }),
      // They are counted, and none is refused.
      ...{ addressRequests: most, accountRequests: most, keyRequests: most },
    },
    {},
  );
  const log = createLog(systemClock, "error", (line) => void process.stderr.write(line));
  const { store, close } = await openStore({
    config,
    clock: systemClock,
    log,
    mayCreate: true,
    runJobs: false,
  });
  const person = async (name: string) =>
    (await createAccount(store, OPERATOR, { email: `${name}@example.com`, name })).id;
  const [few, all] = [await person("few"), await person("all")];
  const own: OrganisationId[] = [];
  for (let n = 0; n < OWN; n += 1) own.push(createOrganisation(store, OPERATOR, { name: `Own ${n}` }).id);
  for (const id of own) for (const account of [few, all]) addMember(store, OPERATOR, id, account, "owner");
  fill(store, organisations - OWN, all);
  const [organisationId] = own;
  if (organisationId === undefined) throw new Error("there is no organisation");
  const make = (owner: Parameters<typeof createApiKey>[2]["owner"]) =>
    createApiKey(store, OPERATOR, { owner, name: "bench", actions: [GUARDED_BY] }).token;
  const publisher = await exchanged(store, ci, organisationId);
  await ci.stop();
  const { id: subject } = newDevice(store, { name: "Bench" });
  const device = await issueAccessToken(store, { kind: "device", subject, audience: "files" });
  return {
    store,
    tokens: {
      organisation: make({ organisationId }),
      person: make({ accountId: few }),
      everywhere: make({ accountId: all }),
      publisher,
      device: device.token,
    },
    close: () => close(1000),
  };
}
