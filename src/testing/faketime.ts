/**
 * What the program faketime sets for the program that it runs, so that an executable believes in another time; the
 * program itself does not pass signals on.
 */
export function faketime(offset: string): Record<string, string> {
  const { stdout } = Bun.spawnSync(["faketime", "-f", offset, "env"], { env: { PATH: "/usr/bin:/bin" } });
  const lines = stdout.toString().split("\n");
  const preload = lines.find((line) => line.startsWith("LD_PRELOAD="))?.slice("LD_PRELOAD=".length);
  if (preload === undefined) throw new Error("faketime does not say what it preloads");
  return { LD_PRELOAD: preload, FAKETIME: offset };
}
