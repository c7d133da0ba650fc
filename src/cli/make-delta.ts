/** `mosis make-delta`: a container as the store makes it, for whoever builds or tests a device. */
import { writeDelta } from "../format/delta/write.ts";
import { verifyPackage } from "../format/verify.ts";
import { argument, type Context, defineCommand, type Result } from "./command.ts";
import { NO_BASE, withBase, withUnpacked } from "./delta-files.ts";
import { withSource } from "./files.ts";
import { fields, formatSize, LINE_END } from "./style.ts";
import { refusalOf } from "./verdict.ts";
import { writeFileAtomic } from "./write-files.ts";

const args = {
  base: argument("BASE", "the release that devices have: a package or its unpacked folder; - for none"),
  target: argument("TARGET", "the released package that they are to have"),
  output: argument("OUT", "the container to write"),
};

export const makeDeltaCommand = defineCommand({
  name: "make-delta",
  summary: "Make a delta or compact full container of a released package.",
  description: [
    "The store makes them by itself for what it publishes: this is for trying out a device, and for seeing what an update costs.",
    "The same releases give the same bytes with the same version of mosis.",
    "A kill or a power cut leaves what was being written beside OUT, as .OUT.<12 hex digits>.tmp: remove it, nothing reads it again.",
  ],
  arguments: args,
  options: {},
  examples: [
    {
      line: "mosis make-delta notes-1.mosis notes-2.mosis notes.mosisd",
      does: "makes the delta from 1 to 2",
    },
    { line: "mosis make-delta - notes-2.mosis full.mosisd", does: "makes the compact full container of 2" },
  ],
  run,
});

async function run(context: Context<typeof args, Record<string, never>>): Promise<Result> {
  const { base, target, output } = context.arguments;
  const out = context.path(output);
  const basePath = base === NO_BASE ? null : context.path(base);
  let sizeBytes = 0;
  const digests = await withSource(context.path(target), async (source) => {
    const verdict = await verifyPackage(source, { now: context.io.clock.now(), expect: "released" });
    if (!verdict.ok) throw refusalOf(verdict, "No container can be made of it");
    return withUnpacked(source, out, (release) =>
      withBase(basePath, out, async (from) => {
        await writeFileAtomic(out, counted(writeDelta(release, from)));
        return {
          base: from?.contentDigest ?? null,
          contentDigest: release.contentDigest,
          of: source.sizeBytes,
        };
      }),
    );
  });
  async function* counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      sizeBytes += piece.length;
      yield piece;
    }
  }
  return {
    data: { file: out, base: digests.base, contentDigest: digests.contentDigest, sizeBytes },
    text: (style) =>
      [
        `${style.good("Made")} ${style.bold(output)}`,
        fields(style, [
          ["from", digests.base ?? "no base"],
          ["to", digests.contentDigest],
          ["size", `${formatSize(sizeBytes)}, of a package of ${formatSize(digests.of)}`],
        ]),
      ].join(LINE_END),
  };
}
