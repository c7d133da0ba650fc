/**
 * Deltas between real versions, made as the store makes them: both packages are read and unpacked, the difference is
 * planned and compressed. Beside bsdiff, and for who wants to know xdelta3, on uncompressed tars of the same files.
 *
 * What counts is processor time, of all threads and programs, which other work on the machine does not change as it
 * changes the time by the clock; that stands beside it.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { unpackedFiles, unpackedRelease } from "../../src/format/delta/unpacked.ts";
import { writeDelta } from "../../src/format/delta/write.ts";
import { openContainer } from "../../src/format/zip/reader.ts";
import { openDiskBlobs } from "../../src/storage/disk.ts";
import { openFileSource } from "../../src/storage/file-source.ts";
import { PAIRS, type Pair, preparePair } from "../delta-pairs.ts";
import type { Measure, Sides } from "../harness.ts";
import { processorMs, timed } from "../process.ts";

const MOST_TIMES_BSDIFF = 1.1;
/** Two signatures and the certificates with them are new in each release to us, and no part of an app. */
const ENVELOPES_BYTES = 2048;
const MOST_BYTES = 2 ** 30;

async function makeDelta(pair: Pair, folder: string): Promise<number> {
  const blobs = await openDiskBlobs(folder);
  const opened = await Promise.all([pair.base.package, pair.target.package].map(openFileSource));
  const [base, target] = await Promise.all(
    opened.map(async (source) => {
      const container = await openContainer(source);
      const staged = await blobs.stage(unpackedFiles(container), { maxBytes: MOST_BYTES });
      return { staged, release: await unpackedRelease(container, staged.source) };
    }),
  );
  if (!base || !target) throw new Error("a pair is two");
  const container = await blobs.stage(writeDelta(target.release, base.release), { maxBytes: MOST_BYTES });
  for (const staged of [container, base.staged, target.staged]) await staged.discard();
  for (const source of opened) await source.close();
  return container.sizeBytes;
}

/** Processor time in seconds, and by the clock what it took. */
async function costOf(work: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  const [cpuBefore, wallBefore] = [processorMs(), performance.now()];
  await work();
  return { cpu: (processorMs() - cpuBefore) / 1000, wall: (performance.now() - wallBefore) / 1000 };
}

function describeCost({ cpu, wall }: { cpu: number; wall: number }): string {
  return `${cpu.toFixed(2)} s of processor, ${wall.toFixed(2)} s by the clock`;
}

function measureOf(name: string): Measure {
  return {
    name: `delta-${name}`,
    about: "processor time of making a delta of two packages, beside bsdiff on two tars; sizes below",
    unit: "s",
    rounds: name === "enigma-data" ? 1 : 3,
    ratioLimit: 1,
    async open({ folder }): Promise<Sides> {
      const pair = await preparePair(name);
      const output = join(folder, "patch");
      const [from, to] = [pair.base.tar, pair.target.tar];
      let oursBytes = 0;
      const ours = async () => {
        oursBytes = await makeDelta(pair, folder);
      };
      const patch = async (command: readonly string[]) => {
        rmSync(output, { force: true });
        await timed(command);
        return statSync(output).size;
      };
      const bsdiff = () => patch(["bsdiff", from, to, output]);
      const xdelta3 = () => patch(["xdelta3", "-9", "-e", "-s", from, to, output]);
      const oursCost = await costOf(ours);
      let [bsdiffBytes, xdelta3Bytes] = [0, 0];
      const bsdiffCost = await costOf(async () => {
        bsdiffBytes = await bsdiff();
      });
      const xdelta3Cost = await costOf(async () => {
        xdelta3Bytes = await xdelta3();
      });
      console.error(`  ${pair.about}`);
      console.error(`  ours     ${oursBytes} bytes, the first time ${describeCost(oursCost)}`);
      console.error(`  bsdiff   ${bsdiffBytes} bytes, ${describeCost(bsdiffCost)}`);
      console.error(`  xdelta3  ${xdelta3Bytes} bytes, ${describeCost(xdelta3Cost)}`);
      console.log(
        `delta-${name}-bytes ours=${oursBytes} peer=${bsdiffBytes} ratio=${(oursBytes / bsdiffBytes).toFixed(2)}`,
      );
      if (oursBytes > Math.max(bsdiffBytes * MOST_TIMES_BSDIFF, bsdiffBytes + ENVELOPES_BYTES))
        throw new Error(`${oursBytes} bytes are more than ${MOST_TIMES_BSDIFF} times ${bsdiffBytes}`);
      return {
        ours: async () => (await costOf(ours)).cpu,
        peer: async () => (await costOf(bsdiff)).cpu,
        async close() {},
      };
    },
  };
}

export const deltas: readonly Measure[] = PAIRS.map(measureOf);
