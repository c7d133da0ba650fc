/**
 * The process in which one parser is fed: `child.ts PARSER SEED FROM SECONDS FILE [keep]`. FILE always holds the input at hand, so
 * that whoever started this process can tell what it died or hangs of. `child.ts PARSER alone FILE` judges what FILE holds and
 * nothing else. Says what happens in lines of JSON.
 */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { corpusNames, writeCorpus } from "./corpus.ts";
import { fuzz, type Run } from "./loop.ts";
import { smallestOf } from "./minimise.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets.ts";
import { TESTING_TARGETS } from "./testing-targets.ts";

export type Line =
  /** What was done until then; without it only that the process is at work. */
  | { readonly says: "progress"; readonly run?: Told }
  | {
      readonly says: "fault";
      readonly kind: string;
      readonly place: number;
      readonly words: string;
      readonly base64: string;
    }
  | { readonly says: "done"; readonly kept: number; readonly run: Told }
  /** One input, judged in a process that did nothing before. */
  | { readonly says: "alone"; readonly tookMs: number };

export type Told = Omit<Run, "smallest">;

const [name = "", seed = "1", from = "0", seconds = "10", file = "", keep = ""] = process.argv.slice(2);
const found = [...TARGETS, ...TESTING_TARGETS].find((one) => one.name === name);
if (found === undefined) throw new Error(`there is no parser ${name}`);
const target: Target = found;

const STDOUT = 1;
/** Written at once: a loop that never waits for anything gives a stream no time to write. */
const say = (line: Line) => {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(STDOUT, bytes, at);
};
const told = ({ smallest: _, ...rest }: Run): Told => rest;

/** At most so often: the other side reads whatever is written. */
const WORK_MS = 1000;
let worked = 0;
const atWork = () => {
  if (performance.now() - worked < WORK_MS) return;
  worked = performance.now();
  say({ says: "progress" });
};

const isAlone = seed === "alone";
// Before the parser is opened: what is there of an earlier process says nothing of this one.
const current = openSync(isAlone ? from : file, isAlone ? "r" : "w");
const opened = await target.open();
if (isAlone) await judgeAlone(new Uint8Array(readFileSync(current)));
else await run();
opened.close?.();
closeSync(current);

async function judgeAlone(bytes: Uint8Array): Promise<void> {
  say({ says: "progress" });
  const before = process.cpuUsage();
  try {
    await opened.judge(bytes);
  } catch {
    // Whether it comes to an end is what was asked.
  }
  const { user, system } = process.cpuUsage(before);
  say({ says: "alone", tookMs: (user + system) / 1000 });
}

async function run(): Promise<void> {
  const head = Buffer.alloc(12);
  const result = await fuzz(
    target,
    opened,
    { seed: Number(seed), from: Number(from), seconds: Number(seconds) },
    {
      before(place, bytes) {
        head.writeDoubleLE(place, 0);
        head.writeUInt32LE(bytes.length, 8);
        writeSync(current, head, 0, head.length, 0);
        writeSync(current, bytes, 0, bytes.length, head.length);
      },
      progress: (run) => say({ says: "progress", run: told(run) }),
      fault: ({ kind, place, words, bytes }) =>
        say({ says: "fault", kind, place, words, base64: Buffer.from(bytes).toString("base64") }),
    },
  );
  if (keep === "keep") writeCorpus(name, await smallestOf(target, opened, result.smallest, atWork));
  say({ says: "done", kept: corpusNames(name).length, run: told(result) });
  ftruncateSync(current);
}
