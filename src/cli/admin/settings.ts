import { argument } from "../command.ts";
import { callCommand, listCommand } from "./operation-command.ts";

type Told = {
  readonly name: string;
  readonly value: string | null;
  readonly origin: string;
  readonly changes: string;
  readonly pageValue: string | null;
  readonly pageFault: string | null;
};

const NAME = argument("NAME", "as in mosis.toml, such as sign_up");

const shown = (value: string | null) => value ?? "none";

/** Where it was said; what the page says besides, where that does not count. */
function saidBy({ origin, pageValue, pageFault }: Told): string {
  if (pageFault !== null) return `${origin}; the page: ${pageValue}, which does not count: ${pageFault}`;
  return pageValue === null || origin === "page" ? origin : `${origin}; the page: ${pageValue}`;
}

export const settingsListCommand = listCommand<Told>({
  summary: "List the settings that hold, and where each was said.",
  description: [
    "The running server answers, with its own settings; without one, those of this command's environment and of the file of --config count.",
  ],
  operation: "settings.list",
  isWhole: true,
  columns: [
    ["Setting", ({ name }) => name],
    ["Value", ({ value }) => shown(value)],
    ["From", saidBy],
    ["Changes", ({ changes }) => changes],
  ],
  examples: [
    {
      line: "mosis admin settings list --data /srv/mosis",
      does: "prints each with its value and where it is from",
    },
  ],
});

export const settingsSetCommand = callCommand({
  name: "set",
  summary: "Change a setting while the store runs, as its page does.",
  description: [
    "It counts at once, and after each start. What a flag, a variable or mosis.toml sets goes before it, and is changed there.",
  ],
  operation: "settings.set",
  arguments: { name: NAME, value: argument("VALUE", "as its flag would say it") },
  examples: [
    {
      line: "mosis admin settings set sign_up example.com --data /srv/mosis",
      does: "lets those make an account who have an address at example.com",
    },
  ],
  says: ({ name, value }: Told) => `${name} is ${shown(value)} from now on.`,
});

export const settingsResetCommand = callCommand({
  name: "reset",
  summary: "Take back what was set on the page or with this command.",
  description: ["It helps too when a setting keeps administrators out of the page."],
  operation: "settings.reset",
  arguments: { name: NAME },
  examples: [
    { line: "mosis admin settings reset sign_up --data /srv/mosis", does: "has the default hold again" },
  ],
  says: (told: Told) => `${told.name} is ${shown(told.value)}, from: ${told.origin}.`,
});
