/** `mosis serve` as a process of its own on a folder of a scratch, as an administrator runs it. */
import { join } from "node:path";
import { MOSIS } from "./mosis.ts";
import type { Scratch } from "./scratch.ts";

export type ServeProcess = {
  readonly url: string;
  readonly rootSha256: string;
  readonly setupUrl: string | null;
  readonly pid: number;
  /** Ends it and gives its exit code and its log. */
  stop(signal?: NodeJS.Signals): Promise<{ exitCode: number; log: string }>;
};

const ROOT = join(import.meta.dir, "../..");

/**
 * @param argv Its options; paths are absolute.
 * @throws Error with what it wrote, when it ends before it serves
 */
export async function startServe(here: Scratch, argv: readonly string[]): Promise<ServeProcess> {
  const child = Bun.spawn([...MOSIS, "serve", ...argv, "--json"], {
    // From its source it needs the tree's own tsconfig, which is looked for here.
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: here.folder },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const log = new Response(child.stderr).text();
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`serve ended with ${await child.exited}: ${text}${await log}`);
    text += decoder.decode(value, { stream: true });
  }
  const { url, rootSha256, setupUrl } = JSON.parse(text);
  if (typeof url !== "string") throw new Error(`serve ended with ${await child.exited}: ${text}${await log}`);
  return {
    url,
    rootSha256,
    setupUrl,
    pid: child.pid,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return { exitCode: await child.exited, log: await log };
    },
  };
}
