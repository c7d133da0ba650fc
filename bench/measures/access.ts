/**
 * What it costs to ask who calls and whether they may: the same route of one server with and without, and the same with
 * 10 and with 10,000 organisations in the store.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Guarded } from "../guarded-server.ts";
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

/** The guarded route of a store with many beside that of one with few. */
function grown(name: string, about: string, who: Who): Measure {
  return {
    name,
    about: `time per API request with ${about} in a store of ${MANY} organisations, beside one of ${FEW}`,
    unit: "µs",
    rounds: 15,
    ratioLimit: 1.1,
    async open({ folder }): Promise<Sides> {
      const many = await serve(folder, MANY);
      const few = await serve(folder, FEW);
      const ask = (running: Running) =>
        microseconds(running.guarded, { headers: bearer(running, who), seconds: SECONDS });
      return {
        ours: () => ask(many),
        peer: () => ask(few),
        async close() {
          await many.stop();
          await few.stop();
        },
      };
    },
  };
}

export const access: readonly Measure[] = [
  beside("auth-organisation", "a narrowed key of an organisation", MANY, "organisation"),
  beside("auth-person", "a person's narrowed key", MANY, "person"),
  grown("auth-10000", "a narrowed key of an organisation", "organisation"),
  grown("auth-10000-everywhere", "the key of somebody who is in all of them", "everywhere"),
];
