import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { LocalTexts } from "../catalog/local-texts.ts";
import { isProblem, Problem } from "../errors.ts";
import type { Manifest } from "../format/manifest.ts";
import { FORMAT_LIMITS, PACKAGE_MEDIA_TYPE } from "../format/names.ts";
import type { Source } from "../format/source.ts";
import { verifyPackage } from "../format/verify.ts";
import { type FindingAnswer, number, object, readVersionAnswer, type VersionAnswer } from "./answers.ts";
import { type Answer, apiPath, type Client, createClient } from "./client.ts";
import { argument, type Context, defineCommand, flag, option, type Result } from "./command.ts";
import { chosenStore, chosenTlsCa, givenToken, refusePlainHttp, STORE_OPTIONS } from "./connection.ts";
import { chunksOf, withSource } from "./files.ts";
import { formStream } from "./form.ts";
import { findJobIdentity, identityExchange, identityMissing } from "./job-identity.ts";
import { hasNotes, NOTES_OPTIONS, type NotesGiven, readNotes } from "./notes-options.ts";
import type { Progress } from "./progress.ts";
import { detailLine } from "./report.ts";
import { fields, formatSize, LINE_END, type Style } from "./style.ts";
import { IN_PARTS_FROM_BYTES, uploadInParts } from "./upload-in-parts.ts";
import { parseSeconds } from "./values.ts";
import { refusalOf } from "./verdict.ts";
import { connect, findVersion, readFindings, stateText, waitWhile, whileItGoesOn } from "./version-calls.ts";

const args = { file: argument("FILE", "the signed package") };
const options = {
  ...NOTES_OPTIONS,
  hold: flag("--hold", "do not publish on approval, but with mosis publish"),
  noWait: flag("--no-wait", "do not wait for the checks"),
  timeout: option("--timeout", "SECONDS", "how long to wait for the checks (default: 600)", parseSeconds),
  organisation: option("--organisation", "ID", "who owns the app, when it is new and you are in several"),
  confirmAlike: flag("--confirm-alike", "the id of a new app is meant, though it looks like another one's"),
  trusted: flag("--trusted", "as the build job that this runs in, which the app trusts, and with no API key"),
  ...STORE_OPTIONS,
};

export const submitCommand = defineCommand({
  name: "submit",
  summary: "Upload a package to the store for review.",
  description: [
    "An app whose id is free is created; one that people may take for another organisation's, with --confirm-alike alone. When the store's checks are done their findings are printed; the exit code is 1 when they failed.",
    "When the connection broke, run it again: nothing is uploaded or created twice, and a package of 16 MiB or more goes on where it was.",
    "What is new is said in the app's own language, which devices show, and with --notes-in or --notes-in-file in others, in which the store's pages show it. mosis notes changes it afterwards.",
    "The same package again, with other notes or with --hold, changes them until its review is decided; after that it is refused.",
    "With --trusted, or without an API key in a build job, it exchanges the job's identity token for one of 15 minutes: that of MOSIS_ID_TOKEN or of the file that MOSIS_ID_TOKEN_FILE names, else the one that GitHub, Gitea and Forgejo give to jobs with the permission id-token. --store must be the store's address as its configuration has it.",
    "When that token ends while it waits for the checks, it asks the CI server for another identity. Where the job has only the one that it was given, it ends with 3 (client.waiting_ended): the store goes on, and the same command in another job, or mosis status, says what became of it.",
  ],
  arguments: args,
  options,
  examples: [
    { line: 'mosis submit notes.mosis --notes "Tags, and undo."', does: "uploads, and waits for the checks" },
    {
      line: "mosis submit notes.mosis --notes-file new.md --notes-in-file de=new.de.md",
      does: "says what is new in two languages, from files",
    },
    {
      line: 'mosis submit notes.mosis --notes "Tags." --hold --no-wait --json',
      does: "uploads for a later publish, and ends at once",
    },
    {
      line: 'mosis submit notes.mosis --notes "Tags." --trusted --store https://store.example.com',
      does: "uploads in a build job that the app trusts",
    },
  ],
  run,
});

const DEFAULT_TIMEOUT_MS = 600_000;
/** The store's state of an upload that its own checks have not finished with. */
const CHECKING = ["checking"];
const DEAD = ["failed", "rejected", "withdrawn"];

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const notes = await readNotes(context.options, context.path);
  if (notes.notes === undefined) throw notesMissing();
  return withSource(context.path(context.arguments.file), async (source) => {
    const manifest = await readSigned(context, source);
    const client = await connectFor(context, manifest.id);
    await refuseTooLarge(client, source);
    const sha256 = await digestOf(source);
    const { version, outcome } = await uploadOnce(context, client, source, { manifest, sha256, notes });
    if (context.options.noWait) return result(client.origin, version, outcome, null);
    if (CHECKING.includes(version.state)) context.note("Uploaded. Waiting for the store's checks …");
    const waiting = {
      signal: context.io.signal,
      timeoutMs: context.options.timeout ?? DEFAULT_TIMEOUT_MS,
      now: () => context.io.clock.now(),
    };
    const { checked, findings } = await whileItGoesOn(client, version, async () => {
      const checked = await waitWhile(client, version, CHECKING, waiting);
      return { checked, findings: await readFindings(client, checked) };
    });
    return result(client.origin, checked, outcome, findings);
  });
}

/**
 * As the build job that this runs in, where that is asked for or no API key is given; else as who has the key, or is signed in.
 * @throws Problem as `connect` and `identityExchange`, `client.identity_missing`, `client.trusted_and_token`
 */
async function connectFor(context: Context<typeof args, typeof options>, appId: string): Promise<Client> {
  const { io, options, path } = context;
  if (options.trusted && options.token !== undefined)
    throw new Problem(
      "usage",
      "client.trusted_and_token",
      "Say either --trusted or --token: a build job comes with its identity or with a key.",
    );
  const identity = findJobIdentity(io.environment, path);
  if (options.trusted && identity === null) throw identityMissing();
  const hasKey = !options.trusted && givenToken(options, io.environment) !== undefined;
  if (hasKey || identity === null) return connect(context, options);
  const origin = await chosenStore(options.store, io.environment);
  refusePlainHttp(origin);
  const place = { origin, token: null, tlsCa: await chosenTlsCa(options, io.environment, path) };
  context.note("Showing the store which build job this is …");
  const exchange = identityExchange(place, identity, appId, io.signal);
  return createClient({ ...place, token: await exchange() }, { signal: io.signal, renewed: exchange });
}

/** What people read of a version is never left out by an oversight. */
function notesMissing(): Problem {
  return new Problem(
    "usage",
    "usage.missing_mandatory_option_value",
    "Say what is new, with --notes TEXT or --notes-file FILE. See --help.",
  );
}

/** A form has one text for all of them. */
const inForm = (texts: LocalTexts | undefined) =>
  texts === undefined ? {} : { translatedNotes: JSON.stringify(texts) };

/** What can be told before a byte is sent: a package that is not valid or not signed. */
async function readSigned(context: Context<typeof args, typeof options>, source: Source): Promise<Manifest> {
  const verdict = await verifyPackage(source, { now: context.io.clock.now() });
  if (!verdict.ok || verdict.manifest === undefined) throw refusalOf(verdict, "It is not submitted");
  if (verdict.kind !== "signed") {
    throw new Problem(
      "unprocessable",
      `submit.${verdict.kind ?? "unknown"}`,
      verdict.kind === "unsigned"
        ? "The package is not signed yet. Run: mosis sign FILE"
        : "The package has a store's signature already. Submit the one that you signed.",
    );
  }
  return verdict.manifest;
}

/** @throws Problem `upload.too_large` for one that this store does not take */
async function refuseTooLarge(client: Client, source: Source): Promise<void> {
  const limit = number(object(await client.get(apiPath("store")), "the store"), "maxUploadBytes");
  if (source.sizeBytes > Math.min(limit, FORMAT_LIMITS.fileBytes)) {
    throw new Problem(
      "too_large",
      "upload.too_large",
      `The package has ${formatSize(source.sizeBytes)}; ${client.origin} takes at most ${formatSize(limit)}.`,
    );
  }
}

async function digestOf(source: Source): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunksOf(source)) hash.update(chunk);
  return hash.digest("hex");
}

type Package = { readonly manifest: Manifest; readonly sha256: string; readonly notes: NotesGiven };
/** `changed`: the bytes were there, and now have what this command says of them. */
type Outcome = "uploaded" | "changed" | "there";

/**
 * Uploads, unless the store has these very bytes already and knows all that is said of them; without --hold nothing is
 * said of it. The idempotency key is made of everything that the call says, so that the same command repeated is the
 * same call; once the version was changed or withdrawn it is another one, since what was there before is part of it.
 */
async function uploadOnce(
  context: Context<typeof args, typeof options>,
  client: Client,
  source: Source,
  { manifest, sha256, notes }: Package,
): Promise<{ version: VersionAnswer; outcome: Outcome }> {
  const { organisation, confirmAlike } = context.options;
  const hold = context.options.hold ? true : undefined;
  const before = await findVersion(client, manifest.id, manifest.versionCode);
  const isThere = before !== null && before.uploadSha256 === sha256 && !DEAD.includes(before.state);
  if (isThere && hasNotes(before, notes) && before.isSubmitted && (before.hold || !hold)) {
    return { version: before, outcome: "there" };
  }
  const seen = before === null ? null : [before.id, before.revision];
  const translatedNotes = Object.keys(notes.translatedNotes).length === 0 ? undefined : notes.translatedNotes;
  const said = JSON.stringify([
    ...[sha256, notes.notes, hold ?? null, organisation ?? null, seen],
    ...(confirmAlike ? ["alike"] : []),
    ...(translatedNotes === undefined ? [] : [translatedNotes]),
  ]);
  const progress = context.progress("Uploading", source.sizeBytes);
  const key = createHash("sha256").update(said).digest("hex");
  const terms = {
    ...{ notes: notes.notes, hold, submit: true, createApp: true, organisationId: organisation },
    confirmAlike: confirmAlike ? true : undefined,
  };
  try {
    const { json, status } =
      source.sizeBytes < IN_PARTS_FROM_BYTES
        ? await sendAtOnce(client, { source, terms: { ...terms, ...inForm(translatedNotes) }, key, progress })
        : await uploadInParts(client, {
            ...{ source, terms: { ...terms, translatedNotes }, key, progress, signal: context.io.signal },
            fileName: basename(context.arguments.file),
          });
    return {
      version: readVersionAnswer(json),
      outcome: status === 201 ? "uploaded" : isThere ? "changed" : "there",
    };
  } finally {
    progress.end();
  }
}

type AtOnce = {
  readonly source: Source;
  readonly terms: Parameters<typeof formStream>[0];
  readonly key: string;
  readonly progress: Progress;
};

async function sendAtOnce(client: Client, { source, terms, key, progress }: AtOnce): Promise<Answer> {
  const send = (idempotencyKey: string) =>
    client.call({
      method: "POST",
      path: apiPath("versions"),
      // A form, since an address has no room for long notes.
      stream: formStream(
        terms,
        { field: "package", name: "package.mosis", mediaType: PACKAGE_MEDIA_TYPE },
        { sizeBytes: source.sizeBytes, chunks: () => sentChunks(source, progress) },
      ),
      idempotencyKey,
      timeoutMs: null,
    });
  try {
    return await send(key);
  } catch (error) {
    // What this very command made was deleted since, and is wanted once more.
    if (!isProblem(error) || error.code !== "idempotency.resource_gone") throw error;
    return send(crypto.randomUUID());
  }
}

/** The file's bytes; asking for the next ones tells that those before were sent. */
async function* sentChunks(source: Source, progress: Progress): AsyncGenerator<Uint8Array> {
  let sentBytes = 0;
  for await (const chunk of chunksOf(source)) {
    progress.update(sentBytes);
    sentBytes += chunk.length;
    yield chunk;
  }
  progress.update(sentBytes);
}

/** What the code means and what to do, in the store's own documentation. */
function docsOf(origin: string, code: string): string {
  return `${origin}/docs/errors#${encodeURIComponent(code)}`;
}

const OUTCOMES: Readonly<Record<Outcome, (style: Style) => string>> = {
  uploaded: (style) => style.good("Submitted."),
  changed: (style) =>
    style.good("The store has this package already, and now has what you say of it: notes and hold."),
  there: () => "The store has this package already.",
};

function result(
  origin: string,
  version: VersionAnswer,
  outcome: Outcome,
  findings: readonly FindingAnswer[] | null,
): Result {
  const refused = DEAD.includes(version.state);
  return {
    data: {
      version: version.raw,
      uploaded: outcome === "uploaded",
      findings: findings?.map((finding) => ({ ...finding, docs: docsOf(origin, finding.code) })) ?? null,
    },
    exitCode: refused ? 1 : 0,
    text: (style) =>
      [
        ...(findings ?? []).flatMap((finding) => [
          `${severityText(style, finding.severity)}${detailLine(finding, style)}`,
          `         ${style.dim(docsOf(origin, finding.code))}`,
        ]),
        version.state === "failed" ? style.bad("The checks refused it.") : OUTCOMES[outcome](style),
        fields(style, [
          ["app", `${version.appId} ${version.version} (${version.versionCode})`],
          ["state", stateText(style, version.state)],
          ...(version.hold ? [["on approval", "held, until mosis publish"] as const] : []),
          ...(version.reason === null || version.reason === "" ? [] : [["reason", version.reason] as const]),
          ...(version.queuePosition === null
            ? []
            : [["place in the queue", String(version.queuePosition)] as const]),
        ]),
        ...(version.state === "failed" ? ["", "Mend what was found; then pack, sign and submit again."] : []),
      ].join(LINE_END),
  };
}

function severityText(style: Style, severity: string): string {
  if (severity === "error") return style.bad("error  ");
  return severity === "warning" ? style.warn("warning") : style.dim(severity.padEnd(7));
}
