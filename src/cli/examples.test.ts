/**
 * Every example of every `--help` is run, in an order in which each finds what it needs. Only names of places that
 * the help makes up are put in place of others: folders, addresses, ids.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { COMMANDS } from "./commands.ts";
import { type Ran, runCommand } from "./test-io.ts";
import { leaves } from "./tree.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-examples-"));
const home = join(top, "home");
const work = join(top, "work");
const data = join(top, "store");
const environment: Record<string, string> = { HOME: home };
/** What the made-up places of the examples are here. */
const places: [from: string, to: string][] = [
  ["/srv/mosis", data],
  ["~/device", join(home, "device")],
];
const ran = new Set<string>();

/** The words of a line as a shell makes them: quotes, and variables before the command. */
function wordsOf(line: string): { readonly words: string[]; readonly set: Record<string, string> } {
  const all = (line.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ""));
  const start = all.indexOf("mosis");
  // The file that a variable names is looked for where the process is, and the process of this test is elsewhere.
  const set = Object.fromEntries(
    all.slice(0, start).map((word) => {
      const [name = "", value = ""] = word.split("=", 2);
      return [name, name.endsWith("_FILE") ? join(work, value) : value];
    }),
  );
  return { words: all.slice(start + 1), set };
}

async function mosis(
  line: string,
  more: { cwd?: string; signal?: AbortSignal; env?: Record<string, string> } = {},
) {
  const placed = places.reduce((text, [from, to]) => text.replaceAll(from, to), line);
  const { words, set } = wordsOf(placed);
  return runCommand(words, {
    cwd: more.cwd ?? work,
    environment: { ...environment, ...more.env, ...set },
    ...(more.signal === undefined ? {} : { signal: more.signal }),
  });
}

/** An example, which must end well; or with this exit code, where the help shows what the scenario cannot have. */
async function example(
  line: string,
  how: { cwd?: string; env?: Record<string, string>; exitCode?: number; code?: string } = {},
): Promise<Ran> {
  ran.add(line);
  const answer = await mosis(line, how);
  expect(
    `${line}: ${answer.exitCode}${answer.exitCode === (how.exitCode ?? 0) ? "" : ` ${answer.stderr}`}`,
  ).toBe(`${line}: ${how.exitCode ?? 0}`);
  if (how.code !== undefined) expect(answer.stderr).toContain(`[${how.code}]`);
  return answer;
}

/** An example that stays up until it is told to end. */
async function served(
  line: string,
  change: (line: string) => string,
  meanwhile: (url: string) => Promise<void>,
) {
  ran.add(line);
  const stop = new AbortController();
  const running = mosis(change(line), { signal: stop.signal });
  const address = join(data, "address.txt");
  let url = "";
  for (let attempt = 0; url === "" && attempt < 600; attempt++) {
    await Bun.sleep(20);
    url = await Bun.file(address)
      .text()
      .then((text) => text.trim())
      .catch(() => "");
  }
  try {
    expect(url).not.toBe("");
    await meanwhile(url);
  } finally {
    stop.abort();
  }
  const ended = await running;
  expect(`${line}: ${ended.exitCode} ${ended.exitCode === 0 ? "" : ended.stderr}`).toBe(`${line}: 0 `);
}

beforeAll(() => {
  mkdirSync(home);
  mkdirSync(work);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

async function version(code: number): Promise<void> {
  const path = join(work, "notes/manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...manifest, versionCode: code, version: `0.${code}.0` }));
  await example("mosis pack notes -o notes.mosis");
  await example("mosis sign notes.mosis");
}

const SUBMIT = 'mosis submit notes.mosis --notes "Tags, and undo."';
const APPROVE = "mosis admin review approve com.example.notes 3 --data /srv/mosis";

async function administer(): Promise<void> {
  await example("mosis admin setup-link --data /srv/mosis");
  const organisation = await example('mosis admin organisation add "Example Apps" --data /srv/mosis');
  places.push(["org-0190…", /org-[0-9a-f]{32}/.exec(organisation.stdout)?.[0] ?? ""]);
  await example('mosis admin organisation rename org-0190… "Example Apps" --data /srv/mosis');
  await example(
    'mosis admin user add ada@example.com --name "Ada Lovelace" --role reviewer --data /srv/mosis',
  );
  await example('mosis admin organisation member "Example Apps" ada@example.com owner --data /srv/mosis');
  await example("mosis admin organisation list --data /srv/mosis");
  await example("mosis admin user list --data /srv/mosis");
  await example("mosis admin user role ada@example.com reviewer --data /srv/mosis");
  await example("mosis admin user password ada@example.com --data /srv/mosis");
  await example("mosis admin user reset-factors ada@example.com --data /srv/mosis");
  await invitePeople();
  const key = await example(
    'mosis admin apikey add --organisation "Example Apps" --name ci --data /srv/mosis',
  );
  writeFileSync(join(work, "token"), key.stdout.split("\n")[0] ?? "", { mode: 0o600 });
  environment.MOSIS_TOKEN_FILE = join(work, "token");
}

async function invitePeople(): Promise<void> {
  const made = await example(
    "mosis admin invitation add cy@example.com --store-role support --data /srv/mosis",
  );
  await example(
    'mosis admin invitation add dee@example.com --organisation "Example Apps" --role developer --data /srv/mosis',
  );
  await example("mosis admin invitation list --data /srv/mosis");
  await example('mosis admin invitation list --organisation "Example Apps" --data /srv/mosis');
  places.push(["inv-0190…", /inv-[0-9a-f]{32}/.exec(made.stdout)?.[0] ?? ""]);
  await example("mosis admin invitation link inv-0190… --data /srv/mosis");
  await example("mosis admin invitation revoke inv-0190… --data /srv/mosis");
  await example("mosis admin organisation ownerless --data /srv/mosis");
  await example("mosis admin organisation requests --data /srv/mosis");
  const nobodyAsks = { exitCode: 1, code: "organisation_request.not_found" } as const;
  await example("mosis admin organisation accept orq-0190… --data /srv/mosis", nobodyAsks);
  await example(
    'mosis admin organisation refuse orq-0190… --reason "Your company has one." --data /srv/mosis',
    nobodyAsks,
  );
  // Ada can sign in.
  await example(
    'mosis admin organisation take-over "Example Apps" ada@example.com --reason "Olga has left." --data /srv/mosis',
    { exitCode: 1, code: "organisation.owned" },
  );
  await example("mosis admin session list ada@example.com --data /srv/mosis");
  await example("mosis admin session end ada@example.com 5f0c… --data /srv/mosis");
  await example("mosis admin session end-all ada@example.com --data /srv/mosis");
}

/** As Ada does it, with the password that the administrator handed over: the code goes into the store's page. */
async function signIn(url: string): Promise<void> {
  const given = await mosis("mosis admin user password ada@example.com --data /srv/mosis");
  const password = /password +(\S+)/.exec(given.stdout)?.[1] ?? "";
  const post = (path: string, form: Record<string, string>, cookie = "") =>
    fetch(url + path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: url, cookie },
      body: new URLSearchParams(form),
    });
  const entered = await post("/sign-in", { email: "ada@example.com", password });
  const session = entered.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const login = async (line: string) => {
    ran.add(line);
    const placed = places.reduce((text, [from, to]) => text.replaceAll(from, to), line);
    const answer = await runCommand(placed.split(" ").slice(1), {
      cwd: work,
      environment: { HOME: home },
      stderr: (text) => {
        const code = /code ([A-Z]{4}-[A-Z]{4})/.exec(text)?.[1];
        if (code !== undefined) void post("/activate", { code, days: "7" }, session);
      },
    });
    expect(`${line}: ${answer.exitCode}`).toBe(`${line}: 0`);
  };
  const env = { MOSIS_TOKEN_FILE: "", MOSIS_STORE: "" };
  await login("mosis login https://store.example.com");
  await login("mosis login");
  for (const line of ["mosis whoami", "mosis whoami https://store.example.com"])
    expect((await example(line, { env })).stdout).toContain("ada@example.com");
  await example("mosis logout", { env });
}

async function develop(): Promise<void> {
  await example("mosis keys new");
  await example("MOSIS_TOKEN_FILE=token mosis keys enroll --store https://store.example.com");
  await example("mosis keys show");
  await example("mosis keys new --passphrase -o team.pem", {
    env: { MOSIS_KEY_PASSPHRASE: "a passphrase of the team" },
  });
  rmSync(join(work, "team.pem"));
  const own = join(home, ".config/mosis/keys/developer");
  copyFileSync(`${own}.cert.pem`, join(work, "harbour.cert.pem"));
  await example("mosis keys show --cert harbour.cert.pem");
  rmSync(join(work, "harbour.cert.pem"));
  for (const [from, to] of [
    ["pem", "team.pem"],
    ["cert.pem", "team.cert.pem"],
    ["ca.pem", "store.ca.pem"],
  ] as const)
    cpSync(`${own}.${from}`, join(work, to));

  await example("mosis new notes");
  rmSync(join(work, "notes"), { recursive: true });
  await example('mosis new notes --id org.acme.notes --name "Field notes" --author "Acme"');
  rmSync(join(work, "notes"), { recursive: true });
  await example("mosis new org.acme.notes");
  await mosis("mosis new notes");
  await example("mosis pack . -o ../notes.mosis --json", { cwd: join(work, "notes") });
  await example("mosis sign notes.mosis -o out.mosis --key team.pem --cert team.cert.pem");
  await version(3);
  await example("mosis verify notes.mosis");
  await example("mosis verify notes.mosis --unsigned");
  await example("mosis inspect notes.mosis");
  await example("mosis inspect notes.mosis --json");
  await example("mosis diff notes.mosis out.mosis", { exitCode: 1 });
  await example("mosis diff notes.mosis out.mosis --text --json", { exitCode: 1 });
  await example("mosis verify notes.mosis --ca store.ca.pem --json");
}

async function review(): Promise<void> {
  await example(SUBMIT);
  await example("mosis admin review list --data /srv/mosis");
  await example("mosis admin review show com.example.notes 3 --data /srv/mosis");
  await example("mosis status com.example.notes");
  await example("mosis withdraw com.example.notes 3");
  for (const name of ["new.md", "new.de.md", "new.ar.md"]) writeFileSync(join(work, name), "* One.\n");
  await example("mosis submit notes.mosis --notes-file new.md --notes-in-file de=new.de.md");
  await example(
    'mosis admin review reject com.example.notes 3 --reason "It crashes at start." --data /srv/mosis',
  );
  await example('mosis submit notes.mosis --notes "Tags." --hold --no-wait --json');
  await waitFor("in_review");
  await example(APPROVE);
  await waitFor("held");
  await example("mosis publish com.example.notes 3");
  await waitFor("published");
  await example(
    'mosis notes com.example.notes 3 --notes-in "de=Schlagwörter, und Rückgängig." --notes-in-file ar=new.ar.md',
  );
  const said = await example("mosis notes com.example.notes 3");
  expect(said.stdout).toEndWith("own language\nTags.\n\nar\n* One.\n\nde\nSchlagwörter, und Rückgängig.\n");
}

async function isIdle(): Promise<boolean> {
  const waiting = await mosis("mosis admin jobs list --state queued --data /srv/mosis");
  const running = await mosis("mosis admin jobs list --state running --data /srv/mosis");
  return waiting.stdout.includes("There are none.") && running.stdout.includes("There are none.");
}

/** The checks and the copy for devices are jobs of the server. */
async function waitFor(state: string, app = "com.example.notes"): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const { json } = await mosis(`mosis status ${app} --json`);
    if (JSON.stringify(json).includes(`"state":"${state}"`)) {
      if (await isIdle()) return;
    }
    await Bun.sleep(50);
  }
  throw new Error(`the version did not become ${state}`);
}

/** What follows is signed by a command and by keys that have moved: the device comes from the first root. */
async function storeKeys(): Promise<void> {
  await example("mosis admin keys show --data /srv/mosis");
  await example("mosis admin keys replace tuf-timestamp --data /srv/mosis");
  await example("mosis admin keys add root --data /srv/mosis");
  await example("mosis admin keys threshold root 2 --data /srv/mosis");
  await example("mosis admin keys remove tuf-root-2 --data /srv/mosis");
  await example("mosis admin keys renew ca-developer --data /srv/mosis");
  await mosis("mosis admin keys replace ca-developer --data /srv/mosis");
  await example("mosis admin keys distrust ca-developer --data /srv/mosis");
  await example(
    "mosis admin keys replace release --command hsm --public-key release.pub.pem --data /srv/mosis",
  );
  await example("mosis admin keys init --offline ./mosis-root --only root --root-keys 1");
  await example("mosis admin keys init --offline ./mosis-keys");
  cpSync(join(work, "mosis-keys", "public-keys.json"), join(work, "public-keys.json"));
  await example("mosis admin keys export-request --offline-keys public-keys.json --data /srv/mosis");
  await example("mosis admin keys sign-request request.json --offline ./mosis-keys");
  await example("mosis admin keys sign-request request.json --offline ./mosis-keys --yes --out signed.json");
  await example("mosis admin keys import signed.json --data /srv/mosis");
  const { json } = await mosis("mosis admin keys replace tuf-snapshot --data /srv/mosis --json");
  expect(json).toMatchObject({ applied: false });
  await example("mosis admin keys export-request --out june.json --data /srv/mosis");
  await example("mosis admin keys cancel --yes --data /srv/mosis");
  await example("mosis admin keys replace --all-here --data /srv/mosis");
}

function runOpenssl(...words: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...words], { cwd: work });
  expect([exitCode, exitCode === 0 ? "" : stderr.toString()]).toEqual([0, ""]);
}

async function onDevice(url: string): Promise<void> {
  const root = await fetch(`${url}/store/v1/metadata/1.root.json`).then((answer) => answer.bytes());
  places.push(["3b2c…", new Bun.CryptoHasher("sha256").update(root).digest("hex")]);
  writeFileSync(join(work, "1.root.json"), root);
  places.push(["/srv/mirror/store/v1", join(data, "blobs/store/v1")]);
  await example("mosis verify-catalog /srv/mirror/store/v1 --root 1.root.json");
  await example("mosis device init https://apps.example.com --root-sha256 3b2c… --home ~/device");
  await example('mosis device search "plain notes" --home ~/device');
  await example("mosis device search --home ~/device --json");
  await example("mosis device install com.example.notes --home ~/device");
  await version(7);
  await mosis('mosis submit notes.mosis --notes "More."');
  await mosis("mosis admin review approve com.example.notes 7 --data /srv/mosis");
  await waitFor("published");
  await filesAtHand();
  await example("mosis device update --home ~/device");
  await example("mosis device list --home ~/device");
  await example("mosis device verify --home ~/device");
  await example("mosis device verify com.example.notes --offline --home ~/device");
  await example("mosis device rollback com.example.notes --home ~/device");
  await example("mosis device update com.example.notes --home ~/device");
  await example("mosis device remove com.example.notes --home ~/device");
  await example("mosis device install com.example.notes --version-code 7 --home ~/device");
  await example("mosis device remove com.example.notes --purge --home ~/device");
  await devicesAndGroups();
  await storeFront();
}

/** What developers take out of sight, and back. */
async function whatIsOffered(): Promise<void> {
  await mosis("mosis new journal");
  await mosis("mosis pack journal -o journal.mosis");
  await mosis("mosis sign journal.mosis");
  await mosis(`mosis submit journal.mosis --notes "First."`);
  await waitFor("in_review", "com.example.journal");
  await mosis("mosis admin review approve com.example.journal 1 --data /srv/mosis");
  await waitFor("published", "com.example.journal");
  await example('mosis yank com.example.notes 3 --reason "Loses drafts."');
  await example("mosis unyank com.example.notes 3");
  await example("MOSIS_TOKEN_FILE=owner-token mosis unlist com.example.notes");
  await example("MOSIS_TOKEN_FILE=owner-token mosis relist com.example.notes");
  await example(
    'MOSIS_TOKEN_FILE=owner-token mosis deprecate com.example.notes --text "Journal does more." --instead com.example.journal',
  );
  await example("MOSIS_TOKEN_FILE=owner-token mosis undeprecate com.example.notes");
  await example(
    'MOSIS_TOKEN_FILE=owner-token mosis delete com.example.notes --reason "Journal took its place." --yes',
  );
  await example("MOSIS_TOKEN_FILE=owner-token mosis undelete com.example.notes");
}

async function storeFront(): Promise<void> {
  await example("mosis admin settings set sign_up example.com --data /srv/mosis");
  const { stdout } = await example("mosis admin settings list --data /srv/mosis");
  expect(stdout).toMatch(/sign_up +example\.com +page +at once/);
  await example("mosis admin settings reset sign_up --data /srv/mosis");
  await example(
    "mosis admin category add field-work --name en=Fieldwork --name de=Außendienst --icon category-maps --data /srv/mosis",
  );
  await example("mosis admin category change field-work --description en=Out-and-about --data /srv/mosis");
  await example("mosis admin category move field-work 1 --data /srv/mosis");
  const { json } = await mosis("mosis admin category list --json --data /srv/mosis");
  const [first] = (json as { items: readonly { id: string; names: unknown; descriptions: unknown }[] }).items;
  expect(first).toMatchObject({
    id: "field-work",
    names: { de: "Außendienst", en: "Fieldwork" },
    descriptions: { en: "Out-and-about" },
  });
  await example("mosis admin category choose com.example.notes tools --data /srv/mosis");
  await example("mosis admin category choose com.example.notes --data /srv/mosis");
  await example("mosis admin category merge field-work productivity --yes --data /srv/mosis");
  await example("mosis admin category remove news --yes --data /srv/mosis");
  await example("mosis admin category list --data /srv/mosis");
  await collections();
}

async function collections(): Promise<void> {
  await example(
    "mosis admin collection add field-kit --name en=Field-kit --name de=Außendienst --data /srv/mosis",
  );
  await example("mosis admin collection move field-kit 1 --data /srv/mosis");
  await example("mosis admin collection put featured com.example.notes 1 --data /srv/mosis");
  await mosis("mosis admin collection put field-kit com.example.notes --data /srv/mosis");
  const changed = await example(
    "mosis admin collection change field-kit --publish --until 2030-01-01T00:00Z --data /srv/mosis",
  );
  expect(changed.stdout).toContain("shown");
  await example("mosis admin collection list --data /srv/mosis");
  const { json } = await mosis("mosis admin collection apps featured --json --data /srv/mosis");
  expect(json).toMatchObject({
    items: [{ place: 1, appId: "com.example.notes", standing: "shown", visibility: "everyone" }],
  });
  await example("mosis admin collection apps featured --data /srv/mosis");
  await example("mosis admin collection take featured com.example.notes --data /srv/mosis");
  await example("mosis admin collection remove field-kit --yes --data /srv/mosis");
}

async function devicesAndGroups(): Promise<void> {
  await example("mosis admin group add Kiosks --data /srv/mosis");
  await example("mosis admin group offer Kiosks --data /srv/mosis");
  await example("mosis admin group offer Kiosks --stop --data /srv/mosis");
  const made = await example(
    'mosis admin device code add "Kiosks in Oslo" --uses 20 --group Kiosks --data /srv/mosis',
  );
  const [code = ""] = made.stdout.split("\n");
  places.push(["K7QF3-M2X9W-DP4TB", code]);
  await example("mosis device enrol K7QF3-M2X9W-DP4TB --home ~/device");
  const enrolled = async (folder: string) => {
    const { json } = await mosis(`mosis device enrol K7QF3-M2X9W-DP4TB --home ${folder} --json`);
    return (json as { deviceId: string }).deviceId;
  };
  places.push(["dev-0190…", await enrolled("~/device")]);
  await example("mosis admin device list --data /srv/mosis");
  await example("mosis admin device list --group Kiosks --data /srv/mosis");
  await example("mosis admin device list --unseen-days 30 --data /srv/mosis");
  await example("mosis admin device show dev-0190… --data /srv/mosis");
  await example('mosis admin device rename dev-0190… "Kiosk at gate 4" --data /srv/mosis');
  await example("mosis admin group put Kiosks ada@example.com --data /srv/mosis");
  await example("mosis admin group put Kiosks dev-0190… --data /srv/mosis");
  await example("mosis admin group list --data /srv/mosis");
  await example("mosis admin group take Kiosks ada@example.com --data /srv/mosis");
  await example('mosis admin device revoke dev-0190… --reason "Stolen from the hall." --data /srv/mosis');
  // The code of before ended with the device.
  const next = await mosis('mosis admin device code add "Back" --uses 20 --group Kiosks --data /srv/mosis');
  const [another = ""] = next.stdout.split("\n");
  for (const place of places) if (place[1] === code) place[1] = another;
  await example('mosis device enrol K7QF3-M2X9W-DP4TB --new-key --name "Kiosk 4" --home ~/device');
  rmSync(join(home, "device"), { recursive: true });
  await example(
    "mosis device init https://apps.example.com --root-sha256 3b2c… --enrol K7QF3-M2X9W-DP4TB --home ~/device",
  );
  const codes = await mosis("mosis admin device code list --data /srv/mosis --json");
  const { items } = codes.json as { items: { id: string; uses: number }[] };
  expect(items[0]?.uses).toBe(2);
  places.push(["enr-0190…", items[0]?.id ?? ""]);
  await example("mosis admin device code list --data /srv/mosis");
  await example("mosis admin device code revoke enr-0190… --data /srv/mosis");
  await example("mosis admin group delete Kiosks --yes --data /srv/mosis");
}

/** What can be done with released files: proofs from the log, and containers. */
async function filesAtHand(): Promise<void> {
  const folder = join(data, "blobs/store/v1/packages");
  const age = (name: string) => statSync(join(folder, name)).mtimeMs;
  const released = readdirSync(folder).sort((a, b) => age(a) - age(b));
  const signed = readFileSync(join(work, "notes.mosis"));
  for (const [name, from] of [
    ["notes-1.mosis", 0],
    ["notes-2.mosis", -1],
    ["notes.mosis", -1],
  ] as const)
    cpSync(join(folder, released.at(from) ?? ""), join(work, name));
  await example("mosis verify notes.mosis --log --store https://apps.example.com --root-sha256 3b2c…");
  writeFileSync(join(work, "notes.mosis"), signed);
  await example("mosis make-delta notes-1.mosis notes-2.mosis notes.mosisd");
  await example("mosis make-delta - notes-2.mosis full.mosisd");
  await example("mosis apply-delta notes-1.mosis notes.mosisd notes-2");
  rmSync(join(work, "notes-2"), { recursive: true });
  cpSync(join(work, "full.mosisd"), join(work, "notes-full.mosisd"));
  await example("mosis apply-delta - notes-full.mosisd notes-2 --json");
}

async function revoke(): Promise<void> {
  const told = 'app com.example.notes --action disable --reason "It sends notes to strangers." --yes';
  const shown = 'app com.example.notes --action block --reason "It sends notes to strangers." --dry-run';
  await example(`mosis admin revoke ${shown} --data /srv/mosis`);
  await example(`mosis admin revoke ${told} --data /srv/mosis`);
  await example("mosis admin revocations --data /srv/mosis");
  await example(
    'mosis admin lift app com.example.notes --reason "A mistake of ours." --yes --data /srv/mosis',
  );
  await example(
    'mosis admin lowest-version com.example.notes 3 --reason "Older ones lose notes." --yes --data /srv/mosis',
  );
  await example("mosis admin revocations --history --data /srv/mosis");
}

async function trust(): Promise<void> {
  const asOwner = "MOSIS_TOKEN_FILE=owner-token mosis publisher";
  const at = "--store https://store.example.com";
  const added = await example(
    `${asOwner} add com.example.notes --issuer github --repository example/notes --workflow release.yml --environment release ${at}`,
  );
  places.push(["pub-0190…", /pub-[0-9a-f]{32}/.exec(added.stdout)?.[0] ?? ""]);
  expect((await example("mosis publisher list com.example.notes")).stdout).toContain(
    "workflow_file = release.yml",
  );
  await example(`${asOwner} only com.example.notes on ${at}`);
  await example(`${asOwner} only com.example.notes off ${at}`);
  await example(`${asOwner} remove com.example.notes pub-0190… ${at}`);
  places.pop();
  // No build job runs this.
  await example(`mosis submit notes.mosis --notes "Tags." --trusted ${at}`, {
    exitCode: 2,
    code: "client.identity_missing",
  });
}

async function show(): Promise<void> {
  const asOwner = "MOSIS_TOKEN_FILE=owner-token mosis visibility com.example.notes";
  const at = "--store https://store.example.com";
  await mosis('mosis admin group add "Field testers" --offered --data /srv/mosis');
  const group = 'groups --group "Field testers"';
  expect((await example(`${asOwner} ${group} --dry-run ${at}`)).stdout).toContain("Field testers (0 people");
  await example(`${asOwner} ${group} --yes ${at}`);
  expect((await example("mosis visibility com.example.notes")).stdout).toContain("Field testers");
  await example(`${asOwner} everyone --yes ${at}`);
}

/** To an organisation of the same owner's, who may accept it as well. */
async function giveAway(): Promise<void> {
  const at = "--store https://store.example.com";
  const asOwner = "MOSIS_TOKEN_FILE=owner-token mosis transfer";
  await mosis('mosis admin organisation add "Harbour Tools" --data /srv/mosis');
  await mosis('mosis admin organisation member "Harbour Tools" ada@example.com owner --data /srv/mosis');
  const { json } = await mosis("mosis admin organisation list --data /srv/mosis --json");
  const other = (json as { items: { id: string; name: string }[] }).items.find(
    ({ name }) => name === "Harbour Tools",
  )?.id;
  await mosis("mosis keys new -o theirs.pem");
  await mosis(
    `MOSIS_TOKEN_FILE=owner-token mosis keys enroll --key theirs.pem --organisation ${other} ${at}`,
  );
  const offered = async (appId: string) => {
    const line = `${asOwner} offer ${appId} "Harbour Tools" ${at}`;
    const { stdout } = appId === "com.example.notes" ? await example(line) : await mosis(line);
    places.push(["trf-0190…", /trf-[0-9a-f]{32}/.exec(stdout)?.[0] ?? ""]);
  };
  await offered("com.example.notes");
  await example(`MOSIS_TOKEN_FILE=token mosis keys rotate theirs.cert.pem --app com.example.notes ${at}`);
  expect((await example(`${asOwner} list ${at}`)).stdout).toContain("Harbour Tools");
  await example(`${asOwner} show trf-0190… ${at}`);
  await example(`${asOwner} withdraw trf-0190… ${at}`);
  places.pop();
  for (const verb of ["decline", "accept"]) {
    const appId = `com.example.${verb}d`;
    await createdApp(appId);
    await offered(appId);
    await example(`${asOwner} ${verb} trf-0190… ${at}`);
    places.pop();
  }
}

async function createdApp(id: string): Promise<void> {
  const url = places.find(([from]) => from === "https://store.example.com")?.[1] ?? "";
  const token = readFileSync(join(work, "token"), "utf8").trim();
  const { status } = await fetch(`${url}/api/v1/apps`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ id, name: id }),
  });
  expect(status).toBe(201);
}

async function changeKeys(): Promise<void> {
  await mosis("mosis admin user add bo@example.com --name Bo --data /srv/mosis");
  await example(
    'mosis admin organisation member "Example Apps" bo@example.com developer --apps com.example.notes --data /srv/mosis',
  );
  const owner = await mosis("mosis admin apikey add --user ada@example.com --name owner --data /srv/mosis");
  writeFileSync(join(work, "owner-token"), owner.stdout.split("\n")[0] ?? "", { mode: 0o600 });
  await trust();
  await show();
  const shown = await mosis("mosis keys show --json");
  places.push(["3f2a…91bc", (shown.json as { keyid: string }).keyid]);
  await mosis("mosis keys new -o next.pem");
  await example("MOSIS_TOKEN_FILE=token mosis keys rotate next.pem --store https://store.example.com");
  const listed = await example("MOSIS_TOKEN_FILE=token mosis keys list --store https://store.example.com");
  expect(listed.stdout.match(/may sign +com\.example\.notes/g)?.length).toBe(2);
  await giveAway();
  await whatIsOffered();
  await mosis("mosis keys new -o new.pem");
  await mosis("mosis keys enroll --key new.pem");

  const recover =
    'MOSIS_TOKEN_FILE=owner-token mosis keys recover --key new.pem --reason "The laptop was stolen." --store https://store.example.com';
  const asked = await example(recover);
  places.push(["rcv-0190…", /rcv-[0-9a-f]{32}/.exec(asked.stdout)?.[0] ?? ""]);
  await example("mosis admin recovery list --data /srv/mosis");
  await example("mosis admin recovery show rcv-0190… --data /srv/mosis");
  await example("mosis admin recovery approve rcv-0190… --data /srv/mosis", {
    exitCode: 1,
    code: "recovery.too_early",
  });
  await example(
    'MOSIS_TOKEN_FILE=owner-token mosis keys object rcv-0190… --reason "It is in the safe." --store https://store.example.com',
  );
  places.pop();
  const again = await mosis(recover);
  places.push(["rcv-0190…", /rcv-[0-9a-f]{32}/.exec(again.stdout)?.[0] ?? ""]);
  await example(
    'mosis admin recovery refuse rcv-0190… --reason "No owner could confirm it." --data /srv/mosis',
  );
  const outbox = await example("mosis admin outbox list --data /srv/mosis");
  expect(outbox.stdout).toContain("to ada@example.com");
  expect(outbox.stdout).toContain("the store has no mail server");
  // None of them has a link: the id is one that no message has.
  places.push(["msg-0190…", `msg-${"0".repeat(32)}`]);
  const link = "mosis admin outbox link msg-0190… --data /srv/mosis";
  await example(link, { exitCode: 1, code: "message.not_found" });
  await example("mosis admin tokens list --data /srv/mosis");
  const rotated = await example("mosis admin tokens rotate --data /srv/mosis");
  expect(rotated.stdout).toContain("ended");
  const mailTest = "mosis admin mail test ada@example.com --data /srv/mosis";
  await example(mailTest, { exitCode: 1, code: "mail.not_configured" });
  await example("mosis admin sign-in list --data /srv/mosis");
  const signInTest = "mosis admin sign-in test sso --data /srv/mosis";
  await example(signInTest, { exitCode: 1, code: "provider.unknown" });
  const revoke =
    'MOSIS_TOKEN_FILE=owner-token mosis keys revoke 3f2a…91bc --reason "It was stolen." --dry-run --store https://store.example.com';
  const radius = await example(revoke);
  expect(radius.stdout).toContain("not revoked");
  await example(revoke.replace("--dry-run", "--yes"));
}

async function goOn(): Promise<void> {
  // The catalogue that tells of the revocation is copied by a job.
  for (let attempt = 0; attempt < 600 && !(await isIdle()); attempt++) await Bun.sleep(50);
  await example("mosis admin jobs list --state dead --data /srv/mosis");
  // Nothing has failed here: the id is one that no job has.
  places.push(["job-0190…", `job-${"0".repeat(32)}`]);
  await example("mosis admin jobs replay job-0190… --data /srv/mosis", {
    exitCode: 1,
    code: "job.not_found",
  });
  await example("mosis admin reconcile --data /srv/mosis");
  const audit = await example("mosis admin audit list --data /srv/mosis");
  expect(audit.stdout).toContain("operator");
  await example(
    "mosis admin audit list --action account.store_role --since 2026-11-01 --data /srv/mosis --json",
  );
  const exported = await example("mosis admin audit export --out audit.jsonl --data /srv/mosis");
  expect(exported.stdout).toMatch(/^\d+ entries in .*audit\.jsonl\n$/);
  const roles = await example(
    "mosis admin audit export --format csv --since 2026-11-01 --action account.store_role --data /srv/mosis",
  );
  expect(roles.stdout).toStartWith('"position","recordedAt",');
  const whole = await example("mosis admin audit verify --data /srv/mosis");
  expect(whole.stdout).toMatch(/The audit log is whole\.\nIts head: \d+:[0-9a-f]{64}/);
  await example("mosis admin log --data /srv/mosis");
  await example("mosis admin log --limit 1000 --data /srv/mosis --json");
  await example(
    'mosis admin apikey add --organisation "Example Apps" --name ci --actions version.upload,version.read,app.read --apps com.example.notes --data /srv/mosis',
  );
  const { json } = await mosis("mosis admin apikey list --data /srv/mosis --json");
  const { items } = json as { items: { id: string }[] };
  places.push(["key-0190…", items[0]?.id ?? ""]);
  await example("mosis admin apikey list --data /srv/mosis");
  await example("mosis admin apikey revoke key-0190… --data /srv/mosis");
  await example("mosis admin user disable ada@example.com --yes --data /srv/mosis");
  await example("mosis admin user enable ada@example.com --data /srv/mosis");
  await mosis("mosis admin user disable bo@example.com --yes --data /srv/mosis");
  await example("mosis admin user delete bo@example.com --yes --data /srv/mosis");
  await example("mosis admin user keep bo@example.com --data /srv/mosis");
}

test("every example of the help does what it says", async () => {
  runOpenssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "release.pem");
  runOpenssl("pkey", "-in", "release.pem", "-pubout", "-out", "release.pub.pem");
  environment.MOSIS_TRUSTED_ISSUERS = JSON.stringify({ github: { kind: "github" } });
  environment.MOSIS_SIGNERS = JSON.stringify({
    hsm: [Bun.which("openssl"), "dgst", "-sha256", "-sign", join(work, "release.pem")],
  });
  await served(
    "mosis serve --data /srv/mosis",
    (line) => `${line} --port 0 --log-level error`,
    async (url) => {
      environment.MOSIS_STORE = url;
      places.push(["https://store.example.com", url], ["https://apps.example.com", url]);
      await administer();
      await signIn(url);
      await develop();
      await review();
      await storeKeys();
      await onDevice(url);
      await revoke();
      await changeKeys();
      await goOn();
    },
  );
  places.splice(0, places.length, ["/srv/mosis", data]);
  await served(
    "mosis serve --data /srv/mosis --public-url https://apps.example.com",
    (line) => `${line} --port 0 --log-level error`,
    async (url) => expect(url).toBe("https://apps.example.com"),
  );
  const openssl = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -days 2";
  const made = Bun.spawnSync(["openssl", ...openssl.split(" "), "-keyout", "key.pem", "-out", "chain.pem"], {
    cwd: work,
  });
  expect(made.exitCode).toBe(0);
  await served(
    "mosis serve --data /srv/mosis --host 0.0.0.0 --port 443 --tls-cert chain.pem --tls-key key.pem",
    (line) => line.replace("--port 443", "--port 0 --log-level error").replace("0.0.0.0", "127.0.0.1"),
    async (url) => {
      expect(url).toStartWith("https://");
      // By hand: fetch would ask a proxy that this machine may have.
      const socket = connect({
        host: "127.0.0.1",
        port: Number(new URL(url).port),
        rejectUnauthorized: false,
      });
      await once(socket, "secureConnect");
      socket.write("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n");
      const [answer] = await once(socket, "data");
      socket.destroy();
      expect(String(answer)).toStartWith("HTTP/1.1 200 ");
    },
  );

  await example("mosis admin keys reseal --new-master-key-file new.key --data /srv/mosis");
  const show = (env: Record<string, string>) =>
    mosis("mosis admin keys show --data /srv/mosis --json", { env });
  const withOld = await show({});
  expect(JSON.stringify(withOld.json)).toContain('"do":"master_key"');
  const withNew = await show({ MOSIS_MASTER_KEY_FILE: join(work, "new.key") });
  expect(JSON.stringify(withNew.json)).not.toContain('"do":"master_key"');

  const examples = new Set<string>();
  for (const { leaf } of leaves(COMMANDS))
    for (const { line } of (await leaf.load()).examples) examples.add(line);
  // The demo goes the whole way itself and has tests of its own; it would take a minute here.
  const left = [...examples].filter((line) => !ran.has(line) && !line.startsWith("mosis demo"));
  expect(left).toEqual([]);
  expect([...ran].filter((line) => !examples.has(line))).toEqual([]);
}, 240_000);
