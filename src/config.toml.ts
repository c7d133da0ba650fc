/** mosis.toml: which settings it has, each as a flag would say it. */
import { dirname, resolve } from "node:path";
import { parse as parseToml, TomlError } from "smol-toml";
import { readTextAtMost } from "./config.files.ts";
import { SETTINGS } from "./config.settings.ts";
import { Problem } from "./errors.ts";

/** @throws Problem `config.invalid`, `config.unreadable` */
export function readConfigFile(fileName: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(tableOf(fileName))) {
    const setting = SETTINGS.find((candidate) => candidate.file === key);
    if (!setting) throw invalid(unknownSetting(fileName, key));
    // A number is written as one, a text as one: `port = "8470"` is as likely a slip as `host = 127`.
    if (setting.isTable && typeof value === "object") {
      values[key] = JSON.stringify(rebased(value, setting.tablePaths ?? [], dirname(fileName)));
      continue;
    }
    const own = typeof setting.fallback;
    if (typeof value !== "string" && !((own === "number" || own === "boolean") && typeof value === own)) {
      const found = Array.isArray(value) ? "a list" : value instanceof Date ? "a date" : `a ${typeof value}`;
      const wanted =
        own === "number"
          ? "a number"
          : own === "boolean"
            ? "true or false"
            : setting.isTable
              ? "a table"
              : "a text in quotes";
      throw invalid(`${fileName}: ${key} is ${wanted}; found ${found}.`);
    }
    const text = String(value);
    values[key] = setting.isPath && text !== "" ? resolve(dirname(fileName), text) : text;
  }
  return values;
}

/** The table with its files named from the folder. */
function rebased(table: unknown, keys: readonly string[], folder: string): unknown {
  if (keys.length === 0 || typeof table !== "object" || table === null) return table;
  const inner = (name: string, value: unknown): unknown =>
    keys.includes(name) && typeof value === "string" && value !== "" ? resolve(folder, value) : value;
  return Object.fromEntries(
    Object.entries(table).map(([name, value]: [string, unknown]) => [
      name,
      typeof value !== "object" || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inner(key, each)])),
    ]),
  );
}

const FILE_MAX_BYTES = 1024 * 1024;

function tableOf(fileName: string): Record<string, unknown> {
  let content: string | null;
  try {
    content = readTextAtMost(fileName, FILE_MAX_BYTES);
  } catch {
    throw new Problem(
      "unreachable",
      "config.unreadable",
      `The configuration file ${fileName} cannot be read.`,
    );
  }
  if (content === null) {
    const message = `The configuration file ${fileName} has more than ${FILE_MAX_BYTES} bytes.`;
    throw new Problem("unreachable", "config.unreadable", message);
  }
  try {
    return parseToml(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0]?.replace(/^Invalid TOML document: /, "");
    throw invalid(`${fileName}, line ${error.line}, is not TOML: ${reason}.`);
  }
}

function unknownSetting(fileName: string, key: string): string {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, "");
  const near = SETTINGS.find(
    (setting) =>
      plain(setting.file) === plain(key) || plain(setting.key) === plain(key) || isNear(setting.file, key),
  );
  const hint =
    near === undefined
      ? `Known are ${SETTINGS.map((setting) => setting.file).join(", ")}.`
      : `Do you mean ${near.file}?`;
  return `${fileName}: there is no setting ${JSON.stringify(key)}. ${hint}`;
}

/** One letter wrong, missing or too many, or two swapped. */
function isNear(known: string, given: string): boolean {
  let start = 0;
  while (start < known.length && known[start] === given[start]) start += 1;
  const rest = (text: string, skip: number) => text.slice(start + skip);
  const [a, b] = [known.slice(start), given.slice(start)];
  return (
    rest(known, 1) === rest(given, 1) ||
    rest(known, 1) === b ||
    a === rest(given, 1) ||
    (a[0] === b[1] && a[1] === b[0] && rest(known, 2) === rest(given, 2))
  );
}

export function invalid(message: string): Problem {
  return new Problem("usage", "config.invalid", message);
}
