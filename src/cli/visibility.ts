/** `mosis visibility`: who may see an app; shows what a change means, asks, and does exactly that. */
import { findNamed, plainName } from "../accounts/name-rule.ts";
import type { VISIBILITIES } from "../catalog/visibility/audiences.ts";
import { Problem } from "../errors.ts";
import { type Fields, number, object, text, unexpected } from "./answers.ts";
import { apiPath, type Client } from "./client.ts";
import {
  argument,
  type Context,
  defineCommand,
  flag,
  optionalArgument,
  type Result,
  repeatedOption,
} from "./command.ts";
import { confirm } from "./confirm.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { fields, formatTime, LINE_END, type Style } from "./style.ts";
import { parseAppId } from "./values.ts";
import { connect } from "./version-calls.ts";

type Visibility = (typeof VISIBILITIES)[number];

const WORDS: Readonly<Record<Visibility, string>> = {
  everyone: "everyone",
  "signed-in": "everyone who is signed in, and every enrolled device",
  groups: "the people and devices in these groups",
};

const args = {
  app: argument("APP", "the app's id", parseAppId),
  who: optionalArgument("WHO", "everyone, signed-in or groups; left out, it is shown who may", visibility),
};
const options = {
  group: repeatedOption("--group", "GROUP", "a group's name or id; repeat it for several"),
  dropUnnamed: flag(
    "--drop-unnamed",
    "let the groups go that administrators chose and that are not named to you",
  ),
  yes: flag("--yes", "do not ask"),
  dryRun: flag("--dry-run", "show what it changes, and do nothing"),
  ...STORE_OPTIONS,
};

function visibility(said: string): Visibility {
  if (said in WORDS) return said as Visibility;
  throw new Error("it is everyone, signed-in or groups");
}

export const visibilityCommand = defineCommand({
  name: "visibility",
  summary: "Say who may see an app: everyone, who is signed in, or groups.",
  description: [
    "For owners and maintainers, and for the store's administrators. People follow at once, devices with their next refresh; a device that does not see it any more keeps what is installed, and gets no updates. Owners and maintainers choose among the groups that an administrator offers. A group that an administrator chose and does not offer stays, and is counted and not named; --drop-unnamed lets all such go.",
    "What everyone could see stays in the store's log and with whoever has it: an app that nobody outside is to know of is made for its groups before its first version is published.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis visibility com.example.notes", does: "shows who may see it" },
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis visibility com.example.notes groups --group "Field testers" --dry-run --store https://store.example.com',
      does: "shows what would change, with how many people and devices are in that group",
    },
    {
      line: 'MOSIS_TOKEN_FILE=owner-token mosis visibility com.example.notes groups --group "Field testers" --yes --store https://store.example.com',
      does: "shows it to that group alone",
    },
    {
      line: "MOSIS_TOKEN_FILE=owner-token mosis visibility com.example.notes everyone --yes --store https://store.example.com",
      does: "shows it to everyone",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { options: given } = context;
  const { app, who = given.group.length > 0 ? "groups" : undefined } = context.arguments;
  const client = await connect(context, given);
  const path = (...more: string[]) => apiPath("apps", app, "visibility", ...more);
  if (who === undefined) {
    const json = await client.get(path());
    return { data: json, text: (style) => shownText(style, json) };
  }
  const wanted = {
    visibility: who,
    ...(given.group.length === 0 ? {} : { groups: await groupIds(client, path("groups"), given.group) }),
    ...(given.dropUnnamed ? { unnamedGroups: "drop" } : {}),
  };
  const { json } = await client.call({ method: "POST", path: path("preview"), json: wanted });
  const preview = readPreview(json);
  if (given.dryRun || !preview.changes) return { data: json, text: (style) => previewText(style, preview) };
  if (!given.yes) {
    const unasked = "Look at what it changes with --dry-run, and add --yes to do it.";
    await confirm(context, (style) => previewText(style, preview), unasked);
  }
  const { scope } = preview;
  const done = await client.call({ method: "POST", path: path(), json: { ...wanted, scope } });
  return {
    data: done.json,
    text: (style) => [style.good("Changed."), shownText(style, done.json)].join(LINE_END),
  };
}

/** @throws Problem `client.group_unknown` */
async function groupIds(client: Client, path: string, said: readonly string[]): Promise<string[]> {
  const { items } = object(await client.get(path), "the groups");
  if (!Array.isArray(items)) throw unexpected("items");
  const groups = items.map(readGroup);
  return said.map((name) => {
    const key = plainName(name).toLowerCase();
    const found = groups.find(({ id }) => id === key) ?? findNamed(name, groups);
    if (found !== undefined) return found.id;
    const message = `There is no group called ${JSON.stringify(name)} that you can choose.`;
    throw new Problem("not_found", "client.group_unknown", message);
  });
}

function readGroup(json: unknown): { readonly id: string; readonly name: string } {
  const group = object(json, "a group");
  return { id: text(group, "id"), name: text(group, "name") };
}

type SizedGroup = { readonly name: string; readonly people: number; readonly devices: number };

function readSizedGroups(list: unknown): readonly SizedGroup[] {
  if (!Array.isArray(list)) throw unexpected("groups");
  return list.map((each: unknown) => {
    const group = object(each, "a group");
    return {
      name: text(group, "name"),
      people: number(group, "people"),
      devices: number(group, "devices"),
    };
  });
}

function readPreview(json: unknown) {
  const shown = object(json, "the preview");
  const before = object(shown.before, "who may see it");
  const after = object(shown.after, "who will");
  return {
    before: readShown(before),
    published: before.published === true,
    after: text(after, "visibility"),
    joining: readSizedGroups(shown.joining),
    leaving: readSizedGroups(shown.leaving),
    staying: number(after, "unnamedGroups"),
    leavingUnnamed: number(shown, "leavingUnnamed"),
    versions: number(shown, "versions"),
    changes: shown.changes === true,
    scope: text(shown, "scope"),
  };
}

type Shown = {
  readonly visibility: string;
  readonly groups: readonly string[];
  readonly unnamed: number;
  readonly published: boolean;
  readonly publicUntil: string | null;
};

function readShown(answer: Fields): Shown {
  const { groups, publicUntil } = answer;
  if (!Array.isArray(groups)) throw unexpected("groups");
  return {
    visibility: text(answer, "visibility"),
    groups: groups.map((group: unknown) => readGroup(group).name),
    unnamed: number(answer, "unnamedGroups"),
    published: answer.published === true,
    publicUntil: typeof publicUntil === "string" ? publicUntil : null,
  };
}

const words = (name: string): string => (name in WORDS ? WORDS[name as Visibility] : name);

function shownText(style: Style, json: unknown): string {
  const { visibility: name, groups, unnamed, published, publicUntil } = readShown(object(json, "the answer"));
  const listed = [...groups, ...unnamedWords(unnamed)];
  return fields(style, [
    ["seen by", words(name)],
    ...(listed.length === 0 ? [] : ([["groups", listed.join(", ")]] as const)),
    ...(published
      ? []
      : ([["published", "nothing yet: nobody outside of its organisation sees it"]] as const)),
    ...(publicUntil === null ? [] : ([["public until", formatTime(publicUntil)]] as const)),
  ]);
}

const counted = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
const unnamedWords = (count: number): string[] =>
  count === 0 ? [] : [`${counted(count, "group", "groups")} that administrators keep unnamed`];
const sized = (groups: readonly SizedGroup[]): string[] =>
  groups.map(
    ({ name, people, devices }) =>
      `${name} (${counted(people, "person", "people")}, ${counted(devices, "device", "devices")})`,
  );

function previewText(style: Style, preview: ReturnType<typeof readPreview>): string {
  const { before, after, joining, published, versions, changes } = preview;
  const staying = unnamedWords(preview.staying);
  const leaving = [...sized(preview.leaving), ...unnamedWords(preview.leavingUnnamed)];
  const facts = fields(style, [
    ["seen by", words(before.visibility)],
    ["from then on", words(after)],
    ...(joining.length === 0 ? [] : ([["will see it", sized(joining).join(", ")]] as const)),
    ...(staying.length === 0 ? [] : ([["as before", staying.join(", ")]] as const)),
    ...(leaving.length === 0 ? [] : ([["no longer", leaving.join(", ")]] as const)),
    ["concerns", `${counted(versions, "published version", "published versions")}`],
  ]);
  if (!changes) return [facts, "It is so already: nothing changes."].join(LINE_END);
  if (!published) return [facts, "Nothing of it is published yet."].join(LINE_END);
  if (after === "everyone") {
    const told = "Everybody will see its name, texts and versions. That cannot be taken back.";
    return [facts, told].join(LINE_END);
  }
  const was =
    before.visibility === "everyone"
      ? "The store answers nobody else for its files; mirrors and caches may for some days. What everybody could see stays in the store's log. "
      : "";
  return [facts, `${was}Devices that no longer see it keep what is installed, and get no updates.`].join(
    LINE_END,
  );
}
