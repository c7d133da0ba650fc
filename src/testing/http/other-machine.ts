/**
 * Another machine, as far as a server can tell: a network of its own with a cable to ours (a network namespace and a
 * veth pair), for root with `ip`. Elsewhere an address of this machine that is not loopback stands in for one; where
 * there is neither, it fails, so that what is tested with it is never skipped without a word.
 */
import { networkInterfaces } from "node:os";

export type OtherAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

export type OtherRequest = {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form by POST. */
  readonly form?: Readonly<Record<string, string>>;
  /** File with the certificates that are trusted. */
  readonly caFile?: string;
};

export type OtherMachine = {
  /** Where it sees us. */
  readonly address: string;
  /** Where we see it. */
  readonly ownAddress: string;
  /** Asks with curl, from there. @throws Error when there is no answer */
  ask(url: string, request?: OtherRequest): Promise<OtherAnswer>;
  close(): Promise<void>;
};

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function run(argv: readonly string[]): Promise<Ran> {
  const child = Bun.spawn([...argv], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code: child.exitCode ?? -1, stdout, stderr };
}

export async function otherMachine(): Promise<OtherMachine> {
  const namespace = await openNamespace();
  if (typeof namespace !== "string") return namespace;
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === "IPv4")?.address;
  if (address === undefined) {
    throw new Error(
      `there is no other machine to ask from: no network namespace (${namespace}), and no address but loopback`,
    );
  }
  return { address, ownAddress: address, ask: askWith([]), close: async () => {} };
}

/** The machine, or why there can be none. */
async function openNamespace(): Promise<OtherMachine | string> {
  if (process.getuid?.() !== 0) return "not root";
  if (Bun.which("ip") === null) return "no ip command";
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(4))).toString("hex");
  const [name, ours, theirs] = [`mosis-${id}`, `mo${id}`, `mt${id}`];
  // 198.18.0.0/15 is for tests between networks (RFC 2544); four addresses of it, chosen by chance.
  const [low = 0, high = 0] = crypto.getRandomValues(new Uint8Array(2));
  const network = (last: number) => `198.18.${low}.${(high & 0xfc) + last}`;
  const [address, ownAddress] = [network(1), network(2)];
  const close = async () => {
    // The cable goes with either of its ends.
    await run(["ip", "link", "delete", ours]);
    await run(["ip", "netns", "delete", name]);
  };
  const inside = ["ip", "-n", name];
  for (const argv of [
    ["ip", "netns", "add", name],
    ["ip", "link", "add", ours, "type", "veth", "peer", "name", theirs],
    ["ip", "link", "set", theirs, "netns", name],
    ["ip", "address", "add", `${address}/30`, "dev", ours],
    ["ip", "link", "set", ours, "up"],
    [...inside, "address", "add", `${ownAddress}/30`, "dev", theirs],
    [...inside, "link", "set", "lo", "up"],
    [...inside, "link", "set", theirs, "up"],
  ]) {
    const { code, stderr } = await run(argv);
    if (code === 0) continue;
    await close();
    return `${argv.join(" ")}: ${stderr.trim()}`;
  }
  return { address, ownAddress, ask: askWith(["ip", "netns", "exec", name]), close };
}

const FORM = "application/x-www-form-urlencoded";

function askWith(under: readonly string[]): OtherMachine["ask"] {
  return async (url, { headers = {}, form, caFile } = {}) => {
    const body = form === undefined ? [] : ["--data-raw", new URLSearchParams(form).toString()];
    const { code, stdout, stderr } = await run([
      ...under,
      "curl",
      "--silent",
      "--show-error",
      "--include",
      "--noproxy",
      "*",
      "--max-time",
      "20",
      ...Object.entries(form === undefined ? headers : { "Content-Type": FORM, ...headers }).flatMap(
        ([name, value]) => ["--header", `${name}: ${value}`],
      ),
      ...(caFile === undefined ? [] : ["--cacert", caFile]),
      ...body,
      url,
    ]);
    if (code !== 0) throw new Error(`curl ended with ${code}: ${stderr}`);
    const end = stdout.indexOf("\r\n\r\n");
    const [first = "", ...lines] = stdout.slice(0, end).split("\r\n");
    const pairs = lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(":")),
      line.slice(line.indexOf(":") + 1).trim(),
    ]);
    return { status: Number(first.split(" ")[1]), headers: new Headers(pairs), text: stdout.slice(end + 4) };
  };
}
