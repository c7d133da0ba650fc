/** A package that curl sends to a store again and again, and to nginx. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { newDeveloper, packSigned, serveStore } from "../src/testing/served-store.ts";
import { timed } from "./process.ts";

export type Uploads = {
  /** Of the server. */
  readonly pid: number;
  /** Sends the package as a new version; how long curl took until it was accepted. */
  send(): Promise<{ readonly seconds: number }>;
  /** Waits until the checks are done, and withdraws the version, so that the same bytes are new again. */
  takeBack(): Promise<void>;
  /** PUTs the package to nginx and removes the file that it made. */
  sendTo(url: string, root: string): Promise<number>;
  close(): Promise<void>;
};

const APP = "com.example.calculator";
const MEDIA_TYPE = "application/vnd.mosis.package";

export async function uploads(place: { folder: string; binary: string; source: string }): Promise<Uploads> {
  const store = await serveStore(place);
  const developer = await newDeveloper(store, "Bench");
  const file = await packSigned(store, developer, place.source, join(place.folder, "large.mosis"));
  const authorization = { authorization: `Bearer ${developer.token}` };
  const version = `${store.url}/api/v1/apps/${APP}/versions/1`;

  const curl = async (...args: string[]): Promise<number> => {
    const { stdout } = await timed(
      ["curl", "-sS", "--fail-with-body", "-o", "/dev/null", "-w", "%{time_total} %{size_upload}", ...args],
      { cwd: place.folder },
    );
    const [seconds, sizeBytes] = stdout.split(" ").map(Number);
    if (seconds === undefined || sizeBytes !== Bun.file(file).size)
      throw new Error(`curl sent ${sizeBytes} bytes of ${Bun.file(file).size}`);
    return seconds;
  };

  return {
    pid: store.pid(),
    async send() {
      const seconds = await curl(
        ...["-X", "POST", "-H", `Authorization: Bearer ${developer.token}`],
        ...["-H", `Content-Type: ${MEDIA_TYPE}`, "-T", file],
        `${store.url}/api/v1/versions?createApp=true&submit=false`,
      );
      return { seconds };
    },
    async takeBack() {
      for (;;) {
        const answer = await fetch(version, { headers: authorization });
        const { state } = (await answer.json()) as { state: string };
        if (state === "draft") break;
        if (state !== "checking") throw new Error(`the version is ${state}`);
        await Bun.sleep(50);
      }
      const gone = await fetch(`${version}/withdraw`, {
        method: "POST",
        headers: { ...authorization, "if-match": "*" },
      });
      if (!gone.ok) throw new Error(`withdrawing was answered with ${gone.status}: ${await gone.text()}`);
    },
    async sendTo(url, root) {
      const seconds = await curl("-H", `Content-Type: ${MEDIA_TYPE}`, "-T", file, url);
      for (const name of readdirSync(join(root, "upload"))) rmSync(join(root, "upload", name));
      return seconds;
    },
    async close() {
      await store.stop();
    },
  };
}
