import type { StoreKeys } from "../../../catalog/store-keys/overview.ts";
import { fingerprintText } from "../../../signing/keys.ts";
import { defineCommand } from "../../command.ts";
import { withOperator } from "../../operator.ts";
import { dataOptions } from "../../store-options.ts";
import { BLANK_LINE, formatTime, LINE_END, type Style, table } from "../../style.ts";
import { wordsOf } from "./next.ts";

/** As it comes over the operator's socket: dates are texts. */
type Json<T> = T extends Date
  ? string
  : T extends string | number | boolean | null
    ? T
    : T extends readonly (infer U)[]
      ? Json<U>[]
      : { [K in keyof T]: Json<T[K]> };
export type StoreKeysJson = Json<StoreKeys>;

const HOLDERS = {
  here: "this store",
  command: "command",
  offline: "another machine",
  destroyed: "nobody: destroyed",
  here_for_lists: "this store, for that alone",
} as const;

export const keysShowCommand = defineCommand({
  name: "show",
  summary: "Show every key and certificate of the store, who holds it, what ends when, and what to do next.",
  arguments: {},
  options: dataOptions,
  examples: [{ line: "mosis admin keys show --data /srv/mosis", does: "prints the tables" }],
  run: (context) =>
    withOperator(context, async (operator) => {
      const found = await operator.call<StoreKeysJson>("keys.show", {});
      return { data: found, text: (style) => shown(style, found) };
    }),
});

function shown(style: Style, found: StoreKeysJson): string {
  const keys = table(
    style,
    [
      { title: "Key" },
      { title: "Signs" },
      { title: "Held by" },
      { title: "Algorithm" },
      { title: "Fingerprint" },
    ],
    found.keys
      .filter((key) => key.state !== "retired" || key.holder === "here_for_lists")
      .map((key) => [
        key.name,
        key.state === "waiting" ? "waits" : key.signs.join(", "),
        key.command === null ? HOLDERS[key.holder] : `command ${key.command}`,
        key.algorithm,
        fingerprintText(key.keyid),
      ]),
  );
  const certificates = table(
    style,
    [{ title: "Certificate" }, { title: "Key" }, { title: "From" }, { title: "Until" }, { title: "SHA-256" }],
    found.certificates.map((one) => [
      `${one.kind}${one.isCurrent ? "" : " (before)"}${one.isRevoked ? " (revoked)" : ""}`,
      one.keyName,
      formatTime(one.notBefore),
      formatTime(one.notAfter),
      fingerprintText(one.sha256),
    ]),
  );
  const lists = table(
    style,
    [{ title: "List of revoked certificates of" }, { title: "Number", align: "end" }, { title: "Until" }],
    found.lists.map((list) => [list.keyName, String(list.number), formatTime(list.nextUpdate)]),
  );
  const roles = table(
    style,
    [
      { title: "Role" },
      { title: "Must sign" },
      { title: "Version", align: "end" },
      { title: "Until" },
      { title: "Renewed by" },
    ],
    found.roles.map((role) => [
      role.role,
      `${role.threshold} of ${role.keyNames.length}`,
      String(role.version),
      formatTime(role.expiresAt),
      found.lapses.find((lapse) => lapse.what === role.role)?.renewedBy === "job" ? "the store" : "a request",
    ]),
  );
  const next = found.next.map((step) => `- ${wordsOf(step)}`);
  const tables = [keys, certificates, roles, ...(found.lists.length > 0 ? [lists] : [])];
  return [...tables, ["Next:", ...(next.length > 0 ? next : ["- nothing"])].join(LINE_END)].join(BLANK_LINE);
}
