/** Changes of the store's keys: each is made at once when the keys here can sign it, and otherwise waits for a request. */

import { OFFLINE_KEYS_MAX_BYTES } from "../../../catalog/store-keys/offline-keys.ts";
import type { Cancelled, ChangeOutcome } from "../../../catalog/store-keys/operations.ts";
import { Problem } from "../../../errors.ts";
import { argument, defineCommand, flag, option, optionalArgument, repeatedOption } from "../../command.ts";
import { readSmallFile, readText } from "../../files.ts";
import { withOperator } from "../../operator.ts";
import { dataOptions } from "../../store-options.ts";
import { LINE_END } from "../../style.ts";
import { leftLines, type WithLeft } from "./left.ts";

const NEW_KEY_OPTIONS = {
  ...dataOptions,
  command: option("--command", "NAME", "the external command that signs with the new key (setting signers)"),
  publicKey: option("--public-key", "PEM", "the public half of the key that the command signs with"),
  algorithm: option(
    "--algorithm",
    "NAME",
    "ed25519, ecdsa-p256 or ecdsa-p384, for a key that is made here",
    algorithm,
  ),
  offlineKeys: repeatedOption(
    "--offline-keys",
    "FILE",
    "public-keys.json of the machine that has made the new key and keeps it; repeat it for several",
  ),
  online: flag("--online", "have this machine hold the new key, though another one holds such keys"),
};

function algorithm(text: string): string {
  if (["ed25519", "ecdsa-p256", "ecdsa-p384"].includes(text)) return text;
  throw new Error("an algorithm is ed25519, ecdsa-p256 or ecdsa-p384");
}

const RENEWABLE = ["ca-root", "ca-developer", "release", "root", "targets", "apps"];

function renewable(text: string): string {
  if (RENEWABLE.includes(text)) return text;
  throw new Error(`what can be renewed is one of ${RENEWABLE.join(", ")}`);
}

type NewKeyGiven = {
  readonly command: string | undefined;
  readonly publicKey: string | undefined;
  readonly algorithm: string | undefined;
  readonly offlineKeys: readonly string[];
  readonly online: boolean;
};

async function newKeyInput(given: NewKeyGiven, path: (relative: string) => string) {
  const offlineKeys: string[] = [];
  for (const file of given.offlineKeys)
    offlineKeys.push(new TextDecoder().decode(await readSmallFile(path(file), OFFLINE_KEYS_MAX_BYTES)));
  return {
    ...(offlineKeys.length === 0 ? {} : { offlineKeys }),
    ...(given.online ? { online: true } : {}),
    ...(given.command === undefined ? {} : { command: given.command }),
    ...(given.publicKey === undefined ? {} : { publicKey: await readText(path(given.publicKey)) }),
    ...(given.algorithm === undefined ? {} : { algorithm: given.algorithm }),
  };
}

function told(outcome: ChangeOutcome & WithLeft) {
  const names = [...outcome.added.map((name) => `+ ${name}`), ...outcome.removed.map((name) => `- ${name}`)];
  const last = outcome.applied
    ? "Done: devices follow at their next refresh."
    : "It waits for keys that are on another machine. Next: mosis admin keys export-request";
  return { data: outcome, text: () => [...names, last, ...leftLines(outcome)].join(LINE_END) };
}

const replaceArguments = {
  name: optionalArgument("NAME", "the key's name, as mosis admin keys shows it; several with commas between"),
};
const replaceOptions = {
  ...NEW_KEY_OPTIONS,
  allHere: flag("--all-here", "every key that this machine holds, instead of names"),
};

export const keysReplaceCommand = defineCommand({
  name: "replace",
  summary: "Put a new key in the place of one or several, whose private halves are destroyed.",
  description: [
    "What to do when a key is lost, when somebody else may know it, or when a command is to sign instead. What was released before stays installable. The private half of a replaced authority may be kept sealed, to sign its lists of revoked certificates alone.",
    "In the place of a key that another machine holds goes a key of such a machine (--offline-keys) or of a command; one of this machine only with --online.",
  ],
  arguments: replaceArguments,
  options: replaceOptions,
  examples: [
    {
      line: "mosis admin keys replace tuf-timestamp --data /srv/mosis",
      does: "makes a new key for that role",
    },
    {
      line: "mosis admin keys replace release --command hsm --public-key release.pub.pem --data /srv/mosis",
      does: "has the command hsm sign releases from now on",
    },
    {
      line: "mosis admin keys replace --all-here --data /srv/mosis",
      does: "after the loss of the master key: makes every key anew that it sealed",
    },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { name } = context.arguments;
      const { allHere } = context.options;
      if ((name === undefined) !== allHere)
        throw new Problem(
          "usage",
          "usage.invalid_value",
          "Say which keys: their names with commas between, or --all-here, and not both.",
        );
      const names = name === undefined ? { allHere } : { names: name.split(",") };
      const input = { ...names, ...(await newKeyInput(context.options, context.path)) };
      return told(await operator.call<ChangeOutcome & WithLeft>("keys.replace", input));
    }),
});

export const keysAddCommand = defineCommand({
  name: "add",
  summary: "Give a role of the catalogue one more key.",
  arguments: { role: argument("ROLE", "root, targets, revocations, apps, bins, snapshot or timestamp") },
  options: NEW_KEY_OPTIONS,
  examples: [{ line: "mosis admin keys add root --data /srv/mosis", does: "adds a key to the root" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const input = { role: context.arguments.role, ...(await newKeyInput(context.options, context.path)) };
      return told(await operator.call<ChangeOutcome & WithLeft>("keys.add", input));
    }),
});

export const keysRemoveCommand = defineCommand({
  name: "remove",
  summary: "Take a key from the role that it signs.",
  arguments: { name: argument("NAME", "the key's name") },
  options: dataOptions,
  examples: [
    { line: "mosis admin keys remove tuf-root-2 --data /srv/mosis", does: "leaves the root's other keys" },
  ],
  run: (context) =>
    withOperator(context, async (operator) =>
      told(await operator.call<ChangeOutcome & WithLeft>("keys.remove", { name: context.arguments.name })),
    ),
});

export const keysThresholdCommand = defineCommand({
  name: "threshold",
  summary: "Say how many keys of a role must sign.",
  arguments: {
    role: argument("ROLE", "root, targets, revocations, apps, bins, snapshot or timestamp"),
    count: argument("COUNT", "a whole number from 1", (text) => {
      if (!/^[1-9]\d?$/.test(text)) throw new Error("a threshold is a whole number from 1");
      return Number(text);
    }),
  },
  options: dataOptions,
  examples: [
    { line: "mosis admin keys threshold root 2 --data /srv/mosis", does: "asks for two signatures" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      const { role, count } = context.arguments;
      return told(
        await operator.call<ChangeOutcome & WithLeft>("keys.threshold", { role, threshold: count }),
      );
    }),
});

export const keysRenewCommand = defineCommand({
  name: "renew",
  summary: "Sign a certificate or a role's metadata anew, with the same keys.",
  description: ["The store renews by itself what its own keys sign, at half of its time."],
  arguments: { what: argument("WHAT", "ca-root, ca-developer, release, root, targets or apps", renewable) },
  options: dataOptions,
  examples: [
    { line: "mosis admin keys renew ca-developer --data /srv/mosis", does: "issues the certificate anew" },
  ],
  run: (context) =>
    withOperator(context, async (operator) =>
      told(await operator.call<ChangeOutcome & WithLeft>("keys.renew", { what: context.arguments.what })),
    ),
});

export const keysCancelCommand = defineCommand({
  name: "cancel",
  summary: "Forget the changes that wait, and the request that was exported.",
  arguments: {},
  options: { ...dataOptions, yes: flag("--yes", "do it") },
  examples: [
    { line: "mosis admin keys cancel --yes --data /srv/mosis", does: "leaves the keys as they are" },
  ],
  run: (context) =>
    withOperator(context, async (operator) => {
      if (!context.options.yes)
        return {
          data: { cancelled: false },
          text: () => "Nothing was changed: add --yes to forget what waits.",
        };
      const done = await operator.call<Cancelled & WithLeft>("keys.cancel", {});
      const { changes, request, left } = done;
      const cancelled = changes > 0 || request;
      return {
        data: { cancelled, changes, request, left },
        text: () =>
          [
            cancelled
              ? "What waited is forgotten; the keys are as they were."
              : "Nothing waited, and no request was open: nothing was changed.",
            ...leftLines(done),
          ].join(LINE_END),
      };
    }),
});
