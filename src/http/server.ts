/** Listening on a port, with or without TLS, and stopping without cutting anyone off. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { FLUSH_MS, flushFetches } from "../catalog/installs/count.ts";
import type { Store } from "../context.ts";
import { describeError, Problem } from "../errors.ts";
import { createHandler, type Site } from "./app.ts";
import { PATIENCE, type Patience } from "./body-bytes.ts";
import { problemOf, problemResponse } from "./errors.ts";
import { endStreams } from "./live/open-streams.ts";
import { secured } from "./security.ts";
import { site as wholeSite } from "./site.ts";
import type { RequestInfo } from "./transport.ts";

export type ListenOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM files. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Shorter in tests. */
  readonly patience?: Patience;
};

export type RunningServer = {
  /** As this machine reaches it, without a slash at the end. */
  readonly url: string;
  /** Takes no new request, lets those that run finish for at most `timeoutMs`, then cuts the rest off. */
  readonly stop: (timeoutMs: number) => Promise<void>;
};

const POLL_MS = 10;
const CLEAN_UP_MS = 500;

/**
 * Starts serving.
 * @throws Problem `server.address_taken`, `server.address_invalid`, `server.tls_unreadable`, `server.tls_invalid`
 */
export function startServer(store: Store, options: ListenOptions, site: Site = wholeSite): RunningServer {
  const tls = options.tls ? readTls(options.tls) : undefined;
  const patience = options.patience ?? PATIENCE;
  const handler = createHandler(store, site, { tls: tls !== undefined }, patience);
  const running = new Set<Promise<Response>>();
  let stopping = false;

  const server = listen(options, () =>
    Bun.serve({
      hostname: options.host,
      port: options.port,
      ...(tls ? { tls } : {}),
      // Two stores on one port would each get half of the requests.
      reusePort: false,
      idleTimeout: patience.idleSeconds,
      // Each route counts what it takes; this limit would answer in words that are not ours.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      development: false,
      async fetch(request, self) {
        const answer = handler(
          request,
          self.requestIP(request)?.address ?? null,
          // By itself the timer also counts as idle what moves at less than 16 KiB a second; an upload may take all day.
          () => self.timeout(request, patience.idleSeconds),
        );
        running.add(answer);
        try {
          const response = await answer;
          if (stopping) response.headers.set("Connection", "close");
          return response;
        } finally {
          running.delete(answer);
        }
      },
      // Past our own handling: only a bug in it comes here.
      error: (error) => lastResort(store, error),
    }),
  );

  const counting = setInterval(() => void flush(store), FLUSH_MS);
  counting.unref();

  return {
    url: `${tls ? "https" : "http"}://${urlHost(options.host)}:${server.port}`,
    async stop(timeoutMs) {
      stopping = true;
      // The promise waits for idle keep-alive connections too, so the requests are counted instead.
      void server.stop(false);
      const deadline = Bun.nanoseconds() + timeoutMs * 1e6;
      while ((running.size > 0 || server.pendingRequests > 0) && Bun.nanoseconds() < deadline) {
        // Again and again: on a connection that is open a client may come back at once.
        endStreams(store);
        await Bun.sleep(POLL_MS);
      }
      await server.stop(true);
      // Those that were cut off clean up after themselves and write their line of the log.
      await Promise.race([Promise.allSettled([...running]), Bun.sleep(CLEAN_UP_MS)]);
      clearInterval(counting);
      await flush(store);
    },
  };
}

/** What cannot be written now is written with the next minute's; a server that stops meanwhile loses it: nobody acts on that number. */
async function flush(store: Store): Promise<void> {
  try {
    await flushFetches(store);
  } catch (error) {
    store.log.warn("installs.uncounted", { error: describeError(error) });
  }
}

/**
 * Listens for a moment.
 * @throws Problem `server.address_taken`, `server.address_invalid`
 */
export async function tryAddress(options: Pick<ListenOptions, "host" | "port">): Promise<void> {
  const server = listen(options, () =>
    Bun.serve({ hostname: options.host, port: options.port, reusePort: false, fetch: () => new Response() }),
  );
  await server.stop(true);
}

function lastResort(store: Store, error: unknown): Response {
  const info: RequestInfo = {
    id: crypto.randomUUID(),
    origin: "",
    confidential: false,
    https: false,
    address: "",
    head: false,
  };
  return secured(problemResponse(problemOf(error, store, info), info), info, "file");
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

const LISTEN_REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 stands for all that it has",
  EACCES: "this user may not have that port; those above 1023 are free to all",
  ENOTFOUND: "there is no machine of that name",
};

function listen<T>(options: Pick<ListenOptions, "host" | "port">, start: () => T): T {
  try {
    return start();
  } catch (error) {
    const where = `${options.host}:${options.port}`;
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "EADDRINUSE") {
      throw new Problem(
        "unreachable",
        "server.address_taken",
        `${where} is in use by another program: stop it, or choose another port with --port.`,
        [],
        { cause: error },
      );
    }
    throw new Problem(
      "unreachable",
      "server.address_invalid",
      `Cannot listen on ${where}: ${LISTEN_REASONS[String(code)] ?? describeError(error)}.`,
      [],
      { cause: error },
    );
  }
}

/**
 * The certificate chain and its key, checked to belong together.
 * @throws Problem `server.tls_unreadable`, `server.tls_invalid`
 */
export function readTls(files: { certFile: string; keyFile: string }): { cert: string; key: string } {
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      throw new Problem("unreachable", "server.tls_unreadable", `The TLS file ${path} cannot be read.`, [], {
        cause: error,
      });
    }
  };
  const { certFile, keyFile } = files;
  const [cert, key] = [read(certFile), read(keyFile)];
  const certificate = parsedTls(certFile, "a certificate in PEM", () => new X509Certificate(cert));
  const privateKey = parsedTls(keyFile, "a private key in PEM without a passphrase", () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw tlsInvalid(`The key in ${keyFile} is not that of the first certificate in ${certFile}.`);
  }
  return { cert, key };
}

function parsedTls<Value>(path: string, what: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw tlsInvalid(`${path} does not hold ${what}.`, error);
  }
}

function tlsInvalid(message: string, cause?: unknown): Problem {
  return new Problem("invalid", "server.tls_invalid", message, [], { cause });
}
