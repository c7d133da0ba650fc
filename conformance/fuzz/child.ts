/**
 * The process in which one parser is fed: `child.ts PARSER SEED FROM SECONDS FILE [keep]`. FILE always holds the input at hand, so
 * that whoever started this process can tell what it died or hangs of. Says what happens in lines of JSON.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { readCorpus, writeCorpus } from "./corpus.ts";
import { fuzz, type Run } from "./loop.ts";
import { smallestOf } from "./minimise.ts";
import { TARGETS } from "./targets.ts";
import { TESTING_TARGETS } from "./testing-targets.ts";

export type Line =
  | { readonly says: "progress"; readonly executions: number }
  | {
      readonly says: "fault";
      readonly kind: string;
      readonly place: number;
      readonly words: string;
      readonly base64: string;
    }
  | ({ readonly says: "done"; readonly kept: number } & Omit<Run, "smallest">);

const [name = "", seed = "1", from = "0", seconds = "10", file = "", keep = ""] = process.argv.slice(2);
const target = [...TARGETS, ...TESTING_TARGETS].find((one) => one.name === name);
if (target === undefined) throw new Error(`there is no parser ${name}`);

const say = (line: Line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const current = openSync(file, "w");
const head = Buffer.alloc(12);

const opened = await target.open();
const run = await fuzz(
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
    progress: ({ executions }) => say({ says: "progress", executions }),
    fault: ({ kind, place, words, bytes }) =>
      say({ says: "fault", kind, place, words, base64: Buffer.from(bytes).toString("base64") }),
  },
);
let kept = readCorpus(name).length;
if (keep === "keep") {
  const items = await smallestOf(target, opened, run.smallest, () =>
    say({ says: "progress", executions: run.executions }),
  );
  writeCorpus(name, items);
  kept = readCorpus(name).length;
}
const { smallest: _, ...told } = run;
say({ says: "done", kept, ...told });
opened.close?.();
ftruncateSync(current);
closeSync(current);
