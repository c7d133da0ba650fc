/**
 * What it costs to ask who calls and whether they may: the same route of one server with and without, and the asking by
 * itself with 10 and with 10,000 organisations in the store.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { verifyAccessToken } from "../../src/accounts/access-tokens/verify.ts";
import { findByToken } from "../../src/accounts/api-keys/find.ts";
import { allows } from "../../src/accounts/rights.ts";
import type { Guarded } from "../guarded-server.ts";
import { GUARDED_BY, type GuardedStore, openGuarded } from "../guarded-store.ts";
import type { Measure, Sides } from "../harness.ts";
import { microseconds } from "../wrk.ts";

const SECONDS = 1;
const FEW = 10;
const MANY = 10_000;
const SERVER = join(import.meta.dirname, "../guarded-server.ts");

type Running = Guarded & { readonly stop: () => Promise<void> };

async function serve(folder: string, organisations: number): Promise<Running> {
  const own = join(folder, String(organisations));
  mkdirSync(own, { recursive: true });
  const child = Bun.spawn([process.execPath, SERVER, own, String(organisations)], {
    stdout: "pipe",
    stderr: "inherit",
    env: { PATH: process.env.PATH ?? "", HOME: own },
  });
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let said = "";
  while (!said.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the server ended before it said where it is: ${said}`);
    said += decoder.decode(value, { stream: true });
  }
  return {
    ...(JSON.parse(said) as Guarded),
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

type Who = keyof Guarded["tokens"];

const bearer = (running: Running, who: Who) => [`Authorization: Bearer ${running.tokens[who]}`];

/** Guarded beside open, of one server. The issue asks for no less than 0.7 of the rate. */
function beside(name: string, about: string, organisations: number, who: Who): Measure {
  return {
    name,
    about: `time per API request with ${about}, beside the same route without; ${organisations} organisations`,
    unit: "µs",
    rounds: 15,
    ratioLimit: 1 / 0.7,
    async open({ folder }): Promise<Sides> {
      const running = await serve(folder, organisations);
      return {
        ours: () => microseconds(running.guarded, { headers: bearer(running, who), seconds: SECONDS }),
        peer: () => microseconds(running.open, { seconds: SECONDS }),
        close: running.stop,
      };
    },
  };
}

/** The same of a file that a restricted store has for its devices alone. */
const besideFile: Measure = {
  name: "auth-device",
  about: `time per request of a file with a device's access token in a restricted store, beside the same file of an open one; ${MANY} organisations`,
  unit: "µs",
  rounds: 15,
  ratioLimit: 1 / 0.7,
  async open({ folder }): Promise<Sides> {
    const running = await serve(folder, MANY);
    const headers = bearer(running, "device");
    return {
      ours: () => microseconds(running.restrictedFile, { headers, seconds: SECONDS }),
      peer: () => microseconds(running.file, { seconds: SECONDS }),
      close: running.stop,
    };
  },
};

/** What the guard asks of each request, of a store with many organisations beside one with few, and nothing else. */
function grown(name: string, about: string, who: Who, ratioLimit: number): Measure {
  return {
    name,
    about: `time to tell who ${about} is and whether they may, in a store of ${MANY} organisations, beside one of ${FEW}`,
    unit: "µs",
    rounds: 101,
    ratioLimit,
    async open({ folder }): Promise<Sides> {
      const [many, few] = [await guarded(folder, MANY), await guarded(folder, FEW)];
      return {
        ours: () => checkOf(many, who),
        peer: () => checkOf(few, who),
        async close() {
          await many.close();
          await few.close();
        },
      };
    },
  };
}

function guarded(folder: string, organisations: number): Promise<GuardedStore> {
  const own = join(folder, String(organisations));
  mkdirSync(own, { recursive: true });
  return openGuarded(own, organisations);
}

const CHECKS = 2000;

/** @throws Error when it may not */
async function checkOf({ store, tokens }: GuardedStore, who: Who): Promise<number> {
  const token = tokens[who];
  const startedAt = Bun.nanoseconds();
  for (let n = 0; n < CHECKS; n += 1) {
    const actor =
      who === "publisher" ? (await verifyAccessToken(store, token, "api")).actor : findByToken(store, token);
    if (!allows(actor, GUARDED_BY)) throw new Error("it may not");
  }
  return (Bun.nanoseconds() - startedAt) / 1000 / CHECKS;
}

export const access: readonly Measure[] = [
  beside("auth-organisation", "a narrowed key of an organisation", MANY, "organisation"),
  beside("auth-person", "a person's narrowed key", MANY, "person"),
  beside("auth-publisher", "the token of a build job that an app trusts (a JWT)", MANY, "publisher"),
  besideFile,
  grown("auth-10000", "an organisation with a narrowed key", "organisation", 1.1),
  // Their own roles are found in an index that is deeper by a level.
  grown("auth-10000-everywhere", "somebody in all of them with a narrowed key", "everywhere", 1.5),
  grown("auth-10000-publisher", "a build job with its token", "publisher", 1.1),
];
