import { createHash } from "node:crypto";
import { Problem, type ProblemDetail } from "../errors.ts";
import { bytesSource } from "../format/source.ts";
import { verifyPackage } from "../format/verify.ts";
import { packApp } from "../format/zip/writer.ts";
import { API_OPTION, chosenApi } from "./api-option.ts";
import { IGNORE_FILE, readAppFolder } from "./app-folder.ts";
import { argument, type Context, defineCommand, flag, type Result, requiredOption } from "./command.ts";
import { findSecret } from "./secrets/find.ts";
import { fields, formatSize } from "./style.ts";
import { refusalOf } from "./verdict.ts";
import { writeFileAtomic } from "./write-files.ts";

const args = { folder: argument("DIR", "the app's folder, with manifest.json in it") };
const options = {
  output: requiredOption("-o, --output", "FILE", "the package to write"),
  api: API_OPTION,
  allowSecrets: flag("--allow-secrets", "pack private keys and credentials too"),
};

export const packCommand = defineCommand({
  name: "pack",
  summary: "Make a package of an app's folder.",
  description: [
    "The same files give the same bytes on every machine. What the folder's .mosisignore names, by the rules of .gitignore and by case, is left " +
      "out, and so are the files of version control and editors.",
    "Refused are symbolic links, an invalid manifest, and private keys and credentials, which everyone could read. " +
      "Permissions and runtime.api must be in the API manifest.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis pack notes -o notes.mosis", does: "packs the folder notes into notes.mosis" },
    {
      line: "mosis pack . -o ../notes.mosis --json",
      does: "packs this folder and prints digest and size as JSON",
    },
  ],
  run: pack,
});

async function pack(context: Context<typeof args, typeof options>): Promise<Result> {
  const folder = context.path(context.arguments.folder);
  const output = context.path(context.options.output);
  const app = await readAppFolder(folder, output);
  if (!context.options.allowSecrets) await refuseSecrets(app.files);
  const bytes = await packApp(app.files);
  const verdict = await verifyPackage(bytesSource(bytes), {
    now: context.io.clock.now(),
    expect: "unsigned",
    api: chosenApi(context.options.api, context.path),
  });
  if (!verdict.ok || verdict.manifest === undefined) throw refusalOf(verdict, "It cannot be packed");
  await writeFileAtomic(output, [bytes]);
  const { id, version, versionCode } = verdict.manifest;
  const data = {
    file: output,
    id,
    version,
    versionCode,
    contentDigest: verdict.contentDigest,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    sizeBytes: bytes.length,
    files: app.files.size,
    ignored: app.ignored,
  };
  return {
    data,
    text: (style) =>
      [
        `${style.good("Packed")} ${style.bold(context.options.output)}`,
        fields(style, [
          ["app", `${id} ${version} (${versionCode})`],
          ["content digest", verdict.contentDigest ?? ""],
          ["size", `${formatSize(bytes.length)}, of ${formatSize(app.sizeBytes)} in ${app.files.size} files`],
          ...(app.ignored.length === 0 ? [] : [["left out", app.ignored.join(", ")] as const]),
        ]),
      ].join("\n"),
  };
}

async function refuseSecrets(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const found: ProblemDetail[] = [];
  for (const [name, bytes] of files) {
    const detail = await findSecret(name, [bytes]);
    if (detail !== null) found.push(detail);
  }
  if (found.length === 0) return;
  throw new Problem(
    "invalid",
    "pack.secret",
    `The folder holds what looks like a secret. Leave it out in ${IGNORE_FILE}, or pack it with --allow-secrets: everyone who gets the app can read it.`,
    found,
  );
}
