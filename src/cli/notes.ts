import type { AppId, VersionCode } from "../ids.ts";
import { readVersionAnswer, type VersionAnswer } from "./answers.ts";
import { apiPath, type Client } from "./client.ts";
import { argument, type Context, defineCommand, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import { hasNotes, NOTES_OPTIONS, type NotesGiven, readNotes } from "./notes-options.ts";
import { LINE_END, type Style } from "./style.ts";
import { parseAppId, parseVersionCode } from "./values.ts";
import { connect, mayHaveHappened, readVersion } from "./version-calls.ts";

const args = {
  app: argument("APP", "the app's id", parseAppId),
  code: argument("CODE", "the version's code", parseVersionCode),
};
const options = { ...NOTES_OPTIONS, ...STORE_OPTIONS };

export const notesCommand = defineCommand({
  name: "notes",
  summary: "Show or change the release notes of a version.",
  description: [
    "Without texts it shows them. What is not said stays as it is; an empty text, as in --notes-in de=, takes that language away.",
    "Notes in the app's own language can be changed until the review is decided: they are approved with the version, and devices get them signed. Those in other languages can be changed ever after.",
  ],
  arguments: args,
  options,
  examples: [
    { line: "mosis notes com.example.notes 3", does: "shows what is new in version code 3" },
    {
      line: 'mosis notes com.example.notes 3 --notes-in "de=Schlagwörter, und Rückgängig." --notes-in-file ar=new.ar.md',
      does: "says it in German and in Arabic, too",
    },
  ],
  run,
});

async function run(context: Context<typeof args, typeof options>): Promise<Result> {
  const { app, code } = context.arguments;
  const given = await readNotes(context.options, context.path);
  const client = await connect(context, context.options);
  const isAsked = given.notes === undefined && Object.keys(given.translatedNotes).length === 0;
  const { version, changed } = isAsked
    ? { version: await readVersion(client, app, code), changed: false }
    : await change(client, app, code, given);
  return {
    data: {
      notes: version.notes,
      translatedNotes: version.translatedNotes,
      ...(isAsked ? {} : { changed }),
      version: version.raw,
    },
    text: (style) => {
      const name = style.bold(`${app} ${version.version} (${code})`);
      if (isAsked) return notesText(style, version);
      return changed ? `Changed what is new in ${name}.` : `${name} says that already.`;
    },
  };
}

/** What it says already counts as said, also when the answer to a call before was lost. */
async function change(
  client: Client,
  app: AppId,
  code: VersionCode,
  given: NotesGiven,
): Promise<{ readonly version: VersionAnswer; readonly changed: boolean }> {
  for (let attempt = 1; ; attempt++) {
    const before = await readVersion(client, app, code);
    if (hasNotes(before, given)) return { version: before, changed: attempt > 1 };
    try {
      const path = apiPath("apps", app, "versions", code, "notes");
      const { json } = await client.call({ method: "PATCH", path, json: given, ifMatch: before.revision });
      return { version: readVersionAnswer(json), changed: true };
    } catch (error) {
      if (attempt === 3 || !mayHaveHappened(error)) throw error;
    }
  }
}

/** Each language with its text below it. */
function notesText(style: Style, { notes, translatedNotes }: VersionAnswer): string {
  const own = notes === "" ? style.dim("none") : notes;
  const others = Object.entries(translatedNotes).map(([tag, text]) => ["", style.bold(tag), text]);
  return [style.bold("own language"), own, ...others.flat()].join(LINE_END);
}
