/** nginx as Debian ships it, on a folder of ours: files, and uploads by its DAV module (PUT). */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Nginx = {
  readonly url: string;
  /** Files that it serves; uploads land in upload/. */
  readonly root: string;
  /** Of the master. */
  readonly pid: number;
  close(): Promise<void>;
};

/** Workers as many as Debian's configuration starts: one for each core. It writes an access log, as ours does. */
function configuration(folder: string, port: number): string {
  return `
daemon off;
user root;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 768; }
http {
  include /etc/nginx/mime.types;
  access_log ${folder}/access.log;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_max_body_size 1g;
  client_body_temp_path ${folder}/bodies;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/root;
    location /upload/ { dav_methods PUT; }
  }
}
`;
}

function freePort(): number {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  return port;
}

export async function startNginx(folder: string): Promise<Nginx> {
  const root = join(folder, "root");
  mkdirSync(join(root, "upload"), { recursive: true });
  const port = freePort();
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, port));
  const child = Bun.spawn(["nginx", "-c", file, "-e", join(folder, "error.log")], {
    stdout: "ignore",
    stderr: "pipe",
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) break;
    if (child.exitCode !== null || attempt > 200)
      throw new Error(`nginx did not start: ${await new Response(child.stderr).text()}`);
    await Bun.sleep(10);
  }
  return {
    url,
    root,
    pid: child.pid,
    async close() {
      child.kill("SIGQUIT");
      const late = setTimeout(() => child.kill("SIGTERM"), 2000);
      await child.exited;
      clearTimeout(late);
    },
  };
}
