/**
 * A store that the built executable serves, and commands of that executable against it: what end-to-end tests and
 * measurements start from. It keeps its address when it is killed and started again, as a real one does.
 */
import { Database } from "bun:sqlite";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ended, runBinary, type Served, startBinary } from "./binary.ts";
import { freePort } from "./free-port.ts";

export type ServedStore = {
  readonly binary: string;
  /** Where commands run; the data folder is in it. */
  readonly folder: string;
  readonly dataDir: string;
  readonly url: string;
  readonly rootSha256: string;
  /** The server's process. @throws Error while it does not run */
  pid(): number;
  /** Starts it again, after `stop` or a kill; with another environment, for it and for commands from now on, when given. */
  start(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Sends the signal, SIGTERM unless said, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
  /** Runs a command with --json to its end. */
  mosis(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  /** As `mosis`, and gives its JSON. @throws Error with all that it wrote unless it ended with 0 */
  must<T = unknown>(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<T>;
};

export type Answer = Ended & {
  /** What it printed; undefined when that is no JSON. */
  readonly json: unknown;
};

export type Developer = {
  readonly organisationId: string;
  /** MOSIS_STORE and MOSIS_TOKEN. */
  readonly env: Readonly<Record<string, string>>;
  readonly token: string;
  readonly keyFile: string;
  readonly certFile: string;
  /** The store's root and Developer CA, for `verify --ca`. */
  readonly caFile: string;
};

export type ServeHow = {
  readonly binary: string;
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** For each command; see RunHow. */
  readonly timeoutMs?: number;
};

/** Starts a store on an empty folder below `folder`. */
export async function serveStore({
  binary,
  folder,
  env = {},
  args = [],
  timeoutMs,
}: ServeHow): Promise<ServedStore> {
  const dataDir = join(folder, "data");
  const port = freePort();
  const words = ["serve", "--data", dataDir, "--port", String(port), ...args];
  let current = env;
  let served: Served | null = await startBinary(binary, words, { cwd: folder, env });
  const { url, report } = served;

  const mosis: ServedStore["mosis"] = async (args, own = {}) => {
    const ended = await runBinary(binary, [...args, "--json"], {
      cwd: folder,
      env: { ...current, ...own },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    return { ...ended, json: parsed(ended.stdout) };
  };
  return {
    binary,
    folder,
    dataDir,
    url,
    rootSha256: String(report.rootSha256),
    pid() {
      if (served === null) throw new Error("the server does not run");
      return served.pid;
    },
    async start(env = current) {
      if (served !== null) throw new Error("the server runs already");
      current = env;
      served = await startBinary(binary, words, { cwd: folder, env });
    },
    async stop(signal = "SIGTERM") {
      if (served === null) throw new Error("the server does not run");
      const running = served;
      served = null;
      return running.stop(signal);
    },
    mosis,
    async must<T>(args: readonly string[], own: Readonly<Record<string, string>> = {}) {
      const { code, stdout, stderr, json } = await mosis(args, own);
      if (code !== 0 || json === undefined)
        throw new Error(`mosis ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
      return json as T;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An organisation with an API key, and a developer of it whose key the store has certified. */
export async function newDeveloper(store: ServedStore, name: string): Promise<Developer> {
  const at = ["--data", store.dataDir];
  const { id } = await store.must<{ id: string }>(["admin", "organisation", "add", name, ...at]);
  const { token } = await store.must<{ token: string }>([
    ...["admin", "apikey", "add", "--organisation", id, "--name", "test", ...at],
  ]);
  const env = { MOSIS_STORE: store.url, MOSIS_TOKEN: token };
  const keyFile = join(store.folder, `${name.replace(/\W/g, "-")}.pem`);
  await store.must(["keys", "new", "-o", keyFile]);
  const enrolled = await store.must<{ certFile: string; caFile: string }>(
    ["keys", "enroll", "--key", keyFile],
    env,
  );
  return {
    organisationId: id,
    env,
    token,
    keyFile,
    certFile: enrolled.certFile,
    caFile: enrolled.caFile,
  };
}

/** A person with a password. */
export async function newPerson(
  store: ServedStore,
  person: {
    readonly email: string;
    readonly name: string;
    readonly role: "administrator" | "reviewer" | "none";
  },
): Promise<{ readonly email: string; readonly password: string }> {
  const password = `${crypto.randomUUID()} long enough`;
  const folder = join(store.folder, "passwords");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, person.email);
  writeFileSync(file, password, { mode: 0o600 });
  const { email, name, role } = person;
  const words = ["admin", "user", "add", email, "--name", name, "--role", role, "--password-file", file];
  await store.must([...words, "--data", store.dataDir]);
  return { email, password };
}

/** Packs a folder and signs the package; gives its path. */
export async function packSigned(
  store: ServedStore,
  developer: Pick<Developer, "keyFile" | "certFile">,
  source: string,
  file: string,
): Promise<string> {
  await store.must(["pack", source, "-o", file]);
  await store.must(["sign", file, "--key", developer.keyFile, "--cert", developer.certFile]);
  return file;
}

/** Waits until devices can see what was published: the catalogue's files are written by a job of their own after it. */
export async function catalogueIsOut(store: ServedStore): Promise<void> {
  // Not read-only: such a connection cannot read what a killed server left in the log.
  const database = new Database(join(store.dataDir, "mosis.db"));
  try {
    database.run("PRAGMA busy_timeout = 5000");
    const waiting = database.query(
      "SELECT 1 FROM jobs WHERE kind = 'catalog.export' AND state IN ('queued', 'running')",
    );
    while (waiting.get() !== null) await Bun.sleep(20);
  } finally {
    database.close();
  }
}
