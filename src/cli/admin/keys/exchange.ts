/** The store's side of signing requests. */
import type { ExportedRequest, ImportedRequest } from "../../../catalog/store-keys/exchange.ts";
import { OFFLINE_KEYS_MAX_BYTES } from "../../../catalog/store-keys/offline-keys.ts";
import { REQUEST_MAX_BYTES } from "../../../catalog/store-keys/request.ts";
import { argument, defineCommand, option, repeatedOption } from "../../command.ts";
import { readSmallFile } from "../../files.ts";
import { withOperator } from "../../operator.ts";
import { dataOptions } from "../../store-options.ts";
import { LINE_END } from "../../style.ts";
import { writeFileAtomic } from "../../write-files.ts";
import { leftLines, type WithLeft } from "./left.ts";

const exportOptions = {
  ...dataOptions,
  out: option("--out", "FILE", "where the request goes (default: request.json)"),
  offlineKeys: repeatedOption(
    "--offline-keys",
    "FILE",
    "public-keys.json of the other machine; repeat it for several",
  ),
  rootThreshold: option(
    "--root-threshold",
    "N",
    "how many of the root's keys must sign (default: 2 of the new ones)",
    (text) => {
      if (!/^[1-9]$/.test(text)) throw new Error("a number from 1 to 9");
      return Number(text);
    },
  ),
};

export const keysExportCommand = defineCommand({
  name: "export-request",
  summary: "Write one file with all that keys on another machine have to sign.",
  description: [
    "It takes along the changes that wait, keys of the other machine that take over what they are for, and whatever is at half of its time. It holds no secret.",
  ],
  arguments: {},
  options: exportOptions,
  examples: [
    {
      line: "mosis admin keys export-request --offline-keys public-keys.json --data /srv/mosis",
      does: "moves the root and what it rests on to the other machine",
    },
    { line: "mosis admin keys export-request --out june.json --data /srv/mosis", does: "writes what is due" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { options, path } = context;
      const offlineKeys: string[] = [];
      for (const file of options.offlineKeys)
        offlineKeys.push(new TextDecoder().decode(await readSmallFile(path(file), OFFLINE_KEYS_MAX_BYTES)));
      const found = await operator.call<Omit<ExportedRequest, "body"> & { body: string }>("keys.export", {
        offlineKeys,
        ...(options.rootThreshold === undefined ? {} : { rootThreshold: options.rootThreshold }),
      });
      const file = path(options.out ?? "request.json");
      await writeFileAtomic(file, [new TextEncoder().encode(found.body)]);
      return {
        data: {
          id: found.id,
          file,
          missing: found.missing,
          added: found.added,
          removed: found.removed,
        },
        text: () =>
          [
            `Wrote ${file}: request ${found.id}`,
            ...found.added.map((name) => `+ ${name}`),
            ...found.removed.map((name) => `- ${name}`),
            ...found.missing.map(({ what, keys, count }) => `${what}: ${count} of ${keys.join(", ")}`),
            "Next, on the other machine: mosis admin keys sign-request FILE --offline DIR",
          ].join(LINE_END),
      };
    }),
});

const importArguments = { file: argument("FILE", "the request, as sign-request wrote it") };

export const keysImportCommand = defineCommand({
  name: "import",
  summary: "Apply a signed request: all of it, or nothing.",
  arguments: importArguments,
  options: dataOptions,
  examples: [
    { line: "mosis admin keys import signed.json --data /srv/mosis", does: "checks and applies it" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const bytes = await readSmallFile(context.path(context.arguments.file), REQUEST_MAX_BYTES);
      const body = new TextDecoder().decode(bytes);
      const found = await operator.call<ImportedRequest & WithLeft>("keys.import", { body });
      return {
        data: found,
        text: () =>
          [
            ...found.added.map((name) => `+ ${name}`),
            ...found.removed.map((name) => `- ${name}`),
            "Done: devices follow at their next refresh.",
            ...(found.waiting === 0
              ? []
              : [
                  `${found.waiting === 1 ? "1 change that was asked for after the export still waits" : `${found.waiting} changes that were asked for after the export still wait`}. Next: mosis admin keys export-request`,
                ]),
            ...leftLines(found),
          ].join(LINE_END),
      };
    }),
});
