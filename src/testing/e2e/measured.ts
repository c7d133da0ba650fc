/**
 * `bun measured.ts COMMAND…` runs a command and prints what it said and used as JSON. A process of its own, because Linux counts
 * the memory of whoever starts a program as the program's (getrusage(2), ru_maxrss), and a test has much.
 */
async function main(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe", timeout: 60_000 });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const used = child.resourceUsage();
  const cpuMs = Number((used?.cpuTime.user ?? 0n) + (used?.cpuTime.system ?? 0n)) / 1000;
  const maxBytes = used?.maxRSS ?? 0;
  console.log(JSON.stringify({ exitCode: child.exitCode, stdout, stderr, cpuMs, maxBytes }));
}

void main(process.argv.slice(2));

export {};
