/**
 * The guides' examples are run with the executable, each page in a folder of its own; shell-examples.ts says by which
 * convention.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docPages } from "../../src/docs/pages.ts";
import { binaryUnderTest } from "../../src/testing/binary.ts";
import { type MailServer, startMailServer } from "../../src/testing/mail-server.ts";
import { examplesOf, matchesExpected, scriptOf, serveInBackground } from "./shell-examples.ts";

const root = join(import.meta.dirname, "../..");

const STORE = `${serveInBackground()}
mosis admin organisation add "Example Apps" --data ./store
(umask 077; mosis admin apikey add --organisation "Example Apps" --name docs --data ./store | head -n 1 > "$HOME/mosis-token")`;
const CONNECTED = `${STORE}
export MOSIS_STORE=http://127.0.0.1:8470 MOSIS_TOKEN_FILE=$HOME/mosis-token
mosis new notes --name "Field notes" --author "Example Apps"`;
const SUBMITTED = `${CONNECTED}
mosis keys new
mosis keys enroll
mosis pack notes -o notes.mosis
mosis sign notes.mosis
mosis submit notes.mosis --notes "First release."`;

const owner = (name: string, organisation: string) => `
mosis admin user add ${name}@example.com --name ${name} --data ./store
mosis admin organisation member "${organisation}" ${name}@example.com owner --data ./store
(umask 077; mosis admin apikey add --user ${name}@example.com --name own --data ./store | head -n 1 > ${name}-token)`;

/** What each page takes for granted. */
const SETUPS: Readonly<Record<string, string>> = {
  "quick-start": "",
  "guides/developer": STORE,
  "guides/ci": CONNECTED,
  "guides/api-keys": STORE,
  "guides/reviewer": `${SUBMITTED}
mosis pack ${root}/assets/samples/calculator -o calculator.mosis
mosis sign calculator.mosis
mosis submit calculator.mosis --notes "First release."`,
  "guides/administrator": "",
  "guides/mail": "",
  "guides/restricted-store": "",
  "guides/private-apps": SUBMITTED,
  "guides/store-front": SUBMITTED,
  "guides/transfer-an-app": `${SUBMITTED}
mosis admin review approve com.example.notes 1 --data ./store
mosis admin organisation add "Harbour Tools" --data ./store
${owner("ada", "Example Apps")}
${owner("otto", "Harbour Tools")}
ROOT=$(curl -s http://127.0.0.1:8470/store/v1/metadata/1.root.json | sha256sum | cut -d' ' -f1)
mosis device init http://127.0.0.1:8470 --root-sha256 $ROOT --home ./device
mosis device install com.example.notes --home ./device`,
  "guides/second-factors": "",
  "guides/your-data": "",
  "guides/sign-in-with-a-provider": serveInBackground(),
  "guides/keys": serveInBackground(),
  "guides/verify-with-openssl": `${SUBMITTED}
cp notes.mosis app.mosis
cp "$HOME/.config/mosis/keys/developer.ca.pem" ca.pem`,
  "guides/device": `${SUBMITTED}
mosis admin review approve com.example.notes 1 --data ./store`,
};

function freePort(): number {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  server.stop(true);
  if (port === undefined) throw new Error("no free port");
  return port;
}

let top = "";
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  top = mkdtempSync(join(tmpdir(), "mosis-docs-"));
  mkdirSync(join(top, "bin"));
  // Outside of the checkout, as those have it who read the pages.
  copyFileSync(binaryUnderTest(), join(top, "bin/mosis"));
});
afterAll(async () => {
  await mail.stop();
  await rm(top, { recursive: true, force: true });
}, 120_000);

const PAGES = docPages()
  .map((page) => ({ page, examples: examplesOf(page.markdown) }))
  .filter(({ examples }) => examples.length > 0);

test("every page with examples has a setup, and every setup a page", () => {
  expect(PAGES.map(({ page }) => page.path).sort()).toEqual(Object.keys(SETUPS).sort());
});

describe("the examples of", () => {
  test.each(PAGES.map((one) => [one.page.file, one] as const))(
    "%s",
    async (_, { page, examples }) => {
      const folder = mkdtempSync(join(top, "page-"));
      const home = mkdtempSync(join(top, "home-"));
      const port = freePort();
      writeFileSync(join(folder, "script"), scriptOf(SETUPS[page.path] ?? "", examples, port, mail.port));
      const shell = Bun.spawn(["bash", "script"], {
        cwd: folder,
        env: {
          PATH: `${join(top, "bin")}:${process.env.PATH ?? "/usr/bin:/bin"}`,
          HOME: home,
          LANG: "C.UTF-8",
          MOSIS_PORT: String(port),
        },
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        timeout: 240_000,
      });
      const read = (name: string) => {
        const path = join(folder, name);
        return existsSync(path) ? readFileSync(path, "utf8") : "";
      };
      const errors = await new Response(shell.stderr).text();
      await shell.exited;
      const at = read("at").trim();
      const where = examples[Number(at)];
      const place = where === undefined ? at : `${page.file}:${where.line}\n${where.code}`;
      const said = `${place}\n${read(`out.${at}`) || read("setup.out")}\n${errors}`;
      expect(shell.exitCode === 0 ? "" : said).toBe("");
      const wrong = examples.flatMap(({ expected, line }, index) => {
        const output = read(`out.${index}`);
        return expected === null || matchesExpected(output, expected, port, mail.port)
          ? []
          : [`${page.file}:${line} prints\n${output}\nwhere the page says\n${expected}`];
      });
      expect(wrong.join("\n")).toBe("");
      expect(readableSecrets(folder)).toEqual([]);
    },
    300_000,
  );
});

/** Files beside the store with an API key or an enrolment code in them that others on the machine can read. */
function readableSecrets(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // What the script itself prints is none of the page's.
    if (!entry.isFile() || /^(?:out|err)\.\d+$|^script$|^(?:setup|serve)\./.test(entry.name)) return [];
    const isOpen = (statSync(path).mode & 0o077) !== 0;
    const isSecret = /mosis_(?:org|usr)_[0-9a-f]{32}_\w{49}|\b(?:[0-9A-Z]{5}-){2}[0-9A-Z]{5}\b/.test(
      readFileSync(path, "utf8"),
    );
    return isOpen && isSecret ? [entry.name] : [];
  });
}

test("what others can read of secrets is found", () => {
  const folder = mkdtempSync(join(top, "secrets-"));
  const secret = `mosis_org_${"0".repeat(32)}_${"x".repeat(49)}\n`;
  writeFileSync(join(folder, "open"), secret);
  writeFileSync(join(folder, "closed"), secret, { mode: 0o600 });
  writeFileSync(join(folder, "plain"), "nothing");
  expect(readableSecrets(folder)).toEqual(["open"]);
});

test("the comparison tells right from wrong", () => {
  expect(matchesExpected("a 1\nb\n", "a …\nb\n", 1, 9)).toBe(true);
  expect(matchesExpected("a 1\nx\ny\nb", "a 1\n…\nb\n", 1, 9)).toBe(true);
  expect(matchesExpected("at http://127.0.0.1:5/x", "at http://127.0.0.1:8470/x", 5, 9)).toBe(true);
  expect(matchesExpected("a 1\nc\n", "a …\nb\n", 1, 9)).toBe(false);
  expect(matchesExpected("a 1\nb\nc\n", "a …\nb\n", 1, 9)).toBe(false);
  expect(matchesExpected("", "a\n", 1, 9)).toBe(false);
});
