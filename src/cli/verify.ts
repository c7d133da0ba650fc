import { verifyInLog } from "../device/log-verification.ts";
import { isProblem, Problem } from "../errors.ts";
import { verifyPackage } from "../format/verify.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
import { sortAnchors, type TrustAnchors } from "../signing/chain.ts";
import { MAX_CERTIFICATES } from "../signing/pem.ts";
import type { X509Certificate } from "../signing/x509.ts";
import {
  argument,
  type Context,
  defineCommand,
  flag,
  option,
  type Result,
  repeatedOption,
} from "./command.ts";
import { chosenTlsCa, STORE_OPTIONS } from "./connection.ts";
import { readSmallFile, withSource } from "./files.ts";
import { parseAudience, parseSha256, parseTime } from "./values.ts";
import { verdictData, verdictText } from "./verdict.ts";
import { logText, withLogDevice } from "./verify-log.ts";

const args = { file: argument("FILE", "the package") };
const options = {
  ca: repeatedOption("--ca", "PEM", "a file with the store's certificates: its root and Developer CAs"),
  at: option("--at", "TIME", "judge as of this time instead of now", parseTime),
  unsigned: flag("--unsigned", "also take a package that nobody has signed yet"),
  log: flag("--log", "also prove that the store's log holds the approval and the publication of this file"),
  home: option("--home", "DIR", "with --log: a device's folder, whose store and memory of the log are taken"),
  store: option("--store", "URL", "with --log: the store's address, in place of a device"),
  rootSha256: option("--root-sha256", "HEX", "with --store: SHA-256 of the store's first root", parseSha256),
  token: option(
    "--token",
    "TOKEN",
    "with --store: an API key, for a store that is restricted or with --audience, in place of your login (else MOSIS_TOKEN or MOSIS_TOKEN_FILE)",
  ),
  audience: option(
    "--audience",
    "ID",
    "with --store: the app is only for this audience: a group's id, or signed-in",
    parseAudience,
  ),
  storeCa: STORE_OPTIONS.storeCa,
};

export const verifyCommand = defineCommand({
  name: "verify",
  summary: "Check a package and say what each part of it is worth.",
  description: [
    "Checked in this order: container, digests, manifest, developer signature, store signature. After the first part that fails, the others are not checked.",
    "What the file should be follows from what it holds: with store.dsse it is a released package, with developer.dsse alone a signed one. One without signatures is refused unless --unsigned is given.",
    "Ends with 0 when the package is valid, 1 when it is not, 2 for wrong usage or an unusable file of certificates, and 3 when a file cannot be read.",
    "Without --ca it is checked that the package is whole and that each signature fits the certificate beside it; who made the certificates is not, and anybody can make some with any names. `issuers` of --json says which it was. With --log the store's catalogue says who may.",
    "What is no part of the file is never checked: whether something was revoked since, and whether the key may sign this app. A device does both before it installs.",
    "With --log the store's catalogue and log are followed as a device does. A device's folder also remembers the log: one that was cut or changed since is refused.",
    "A restricted store shows its log to whoever may read its files (the right storefiles.read): your login there counts, and no token is sent to a store that is open.",
    "An app that is only for an audience is in the catalogue of that audience, which --audience names, and which whoever belongs to it may read.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis verify notes.mosis", does: "says whether the package is whole and who signed it" },
    {
      line: "mosis verify notes.mosis --ca store.ca.pem --json",
      does: "also checks the certificates, and prints JSON",
    },
    { line: "mosis verify notes.mosis --unsigned", does: "checks it before it is signed" },
    {
      line: "mosis verify notes.mosis --log --store https://apps.example.com --root-sha256 3b2c…",
      does: "proves that the store's log shows who approved it, and when",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { roots, developerCas } = await readAuthorities(context.options.ca.map(context.path));
  const now = context.options.at ?? context.io.clock.now();
  const policy = {
    now,
    ...(context.options.unsigned ? {} : { expect: ["signed", "released"] as const }),
    ...(roots.length === 0 ? {} : { roots, developerCas }),
  };
  const file = context.path(context.arguments.file);
  if (isAboutLog(context.options)) return verifyLogged(context, file, policy);
  const verdict = await withSource(file, (source) => verifyPackage(source, policy));
  return {
    data: verdictData(verdict),
    text: (style) => verdictText(style, verdict),
    exitCode: verdict.ok ? 0 : 1,
  };
}

/** Whoever names a store means its log. */
function isAboutLog({
  log,
  home,
  store,
  rootSha256,
  audience,
}: Context<typeof args, typeof options>["options"]): boolean {
  return [home, store, rootSha256, audience].some((given) => given !== undefined) || log;
}

async function verifyLogged(
  context: Context<typeof args, typeof options>,
  file: string,
  policy: Parameters<typeof verifyPackage>[1],
): Promise<Result> {
  const { home, store = null, rootSha256 = null, token, audience } = context.options;
  const tlsCa = await chosenTlsCa(context.options, context.io.environment, context.path);
  const choice = {
    home: home === undefined ? null : context.path(home),
    store,
    rootSha256,
    token,
    audience,
    tlsCa,
  };
  const { verdict, log } = await withSource(file, (source) =>
    withLogDevice(choice, context.io, (device) => verifyInLog(device, source, policy)),
  );
  const ok = verdict.ok && log.verdict === "ok";
  return {
    data: { ...verdictData(verdict), ok, log },
    text: (style) => verdictText(style, verdict, { text: logText(style, log), ok: log.verdict === "ok" }),
    exitCode: ok ? 0 : 1,
  };
}

/** Those that name themselves as their issuer are roots; all others are taken for Developer CAs. */
async function readAuthorities(paths: readonly string[]): Promise<TrustAnchors> {
  const certificates: X509Certificate[] = [];
  for (const path of paths) certificates.push(...(await readCertificates(path)));
  if (certificates.length > MAX_CERTIFICATES) {
    throw new Problem(
      "usage",
      "verify.many_certificates",
      `The files that --ca names hold ${certificates.length} certificates together, and ${MAX_CERTIFICATES} are the most.`,
    );
  }
  const anchors = sortAnchors(certificates);
  if (paths.length > 0 && anchors.roots.length === 0) {
    throw new Problem(
      "usage",
      "verify.no_root",
      "None of the certificates given with --ca is a root, so no chain can end in one. Add the store's root.",
    );
  }
  return anchors;
}

/** @throws Problem `usage` for a file that is unusable; `file.…` for one that cannot be read */
async function readCertificates(path: string): Promise<X509Certificate[]> {
  try {
    return certificatesFromPem(await readSmallFile(path));
  } catch (error) {
    if (!isProblem(error) || error.kind === "unreachable") throw error;
    throw new Problem(
      "usage",
      "verify.no_certificate",
      `${path} is not a file of certificates, as PEM blocks of CERTIFICATE. ${error.message}`,
      error.details,
      { cause: error },
    );
  }
}
