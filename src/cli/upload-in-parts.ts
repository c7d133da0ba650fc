/**
 * A large package in parts (the tus protocol, version 1.0.0): what a broken connection cut off goes on where it was, in this run of
 * the command or in the next one, also after the store was started anew.
 */
import { isProblem, type Problem, type ProblemKind } from "../errors.ts";
import type { Source } from "../format/source.ts";
import { number, object, text } from "./answers.ts";
import { type Answer, apiPath, type Client, pause, type StreamBody } from "./client.ts";
import { isWorthRetrying } from "./client-problems.ts";
import { chunksOf } from "./files.ts";
import { streamOf } from "./form.ts";
import type { Progress } from "./progress.ts";

/** Smaller ones are sent at once: as much is sent again as a part has at most. */
export const IN_PARTS_FROM_BYTES = 16 * 2 ** 20;
const PART_BYTES = 16 * 2 ** 20;
/** One after another in which nothing more was received. */
const VAIN_TRIES = 5;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
const TUS = { "tus-resumable": "1.0.0" };

export type InParts = {
  readonly source: Source;
  readonly fileName: string;
  /** The same for the same command: by it an upload is found that a run before this one began. */
  readonly key: string;
  /** What is said of the version. */
  readonly terms: Readonly<Record<string, string | boolean | Readonly<Record<string, string>> | undefined>>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Shorter in tests. */
  readonly partBytes?: number;
  readonly firstWaitMs?: number;
};

/** Gives the answer that a package which is sent at once gets. @throws Problem of the store, or `client.…` */
export async function uploadInParts(client: Client, upload: InParts): Promise<Answer> {
  const id = await begin(client, upload);
  await sendAll(client, id, upload);
  try {
    return await finish(client, id, upload);
  } catch (error) {
    // Of what is refused for good nothing is gone on with, and an account has few places for what is open.
    if (isProblem(error) && !PASSING.has(error.kind) && error.code !== "app.id_alike")
      await discard(client, id);
    throw error;
  }
}

/** What the same command may find otherwise the next time; that an id is meant is said with the next one as well. */
const PASSING: ReadonlySet<ProblemKind> = new Set([
  "unavailable",
  "unreachable",
  "too_many_requests",
  "internal",
  "locked",
  "unauthenticated",
]);

/** Another request of the same may be at it still, when the answer to the first was lost on the way. */
async function finish(client: Client, id: string, upload: InParts): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await client.call({
        method: "POST",
        path: apiPath("uploads", id, "version"),
        json: upload.terms,
        // Of this upload alone: what an earlier one of the same command became may have been deleted since.
        idempotencyKey: `version-of-${id}`,
        timeoutMs: null,
      });
    } catch (error) {
      if (!isProblem(error) || error.code !== "upload.in_use" || tries === VAIN_TRIES) throw error;
      await pause((upload.firstWaitMs ?? FIRST_WAIT_MS) * 2 ** tries, upload.signal);
    }
  }
}

async function discard(client: Client, id: string): Promise<void> {
  try {
    await client.call({ method: "DELETE", path: apiPath("uploads", id), headers: TUS });
  } catch (error) {
    // It ends by itself; what the package was refused for is what has to be told.
    if (!isProblem(error)) throw error;
  }
}

/** What became versions and was deleted since, of the same command. */
const MOST_BEFORE = 20;

async function begin(client: Client, upload: InParts, before = 0): Promise<string> {
  const { source, fileName } = upload;
  try {
    const { json } = await client.call({
      method: "POST",
      path: apiPath("uploads"),
      headers: {
        ...TUS,
        "upload-length": String(source.sizeBytes),
        "upload-metadata": `filename ${Buffer.from(fileName).toString("base64")}`,
      },
      // The same in the next run, which finds by it what this one began.
      idempotencyKey: `parts-${before === 0 ? "" : `${before}-`}${upload.key}`,
    });
    return text(object(json, "an upload"), "id");
  } catch (error) {
    // What was begun before is a version by now, or its time was over.
    if (!isProblem(error) || error.code !== "idempotency.resource_gone" || before === MOST_BEFORE)
      throw error;
    return begin(client, upload, before + 1);
  }
}

async function sendAll(client: Client, id: string, upload: InParts): Promise<void> {
  const { source, progress } = upload;
  let before = -1;
  for (let vain = 0; ; ) {
    try {
      const received = number(object(await client.get(apiPath("uploads", id)), "an upload"), "receivedBytes");
      progress.update(received);
      if (received === source.sizeBytes) return;
      if (received > before) vain = 0;
      before = received;
      await client.call({
        method: "PATCH",
        path: apiPath("uploads", id),
        headers: { ...TUS, "upload-offset": String(received) },
        stream: partOf(upload, received),
        timeoutMs: null,
      });
    } catch (error) {
      if (!isProblem(error) || !mayGoOn(error) || vain === VAIN_TRIES) throw error;
      const waitMs = (upload.firstWaitMs ?? FIRST_WAIT_MS) * 2 ** vain;
      vain += 1;
      await pause(Math.min(LONGEST_WAIT_MS, waitMs), upload.signal);
    }
  }
}

function partOf({ source, progress, partBytes = PART_BYTES }: InParts, offset: number): StreamBody {
  const sizeBytes = Math.min(partBytes, source.sizeBytes - offset);
  return {
    mediaType: "application/offset+octet-stream",
    sizeBytes,
    open: () =>
      streamOf(
        (async function* () {
          let sent = 0;
          for await (const chunk of chunksOf(source, offset + sizeBytes, offset)) {
            progress.update(offset + sent);
            sent += chunk.length;
            yield chunk;
          }
        })(),
      ),
  };
}

/** Of what the store has taken meanwhile, it says how much when it is asked. */
function mayGoOn(problem: Problem): boolean {
  const transient = ["unavailable", "too_many_requests", "unreachable"];
  const again = ["upload.offset_differs", "upload.in_use", "request.cut_off", "request.too_slow"];
  return isWorthRetrying(problem) || again.includes(problem.code) || transient.includes(problem.kind);
}
