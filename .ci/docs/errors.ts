/** errors.md: every code with what it means and what to do. The anchors are the codes, which answers link to. */
import { CLI_CODES } from "../../src/cli/codes.ts";
import { REMEDIES } from "../../src/docs/remedies.ts";
import { DETAIL_CODES } from "../../src/errors.codes.details.ts";
import { DEVICE_CODES } from "../../src/errors.codes.device.ts";
import type { ErrorCode } from "../../src/errors.codes.form.ts";
import { LOG_CODES } from "../../src/errors.codes.log.ts";
import { STORE_CODES } from "../../src/errors.codes.store.ts";
import { ERROR_CODES } from "../../src/errors.codes.ts";
import { PROBLEM_KINDS } from "../../src/errors.ts";
import { CONTAINER_CODES } from "../../src/format/codes-container.ts";
import { DELTA_CODES } from "../../src/format/codes-delta.ts";
import { MANIFEST_CODES } from "../../src/format/codes-manifest.ts";
import { CHECK_CODES } from "../../src/review/codes.ts";
import { SIGNING_CODES } from "../../src/signing/codes.ts";
import { code, MADE, page } from "./markdown.ts";

type Table = Readonly<Record<string, { readonly title: string; readonly explanation: string }>>;

/** One code of a table of Problems: status and exit code follow from its kinds. */
function problem([name, { kinds, meaning, remedy }]: [string, ErrorCode]): string {
  const facts = kinds.map(
    (kind) => `${PROBLEM_KINDS[kind].status}, exit code ${PROBLEM_KINDS[kind].exitCode}`,
  );
  return page(
    `### ${code(name)}`,
    meaning,
    `**What to do:** ${remedy}`,
    `HTTP ${facts.join("; or ")}.`,
  ).trimEnd();
}

function section(title: string, words: string, codes: Readonly<Record<string, ErrorCode>>): string[] {
  return [`## ${title}`, words, ...Object.entries(codes).sort(byName).map(problem)];
}

function findings(title: string, words: string, codes: Table): string[] {
  return [
    `## ${title}`,
    words,
    ...Object.entries(codes).map(([name, { title: what, explanation }]) =>
      page(
        `### ${code(name)}`,
        `**${what}.** ${explanation}`,
        `**What to do:** ${REMEDIES[name as keyof typeof REMEDIES]}`,
      ).trimEnd(),
    ),
  ];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function startingWith(prefix: string, codes: Table): Table {
  return Object.fromEntries(Object.entries(codes).filter(([name]) => name.startsWith(prefix)));
}

/** The codes of a table whose names a pattern picks, or does not. */
function picked(codes: Readonly<Record<string, ErrorCode>>, isPicked: (name: string) => boolean) {
  return Object.fromEntries(Object.entries(codes).filter(([name]) => isPicked(name)));
}

const isDevice = (name: string): boolean => /^(device|catalogue)\./.test(name);

/** The codes of every table, for the tests: which page of the docs a code stands on never changes. */
export function allCodes(): readonly string[] {
  const tables = [ERROR_CODES, STORE_CODES, LOG_CODES, CLI_CODES, DEVICE_CODES, DETAIL_CODES, REMEDIES];
  return [...new Set(tables.flatMap((one) => Object.keys(one)))];
}

export function errorsPage(): string {
  return page(
    "# Errors",
    "Every code that a person or a program can meet, with what it means and what to do about it. Codes are stable: build on them, never on the words of a message.",
    `An answer of the API is a problem document (RFC 9457) of type \`application/problem+json\`; its \`type\` is the address of the code on this page, \`errors\` lists what is wrong with each part of the input, and \`instance\` carries the id under which the server's log has the request. With \`--json\` a command prints \`{"error":{"code","message","details"}}\`; without, the code stands in brackets behind the message. ${MADE}`,
    ...section(
      "API and portal",
      "What the store answers.",
      picked(ERROR_CODES, (name) => !Object.hasOwn(DEVICE_CODES, name)),
    ),
    "## Parts of an input",
    "These stand in the `errors` list of an answer, beside the code of the answer itself, each with a JSON pointer.",
    ...Object.entries(DETAIL_CODES).map(([name, { meaning, remedy }]) =>
      page(`### ${code(name)}`, meaning, `**What to do:** ${remedy}`).trimEnd(),
    ),
    ...section("Running a store", "What `mosis serve` and `mosis admin` answer.", STORE_CODES),
    ...section(
      "The log",
      "What reading the store's log answers ([format, section 7](reference/package-format.md#7-log)).",
      LOG_CODES,
    ),
    ...section("Command line", "What the commands answer by themselves.", {
      ...CLI_CODES,
      ...picked(DEVICE_CODES, (name) => !isDevice(name)),
    }),
    ...section(
      "Devices",
      "What a device answers; nothing on it was changed when it says so.",
      picked(DEVICE_CODES, isDevice),
    ),
    ...findings(
      "Container",
      "The package as a file ([format, section 1](reference/package-format.md#1-container)).",
      startingWith("MPK-C", CONTAINER_CODES),
    ),
    ...findings(
      "Digests",
      "`META-MOSIS/digests.json` ([format, section 2](reference/package-format.md#2-json-in-a-package)).",
      startingWith("MPK-D", CONTAINER_CODES),
    ),
    ...findings(
      "Manifest",
      "`manifest.json` ([reference](reference/manifest.md)).",
      startingWith("MPK-M", MANIFEST_CODES),
    ),
    ...findings("Pictures", "Icons and screenshots.", startingWith("MPK-P", MANIFEST_CODES)),
    ...findings("JSON documents", "Any JSON document in a package.", startingWith("MPK-J", SIGNING_CODES)),
    ...findings(
      "Signatures",
      "The envelopes ([format, section 3](reference/package-format.md#3-signatures)).",
      startingWith("MPK-S", SIGNING_CODES),
    ),
    ...findings("Statements", "What the signatures say.", startingWith("MPK-A", SIGNING_CODES)),
    ...findings(
      "Key lineages",
      "Which keys may sign an app's updates ([format, section 5](reference/package-format.md#5-who-may-sign)).",
      startingWith("MPK-L", SIGNING_CODES),
    ),
    ...findings(
      "Delta containers",
      "What rebuilds a release from another one ([format, section 8](reference/package-format.md#8-delta-container-mosisd)).",
      DELTA_CODES,
    ),
    ...findings("Certificates", "Who signed.", startingWith("MPK-X", SIGNING_CODES)),
    ...findings("Private keys", "Keys on your own machine.", startingWith("MPK-K", SIGNING_CODES)),
    ...findings(
      "Checks of the store",
      "What the store finds that the file alone does not tell.",
      CHECK_CODES,
    ),
  );
}
