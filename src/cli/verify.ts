import { isProblem, Problem } from "../errors.ts";
import { verifyPackage } from "../format/verify.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
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
import { readText, withSource } from "./files.ts";
import { parseTime } from "./values.ts";
import { verdictData, verdictText } from "./verdict.ts";

const args = { file: argument("FILE", "the package") };
const options = {
  ca: repeatedOption("--ca", "PEM", "a file with the store's certificates: its root and Developer CAs"),
  at: option("--at", "TIME", "judge as of this time instead of now", parseTime),
  unsigned: flag("--unsigned", "also take a package that nobody has signed yet"),
};

export const verifyCommand = defineCommand({
  name: "verify",
  summary: "Check a package and say what each part of it is worth.",
  description: [
    "Checked in this order: container, digests, manifest, developer signature, store signature. After the first part that fails, the others are not checked.",
    "What the file should be follows from what it holds: with store.dsse it is a released package, with developer.dsse alone a signed one. One without signatures is refused unless --unsigned is given.",
    "Ends with 0 when the package is valid, 1 when it is not, 2 for wrong usage, and 3 when a file cannot be read.",
    "Without --ca the signatures are checked, but not who issued their certificates.",
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
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { roots, developerCas } = await readAuthorities(context.options.ca.map(context.path));
  const now = context.options.at ?? context.io.clock.now();
  const verdict = await withSource(context.path(context.arguments.file), (source) =>
    verifyPackage(source, {
      now,
      ...(context.options.unsigned ? {} : { expect: ["signed", "released"] }),
      ...(roots.length === 0 ? {} : { roots, developerCas }),
    }),
  );
  return {
    data: verdictData(verdict),
    text: (style) => verdictText(style, verdict),
    exitCode: verdict.ok ? 0 : 1,
  };
}

type Authorities = { readonly roots: X509Certificate[]; readonly developerCas: X509Certificate[] };

/** Those that name themselves as their issuer are roots; all others are taken for Developer CAs. */
async function readAuthorities(paths: readonly string[]): Promise<Authorities> {
  const roots: X509Certificate[] = [];
  const developerCas: X509Certificate[] = [];
  for (const path of paths) {
    for (const certificate of await readCertificates(path)) {
      (certificate.subject === certificate.issuer ? roots : developerCas).push(certificate);
    }
  }
  if (paths.length > 0 && roots.length === 0) {
    throw new Problem(
      "invalid",
      "verify.no_root",
      "None of the certificates given with --ca is a root, so no chain can end in one. Add the store's root.",
    );
  }
  return { roots, developerCas };
}

async function readCertificates(path: string): Promise<X509Certificate[]> {
  const text = await readText(path);
  try {
    return certificatesFromPem(text);
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(
      "invalid",
      "verify.no_certificate",
      `${path} does not hold certificates, as PEM blocks of CERTIFICATE. ${error.message}`,
      error.details,
      { cause: error },
    );
  }
}
