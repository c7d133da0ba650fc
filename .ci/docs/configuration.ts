/** reference/configuration.md, made from the table of settings. */
import { SETTINGS, type Setting } from "../../src/config.settings.ts";
import { toldValue } from "../../src/config.told.ts";
import { code, fence, MADE, page, table } from "./markdown.ts";

function shown({ fallback, offAt }: Setting): string {
  const value = toldValue(fallback, offAt);
  return value === null ? "none" : code(value);
}

/** Variables that only commands of developers and devices read; the tests hold the list to the source. */
export const CLIENT_VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ["MOSIS_STORE", "The store's address, for commands that speak to one; `--store` goes before it."],
  ["MOSIS_TOKEN", "The API key; `--token` goes before it. Other users of the machine cannot see it there."],
  ["MOSIS_TOKEN_FILE", "A file that holds the API key."],
  ["MOSIS_ID_TOKEN", "The identity token of a build job, for `mosis submit` without an API key."],
  ["MOSIS_ID_TOKEN_FILE", "A file that holds that identity token."],
  [
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "Where a build job of GitHub, Gitea or Forgejo asks for its identity token, with `ACTIONS_ID_TOKEN_REQUEST_TOKEN`; they set both.",
  ],
  [
    "MOSIS_ID_TOKEN_CA",
    "A PEM file with the CA of the TLS certificate of the CI server at `ACTIONS_ID_TOKEN_REQUEST_URL`, where it is your company's own.",
  ],
  ["MOSIS_STORE_CA", "A PEM file with the CA of the store's TLS certificate; `--store-ca` goes before it."],
  ["MOSIS_KEY_PASSPHRASE", "The passphrase of the signing key."],
  ["MOSIS_KEY_PASSPHRASE_FILE", "A file that holds that passphrase."],
  ["MOSIS_DEVICE_HOME", "The device's folder; `--home` goes before it."],
  ["MOSIS_CONFIG", "The `mosis.toml` to read; `--config` goes before it."],
  ["MOSIS_KEY_NAME", "Set for an external command that signs: the name of the key."],
  ["MOSIS_KEY_ID", "Set for an external command that signs: the key's id."],
  ["MOSIS_KEY_ALGORITHM", "Set for an external command that signs: the key's algorithm."],
  ["MOSIS_DEBUG", "With `1`, an error also prints where in the program it was thrown."],
  ["NO_COLOR", "Set to anything, it keeps colours away (no-color.org)."],
  ["XDG_CONFIG_HOME", "Where the key pair of `mosis keys new` lies, in `mosis/keys/`; else `~/.config`."],
];

export function configurationPage(): string {
  return page(
    "# Configuration",
    "Every setting of `mosis serve`, where it can be set, and what holds without it.",
    `Flags go before the environment, the environment before \`mosis.toml\`, the file before what administrators set on the page of settings, and that before the default. The file is read only when it is named, with \`--config FILE\` or \`MOSIS_CONFIG\`; a key that is none is refused, so that a slip is not overlooked. No other file is read: not \`.env\`, and nothing in the folder that the program is started in. ${MADE}`,
    table(
      ["Setting", "Flag", "Environment", "In mosis.toml", "Default", "Changes"],
      SETTINGS.map((setting) => [
        setting.meaning,
        code(setting.flag),
        code(setting.environment),
        code(setting.file),
        shown(setting),
        setting.isLive === true ? "at once" : "with a start",
      ]),
    ),
    "The data folder is the one setting without a default: a store must never begin somewhere by accident.",
    "## While the store runs",
    "What changes at once can also be set on the page of settings (`/admin/settings`), with `mosis admin settings set`, and with `PUT /api/v1/settings/{name}`, by administrators. It is kept in the database, counts from then on and after each start, and needs no restart; who changed it, from what and to what, is in the audit log. In a browser it asks for the password or a passkey first, unless that was shown a moment ago.",
    "What a flag, the environment or `mosis.toml` sets cannot be changed there: the page names what sets it. `mosis admin settings reset NAME` takes back what was set, also when it keeps administrators out of the page.",
    "A value in the database that this version cannot use does not keep the store from starting: the default counts, the log has a line `settings.unusable`, and the page says why. Everything that names a file, a command or a secret is said at a start alone: nobody who comes in by the page can have the store read or run something.",
    "## A mosis.toml",
    fence(
      [
        'data = "/srv/mosis"',
        'host = "127.0.0.1"',
        "port = 8470",
        'public_url = "https://apps.example.com"',
        'max_upload = "256MiB"',
      ].join("\n"),
      "toml",
    ),
    "## Other variables",
    "Commands of developers and devices read these. A variable of an empty text counts as not set.",
    table(
      ["Variable", "Meaning"],
      CLIENT_VARIABLES.map(([name, meaning]) => [code(name), meaning]),
    ),
  );
}
