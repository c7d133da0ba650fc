import { createHash } from "node:crypto";
import { Problem } from "../errors.ts";
import { DEVELOPER_NAME } from "../format/names.ts";
import { signDeveloper } from "../format/sign.ts";
import { type Source, spliceSource } from "../format/source.ts";
import { type Verdict, verifyPackage } from "../format/verify.ts";
import { appendEnvelope } from "../format/zip/append.ts";
import { certificateFromPem } from "../signing/certificates.ts";
import { fingerprintText } from "../signing/keys.ts";
import { localSigner, type Signer } from "../signing/signer.ts";
import { argument, type Context, defineCommand, option, type Result } from "./command.ts";
import { chunksOf, withSource } from "./files.ts";
import { KEY_OPTIONS, openChosenKey, PASSPHRASE_OPTIONS, readCertificate } from "./key-store.ts";
import { fields, formatTime, LINE_END } from "./style.ts";
import { refusalOf } from "./verdict.ts";
import { writeFileAtomic } from "./write-files.ts";

const args = { file: argument("FILE", "the package that pack made") };
const options = {
  output: option(
    "-o, --output",
    "FILE",
    "where the signed package goes (default: it takes the place of FILE)",
  ),
  ...KEY_OPTIONS,
  ...PASSPHRASE_OPTIONS,
};

export const signCommand = defineCommand({
  name: "sign",
  summary: "Sign a package as its developer.",
  description: [
    "The package is checked first: what is not valid is not signed, and neither is what is signed already.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis sign notes.mosis", does: "signs it in place with your key" },
    {
      line: "mosis sign notes.mosis -o out.mosis --key team.pem --cert team.cert.pem",
      does: "signs with another key, into another file",
    },
  ],
  run,
});

type Signed = { readonly verdict: Verdict; readonly sha256: string; readonly sizeBytes: number };

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { io } = context;
  const file = context.path(context.arguments.file);
  const output = context.options.output === undefined ? file : context.path(context.options.output);
  const signer = await openSigner(context);
  const { verdict, sha256, sizeBytes } = await withSource(file, (source) =>
    sign(source, signer, io.clock.now(), output),
  );
  const { manifest, developer } = verdict;
  if (manifest === undefined || developer === undefined) throw refusalOf(verdict, "The signed package");
  return {
    data: {
      file: output,
      id: manifest.id,
      version: manifest.version,
      versionCode: manifest.versionCode,
      contentDigest: verdict.contentDigest,
      sha256,
      sizeBytes,
      keyid: developer.keyid,
      developerId: developer.developerId,
      signedAt: developer.signedAt,
    },
    text: (style) =>
      [
        `${style.good("Signed")} ${style.bold(output)}`,
        fields(style, [
          ["app", `${manifest.id} ${manifest.version} (${manifest.versionCode})`],
          ["content digest", verdict.contentDigest ?? ""],
          ["developer", developer.developerId],
          ["key id", fingerprintText(developer.keyid)],
          ["signed at", formatTime(developer.signedAt)],
        ]),
      ].join(LINE_END),
  };
}

async function openSigner(context: Context<typeof args, typeof options>): Promise<Signer> {
  const { io } = context;
  const { files, keys } = await openChosenKey(context);
  const pem = await readCertificate(files, keys);
  const { notBefore, notAfter } = certificateFromPem(pem);
  if (notBefore > io.clock.now()) {
    throw new Problem(
      "invalid",
      "keys.certificate_not_yet_valid",
      `The certificate ${files.certificate} is valid from ${formatTime(notBefore)} on, and this machine's clock says ${formatTime(io.clock.now())}: set the clock.`,
    );
  }
  if (notAfter < io.clock.now()) {
    throw new Problem(
      "invalid",
      "keys.certificate_expired",
      `The certificate ${files.certificate} was valid until ${formatTime(notAfter)}, so no store would take the signature. Renew it with: mosis keys enroll --store URL`,
    );
  }
  return localSigner(keys.privateKey, pem);
}

async function sign(source: Source, signer: Signer, now: Date, output: string): Promise<Signed> {
  const envelope = await signDeveloper(source, signer, now);
  const { prefixBytes, tail } = await appendEnvelope(source, DEVELOPER_NAME, envelope);
  const signed = spliceSource(source, prefixBytes, tail);
  const verdict = await verifyPackage(signed, { now, expect: "signed" });
  if (!verdict.ok) throw refusalOf(verdict, "The signed package would not be valid");
  const hash = createHash("sha256");
  await writeFileAtomic(output, hashed(chunksOf(signed), hash));
  return { verdict, sha256: hash.digest("hex"), sizeBytes: signed.sizeBytes };
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
