/** `mosis verify-catalog`: a copy of a store's catalogue, such as a mirror's, judged as a device would. */
import { readdir } from "node:fs/promises";
import { METADATA_MAX_BYTES } from "../catalog/tuf/metadata-form.ts";
import { type VerifiedCatalogue, verifyCatalogue } from "../device/verify-catalogue.ts";
import { isProblem, type Problem } from "../errors.ts";
import { EVERYBODY } from "../ids.ts";
import { argument, type Context, defineCommand, option, type Result, requiredOption } from "./command.ts";
import { readSmallFile, withFile } from "./files.ts";
import { detailLine } from "./report.ts";
import { fields, formatTime, LINE_END } from "./style.ts";
import { parseAudience, parseTime } from "./values.ts";

const args = { folder: argument("DIR", "a copy of what lies below the store's /store/v1/") };
const options = {
  root: requiredOption("--root", "FILE", "the root that is trusted, such as the store's 1.root.json"),
  audience: option(
    "--audience",
    "ID",
    "that DIR is the catalogue of this audience: a group's id, or signed-in",
    parseAudience,
  ),
  at: option("--at", "TIME", "judge as of this time instead of now", parseTime),
};

export const verifyCatalogCommand = defineCommand({
  name: "verify-catalog",
  summary: "Check a copy of a store's signed catalogue as a device does.",
  description: [
    "Follows the roots, checks signatures, thresholds, versions and expiries of every role, and the digest and form of every file that a device would find.",
    "With --audience DIR is a copy of what lies below /store/v1/audiences/ID/ instead; the log is not judged there, since it is the public catalogue's.",
    "A folder known in DIR holds the root.json, timestamp.json, snapshot.json and log.json that a client had accepted before: what is older is refused.",
  ],
  arguments: args,
  options,
  examples: [
    {
      line: "mosis verify-catalog /srv/mirror/store/v1 --root 1.root.json",
      does: "says whether devices would accept the mirror",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const root = await readRoot(context.path(context.options.root));
  const now = context.options.at ?? context.io.clock.now();
  const folder = context.path(context.arguments.folder);
  // What is not there has no verdict.
  await withFile("read", folder, () => readdir(folder));
  try {
    return accepted(await verifyCatalogue(folder, root, now, context.options.audience ?? EVERYBODY));
  } catch (error) {
    if (isProblem(error) && /^(?:catalogue|log)\.|^MPK-/.test(error.code)) return refused(error);
    throw error;
  }
}

/** null for one that is larger than any root: whether that matters, the catalogue says. */
async function readRoot(path: string): Promise<Uint8Array | null> {
  try {
    return await readSmallFile(path, METADATA_MAX_BYTES.root);
  } catch (error) {
    if (isProblem(error) && error.code === "file.too_large") return null;
    throw error;
  }
}

function accepted(catalogue: VerifiedCatalogue): Result {
  const { storeId, versions, apps, targets, expiresAt } = catalogue;
  return {
    data: {
      ok: true,
      storeId,
      versions: Object.fromEntries(versions),
      apps,
      targets,
      expiresAt,
      findings: [],
    },
    text: (style) =>
      [
        style.good("Valid."),
        fields(style, [
          ["store", storeId],
          ["root", String(versions.get("root"))],
          ["timestamp", String(versions.get("timestamp"))],
          ["apps", String(apps.length)],
          ["files", String(targets)],
          ["until", formatTime(expiresAt)],
        ]),
      ].join(LINE_END),
  };
}

function refused(problem: Problem): Result {
  const { code, message } = problem;
  const findings = [{ code, severity: "error", message, ...problem.details[0] }];
  return {
    data: { ok: false, storeId: null, versions: null, apps: [], targets: 0, expiresAt: null, findings },
    text: (style) => [detailLine({ code, message }, style), style.bad("Not valid.")].join(LINE_END),
    exitCode: 1,
  };
}
