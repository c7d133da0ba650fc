/** What may stand under a name in the place of a file: real pipes, folders, sockets, and links to devices. */
import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

type Put = (path: string) => void;

const THINGS: readonly (readonly [what: string, put: Put])[] = [
  ["a pipe that nobody writes to", makePipe],
  ["a folder", (path) => void mkdirSync(path)],
  ["a link to a folder", (path) => symlinkSync("/", path)],
  ["a loop of links", (path) => symlinkSync(path, path)],
  ["a link to a device without end", (path) => symlinkSync("/dev/zero", path)],
  ["a link to an empty device", (path) => symlinkSync("/dev/null", path)],
  ["a socket", makeSocket],
];

/** Each puts its thing in the place of whatever is there. */
export const OTHER_THINGS: readonly (readonly [what: string, put: Put])[] = THINGS.map(([what, put]) => [
  what,
  (path) => {
    rmSync(path, { recursive: true, force: true });
    put(path);
  },
]);

export function makePipe(path: string): void {
  made(["mkfifo", path]);
}

/** Its name stays when nobody listens at it any more. A name is short, where a path may be too long for a socket. */
function makeSocket(path: string): void {
  const script = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])";
  const short = ".s";
  made(["python3", "-S", "-c", script, short], dirname(path));
  renameSync(join(dirname(path), short), path);
}

function made(words: string[], cwd?: string): void {
  const { success, stderr } = Bun.spawnSync(words, cwd === undefined ? {} : { cwd });
  if (!success) throw new Error(`${words[0]}: ${stderr}`);
}
