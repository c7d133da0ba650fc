/** A port that is free now; nothing else on this machine's loopback takes one in the meantime but by bad luck. */
export function freePort(): number {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = server;
  server.stop(true);
  return port;
}
