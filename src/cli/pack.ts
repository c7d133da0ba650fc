import { createHash } from "node:crypto";
import { Problem, type ProblemDetail } from "../errors.ts";
import { verifyPackage } from "../format/verify.ts";
import { type PackFile, writePackage } from "../format/zip/writer.ts";
import { openFileSource, writeAll } from "../storage/file-source.ts";
import { API_OPTION, chosenApi } from "./api-option.ts";
import { IGNORE_FILE, readAppFolder } from "./app-folder.ts";
import { argument, type Context, defineCommand, flag, type Result, requiredOption } from "./command.ts";
import { chunksOf } from "./files.ts";
import { findSecret } from "./secrets/find.ts";
import { fields, formatSize, LINE_END } from "./style.ts";
import { refusalOf } from "./verdict.ts";
import { fillFileAtomic } from "./write-files.ts";

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
  const { verdict, manifest, sha256, sizeBytes } = await fillFileAtomic(output, async (file, temporary) => {
    const packed = await writePackage(app.files, {
      write: (offset, bytes) => writeAll(file, bytes, offset),
    });
    await file.truncate(packed.sizeBytes);
    return judge(temporary, context);
  });
  const { id, version, versionCode } = manifest;
  const data = {
    file: output,
    id,
    version,
    versionCode,
    contentDigest: verdict.contentDigest,
    sha256,
    sizeBytes,
    files: app.files.length,
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
          ["size", `${formatSize(sizeBytes)}, of ${formatSize(app.sizeBytes)} in ${app.files.length} files`],
          ...(app.ignored.length === 0 ? [] : [["left out", app.ignored.join(", ")] as const]),
        ]),
      ].join(LINE_END),
  };
}

/** What was packed is read from the disk, before it gets its name. @throws Problem of the first rule that it breaks */
async function judge(file: string, context: Context<typeof args, typeof options>) {
  const source = await openFileSource(file);
  try {
    const verdict = await verifyPackage(source, {
      now: context.io.clock.now(),
      expect: "unsigned",
      api: chosenApi(context.options.api, context.path),
    });
    const { manifest } = verdict;
    if (!verdict.ok || manifest === undefined) throw refusalOf(verdict, "It cannot be packed");
    const hash = createHash("sha256");
    for await (const chunk of chunksOf(source)) hash.update(chunk);
    return { verdict, manifest, sha256: hash.digest("hex"), sizeBytes: source.sizeBytes };
  } finally {
    await source.close();
  }
}

async function refuseSecrets(files: readonly PackFile[]): Promise<void> {
  const found: ProblemDetail[] = [];
  for (const { path, read } of files) {
    const detail = await findSecret(path, read());
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
