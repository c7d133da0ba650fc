/**
 * What the Containerfile promises, without a container engine: its own ENV, USER, CMD and HEALTHCHECK, tried with the
 * executable in a mount namespace whose root is read-only, as a user without any capability.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import { freePort } from "../free-port.ts";

const root = join(import.meta.dirname, "../../..");
const steps = stepsOf(readFileSync(join(root, "Containerfile"), "utf8"));

type Step = { readonly name: string; readonly words: string };

/** Instructions in order; lines that end in a backslash go on. */
function stepsOf(text: string): readonly Step[] {
  return text
    .replaceAll(/^\s*#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .flatMap((line) => {
      const [, name, words] = /^([A-Z]+)\s+(.+)$/.exec(line.trim()) ?? [];
      return name === undefined || words === undefined ? [] : [{ name, words }];
    });
}

const all = (name: string): readonly string[] =>
  steps.filter((step) => step.name === name).map((step) => step.words);
const last = (name: string): string => all(name).at(-1) ?? "";

describe("the Containerfile", () => {
  test("builds with the bun that package.json pins, from a tree without git", () => {
    const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const runs = all("RUN").filter((line) => line.includes("bun@"));
    expect(runs.length).toBe(2);
    for (const line of runs) expect(line).toContain(`npx --yes ${packageManager} `);
    expect(runs[1]).toContain("run build --commit");
  });

  test("ends as a user without rights, with a volume and a health check", () => {
    expect(last("USER")).toBe("mosis");
    expect(all("RUN").at(-1)).toContain("--uid 10001");
    expect(last("VOLUME")).toBe("/data");
    expect(last("ENTRYPOINT")).toBe('["/usr/local/bin/mosis"]');
    expect(last("CMD")).toBe('["serve"]');
    expect(last("HEALTHCHECK")).toContain("/readyz");
  });

  test("copies only files that are there", () => {
    for (const words of all("COPY").filter((line) => !line.startsWith("--from")))
      for (const file of words.split(" ").slice(0, -1)) expect(existsSync(join(root, file))).toBe(true);
  });
});

describe("the administrator’s guide", () => {
  const guide = readFileSync(join(root, "assets/docs/guides/administrator.md"), "utf8");

  test("builds the image in the format that has a health check", () => {
    const builds = guide.split("\n").filter((line) => line.startsWith("podman build "));
    expect(builds.length).toBeGreaterThan(0);
    for (const line of builds) expect(line).toContain(" --format docker ");
  });

  const [, unit = ""] = /```ini\n(\[Unit\].*?)```/s.exec(guide) ?? [];

  test("has a service that may do little, and all that the executable needs", () => {
    expect(unit).toContain("ExecStart=/usr/local/bin/mosis serve ");
    expect(unit).toContain("\nCapabilityBoundingSet=\n");
    expect(unit).toContain("\nRestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX\n");
    expect(unit).not.toContain("MemoryDenyWriteExecute");
  });

  test.skipIf(Bun.which("systemd-analyze") === null)("has a service in which systemd finds no fault", () => {
    const space = workspace();
    try {
      const file = join(space.folder, "mosis.service");
      writeFileSync(file, unit.replace("/usr/local/bin/mosis", space.binary));
      const { stderr } = Bun.spawnSync(["systemd-analyze", "verify", "--man=no", file]);
      // What other units of this machine are told is not about ours.
      const said = stderr
        .toString()
        .split("\n")
        .filter((line) => line.includes("mosis.service"));
      expect(said).toEqual([]);
    } finally {
      space.remove();
    }
  });
});

const isRoot = process.getuid?.() === 0;
/** In a namespace of its own root may mount; another user may within a user namespace, where the system allows that. */
const namespace = isRoot ? ["unshare", "--mount"] : ["unshare", "--user", "--map-current-user", "--mount"];
const canMount =
  Bun.which("unshare") !== null &&
  Bun.which("setpriv") !== null &&
  Bun.spawnSync([...namespace, "mount", "--make-rprivate", "/"]).exitCode === 0;

describe.skipIf(!canMount)("the image's command on a read-only root", () => {
  const space = workspace();
  const data = join(space.folder, "data");
  let port = 0;
  let child: ReturnType<typeof Bun.spawn> | undefined;

  const healthy = (): boolean => {
    const [, command] = /CMD (\[.*\])$/.exec(last("HEALTHCHECK")) ?? [];
    const words: string[] = JSON.parse(command ?? "[]");
    return Bun.spawnSync(words, { env: { PATH: "/usr/bin:/bin", MOSIS_PORT: String(port) } }).exitCode === 0;
  };

  beforeAll(async () => {
    port = freePort();
    mkdirSync(data, { mode: 0o700 });
    for (const folder of [join(space.folder, ".."), space.folder, join(space.binary, "..")])
      chmodSync(folder, 0o755);
    chmodSync(space.binary, 0o755);
    if (isRoot) chownSync(data, 10_001, 10_001);
    const settings = last("ENV")
      .replace("MOSIS_DATA=/data", `MOSIS_DATA=${data}`)
      .replace("MOSIS_HOST=0.0.0.0", "MOSIS_HOST=127.0.0.1")
      .replace("MOSIS_PORT=8470", `MOSIS_PORT=${port}`);
    const user = isRoot ? "--reuid 10001 --regid 10001 --clear-groups --bounding-set -all" : "";
    const script = join(space.folder, "container.sh");
    // Every mount but the volume becomes read-only: the root, temporary files, all of it.
    writeFileSync(
      script,
      `set -eu
mount --make-rprivate /
mount --bind ${data} ${data}
for point in / $(awk '{ print $5 }' /proc/self/mountinfo | grep -vE '^(/|/proc.*|/sys.*|/dev.*|${data})$'); do
  mount -o remount,bind,ro "$point" 2> /dev/null || true
done
if touch ${space.folder}/writable 2> /dev/null; then echo "the root is not read-only" >&2; exit 9; fi
exec setpriv ${user} --no-new-privs -- env -i PATH=/usr/bin:/bin ${settings} ${space.binary} serve --json
`,
    );
    child = Bun.spawn([...namespace, "sh", script], {
      stdout: "ignore",
      stderr: Bun.file(join(space.folder, "err")),
    });
    for (let attempt = 0; attempt < 200 && child.exitCode === null && !healthy(); attempt++)
      await Bun.sleep(50);
  });
  afterAll(async () => {
    child?.kill("SIGKILL");
    await child?.exited;
    space.remove();
  });

  test("starts, says that it is healthy, runs as nobody in particular, and ends cleanly on SIGTERM", async () => {
    const errors = readFileSync(join(space.folder, "err"), "utf8");
    expect(child?.exitCode === null ? "" : errors).toBe("");
    expect(healthy()).toBe(true);
    const status = readFileSync(`/proc/${child?.pid}/status`, "utf8");
    if (isRoot) {
      expect(status).toMatch(/^Uid:\s+10001\s+10001\s+10001\s+10001$/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
    }
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    child?.kill("SIGTERM");
    expect(await child?.exited).toBe(0);
    expect(healthy()).toBe(false);
  });

  test("keeps everything in the volume", () => {
    expect(readdirSync(data)).toEqual(expect.arrayContaining(["mosis.db", "blobs", "master.key"]));
  });
});
