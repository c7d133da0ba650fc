/** Fills a running store by the product's own commands and API: people, a key, three apps, an update, a device, and a store front. */
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isProblem } from "../../errors.ts";
import type { Runner } from "./runner.ts";
import { NEWEST, SAMPLES, type Sample, writeSample } from "./samples.ts";
import { furnish } from "./shop.ts";

export type DemoAccount = {
  readonly role: "administrator" | "reviewer" | "developer";
  readonly email: string;
  readonly password: string;
};

export type Demo = {
  readonly url: string;
  readonly rootSha256: string;
  readonly dataDir: string;
  readonly deviceHome: string;
  readonly accounts: readonly DemoAccount[];
  readonly apiKey: string;
  readonly key: { readonly file: string; readonly certFile: string };
  readonly apps: readonly { readonly id: string; readonly versionCode: number }[];
};

export type Seeding = {
  readonly run: Runner;
  readonly url: string;
  readonly rootSha256: string;
  readonly dataDir: string;
  /** For what is not the store's: the developer's files and the device. */
  readonly folder: string;
  readonly note: (line: string) => void;
};

const ORGANISATION = "Example Apps";
const PEOPLE = [
  { role: "administrator", email: "admin@example.com", name: "Alex Admin", storeRole: "administrator" },
  { role: "reviewer", email: "reviewer@example.com", name: "Robin Reviewer", storeRole: "reviewer" },
  { role: "developer", email: "developer@example.com", name: "Dana Developer", storeRole: "none" },
] as const;

export async function seedDemo(seeding: Seeding): Promise<Demo> {
  const { run, folder, dataDir, url, rootSha256, note } = seeding;
  const developerFolder = join(folder, "developer");
  const deviceHome = join(folder, "device");
  await mkdir(developerFolder, { recursive: true, mode: 0o700 });

  note("Creating people and an organisation …");
  const accounts = await addPeople(seeding, developerFolder);
  const organisation = await run<{ id: string }>([
    "admin",
    "organisation",
    "add",
    ORGANISATION,
    "--data",
    dataDir,
  ]);
  await run([
    "admin",
    "organisation",
    "member",
    organisation.id,
    "developer@example.com",
    "owner",
    "--data",
    dataDir,
  ]);
  const { token } = await run<{ token: string }>([
    "admin",
    "apikey",
    "add",
    "--organisation",
    organisation.id,
    "--name",
    "demo",
    "--data",
    dataDir,
  ]);

  const environment = { MOSIS_STORE: url, MOSIS_TOKEN: token };
  const key = join(developerFolder, "developer.pem");
  note("Certifying the developer's key …");
  await run(["keys", "new", "-o", key]);
  const enrolled = await run<{ certFile: string }>(["keys", "enroll", "--key", key], environment);

  await run(["device", "init", url, "--root-sha256", rootSha256, "--home", deviceHome]);
  for (const sample of SAMPLES) {
    note(`Publishing ${sample.id} (${sample.versionCode}) …`);
    const source = join(developerFolder, sample.name);
    const file = `${source}.mosis`;
    await writeSample(sample, source);
    await run(["pack", source, "-o", file]);
    await run(["sign", file, "--key", key, "--cert", enrolled.certFile]);
    await run(["submit", file, "--notes", sample.notes], environment);
    await run(["admin", "review", "approve", sample.id, String(sample.versionCode), "--data", dataDir]);
    await bringToDevice(seeding, sample, deviceHome);
  }
  note("Furnishing the store …");
  await furnish({
    ...{ run, url, dataDir, token },
    apps: NEWEST,
    emails: Object.fromEntries(accounts.map(({ role, email }) => [role, email])),
  });
  return {
    url,
    rootSha256,
    dataDir,
    deviceHome,
    accounts,
    apiKey: token,
    key: { file: key, certFile: enrolled.certFile },
    apps: await installedApps(run, deviceHome),
  };
}

const PUBLISH_TIMEOUT_MS = 60_000;
const PUBLISH_POLL_MS = 100;

/** Approval is answered at once; the catalogue that devices read has the version when the store's jobs are done. */
async function bringToDevice({ run }: Seeding, sample: Sample, deviceHome: string): Promise<void> {
  const deadline = Bun.nanoseconds() + PUBLISH_TIMEOUT_MS * 1e6;
  for (;;) {
    try {
      await run([
        "device",
        "install",
        sample.id,
        "--version-code",
        String(sample.versionCode),
        "--home",
        deviceHome,
      ]);
      return;
    } catch (error) {
      const isEarly = isProblem(error) && ["device.app_not_found", "device.no_release"].includes(error.code);
      if (!isEarly || Bun.nanoseconds() > deadline) throw error;
    }
    await Bun.sleep(PUBLISH_POLL_MS);
  }
}

export async function installedApps(run: Runner, deviceHome: string): Promise<Demo["apps"]> {
  const { apps } = await run<{ apps: Demo["apps"] }>(["device", "list", "--home", deviceHome]);
  return apps.map(({ id, versionCode }) => ({ id, versionCode }));
}

async function addPeople({ run, dataDir }: Seeding, folder: string): Promise<DemoAccount[]> {
  const accounts: DemoAccount[] = [];
  for (const person of PEOPLE) {
    const password = randomBytes(12).toString("base64url");
    const file = join(folder, `${person.role}.password`);
    await writeFile(file, password, { mode: 0o600 });
    await run([
      "admin",
      "user",
      "add",
      person.email,
      "--name",
      person.name,
      "--role",
      person.storeRole,
      "--password-file",
      file,
      "--data",
      dataDir,
    ]);
    accounts.push({ role: person.role, email: person.email, password });
  }
  return accounts;
}
