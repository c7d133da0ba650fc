/** nginx as the guide sets it up before a store, without its TLS: where it is installed. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

export const noNginx = Bun.which("nginx") === null;

export type Nginx = { readonly port: number; stop(): Promise<void> };

/** @param options Lines of its server block, beside those that pass requests on. */
export async function startNginx(storePort: number, options: readonly string[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "mosis-nginx-"));
  const port = freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; events {}
${process.getuid?.() === 0 ? "user root;" : ""}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
  server {
    listen 127.0.0.1:${port};
    client_max_body_size 0;
    ${options.join(" ")}
    location / {
      proxy_pass http://127.0.0.1:${storePort};
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
    }
  }
}
`,
  );
  const child = Bun.spawn(["nginx", "-c", file, "-e", join(folder, "error.log")], {
    stdout: "ignore",
    stderr: "pipe",
  });
  for (let attempt = 0; ; attempt += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    if (child.exitCode !== null || attempt > 300)
      throw new Error(`nginx did not start: ${await new Response(child.stderr).text()}`);
    await Bun.sleep(20);
  }
  return {
    port,
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
