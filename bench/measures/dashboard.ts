/**
 * The dashboard of somebody who is signed in, beside nginx serving the very bytes that ours answered. One client (wrk)
 * measures both over the same number of kept connections.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newPerson, serveStore } from "../../src/testing/served-store.ts";
import type { Measure, Sides } from "../harness.ts";
import { startNginx } from "../nginx.ts";
import { timed } from "../process.ts";

const CONNECTIONS = 8;
const SECONDS = 3;

export const dashboard: Measure = {
  name: "dashboard",
  about: `time per request of the dashboard, signed in, over ${CONNECTIONS} connections, beside nginx serving the same bytes`,
  unit: "µs",
  rounds: 5,
  async open({ folder, binary }): Promise<Sides> {
    const nginx = await startNginx(folder);
    const store = await serveStore({ folder, binary });
    const person = await newPerson(store, {
      email: "admin@example.com",
      name: "Alex Admin",
      role: "administrator",
    });
    const cookie = await signIn(store.url, person);
    const address = `${store.url}/dashboard`;
    const page = await fetch(address, { headers: { cookie }, redirect: "manual" });
    const bytes = new Uint8Array(await page.arrayBuffer());
    if (page.status !== 200) throw new Error(`the dashboard was answered with ${page.status}`);
    writeFileSync(join(nginx.root, "dashboard.html"), bytes);
    console.error(`  the page has ${bytes.byteLength} bytes`);
    return {
      ours: () => microseconds(address, cookie),
      peer: () => microseconds(`${nginx.url}/dashboard.html`, cookie),
      async close() {
        await store.stop();
        await nginx.close();
      },
    };
  },
};

async function signIn(url: string, person: { email: string; password: string }): Promise<string> {
  const answer = await fetch(`${url}/sign-in`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ email: person.email, password: person.password }).toString(),
    redirect: "manual",
  });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (answer.status !== 303 || cookie === undefined)
    throw new Error(`signing in was answered with ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return cookie;
}

/** @throws Error when an answer was no 2xx */
async function microseconds(url: string, cookie: string): Promise<number> {
  const { stdout } = await timed([
    ...["wrk", "-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, "-H", `Cookie: ${cookie}`, url],
  ]);
  const perSecond = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(stdout)?.[1]);
  if (!(perSecond > 0) || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk said:\n${stdout}`);
  return 1e6 / perSecond;
}
