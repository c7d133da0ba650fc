/** The dashboard of somebody who is signed in, beside nginx serving the very bytes that ours answered. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newPerson, serveStore } from "../../src/testing/served-store.ts";
import type { Measure, Sides } from "../harness.ts";
import { startNginx } from "../nginx.ts";
import { CONNECTIONS, microseconds } from "../wrk.ts";

export const dashboard: Measure = {
  name: "dashboard",
  about: `time per request of the dashboard, signed in, over ${CONNECTIONS} connections, beside nginx serving the same bytes`,
  unit: "µs",
  rounds: 5,
  async open({ folder, binary }): Promise<Sides> {
    const nginx = await startNginx(folder);
    // Counted, and none of them refused.
    const store = await serveStore({ folder, binary, args: ["--account-requests", "1000000"] });
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
    const headers = [`Cookie: ${cookie}`];
    console.error(`  the page has ${bytes.byteLength} bytes`);
    return {
      ours: () => microseconds(address, { headers }),
      peer: () => microseconds(`${nginx.url}/dashboard.html`, { headers }),
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
