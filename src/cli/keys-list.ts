import { fingerprintText } from "../signing/keys.ts";
import { apiPath } from "./client.ts";
import { type Context, defineCommand, type Result } from "./command.ts";
import { STORE_OPTIONS } from "./connection.ts";
import {
  type KeyAnswer,
  keyState,
  type RecoveryAnswer,
  readKeyAnswer,
  readRecoveryAnswer,
} from "./key-answers.ts";
import { BLANK_LINE, fields, formatTime, LINE_END, type Style } from "./style.ts";
import { allItems, connect } from "./version-calls.ts";

export const keysListCommand = defineCommand({
  name: "list",
  summary: "List the signing keys that the store knows.",
  description: [
    "Each with its fingerprint, the SHA-256 of its certificate and until when that is valid, and the apps whose updates " +
      "it may sign; one that is revoked, or whose certificate or organisation is, says so. A recovery that waits is listed too.",
  ],
  arguments: {},
  options: STORE_OPTIONS,
  examples: [
    {
      line: "MOSIS_TOKEN_FILE=token mosis keys list --store https://store.example.com",
      does: "lists the keys of your organisation",
    },
  ],
  run,
});

async function run(context: Context<Record<string, never>, typeof STORE_OPTIONS>): Promise<Result> {
  const client = await connect(context, context.options);
  const keys: KeyAnswer[] = [];
  for await (const key of allItems(client, apiPath("developer-keys"), readKeyAnswer)) keys.push(key);
  const waiting: RecoveryAnswer[] = [];
  for await (const recovery of allItems(client, apiPath("key-recoveries"), readRecoveryAnswer))
    if (recovery.state === "waiting") waiting.push(recovery);
  const now = context.io.clock.now();
  for (const key of keys) {
    if (key.revokedAt === null && key.expiresSoon) {
      const ended = new Date(key.notAfter) < now;
      context.note(
        `warning: the certificate of ${key.fingerprint.slice(0, 9)}… ${ended ? "ended" : "ends"} at ${formatTime(key.notAfter)}. Renew it with: mosis keys enroll`,
      );
    }
  }
  return {
    data: { keys: keys.map(({ raw }) => raw), recoveries: waiting.map(({ raw }) => raw) },
    text: (style) =>
      [
        keys.length === 0
          ? "No key is enrolled."
          : keys.map((key) => keyText(style, key, now)).join(BLANK_LINE),
        ...waiting.map(
          ({ id, apps, waitingUntil }) =>
            `${LINE_END}${style.warn("A recovery waits")} until ${formatTime(waitingUntil)}: ${id}, for ${apps.join(", ")}.${LINE_END}If the keys are not lost: mosis keys object ${id} --reason TEXT`,
        ),
      ].join(LINE_END),
  };
}

/** Whatever the app: an app that a recovery took its place for is not all. */
function signsNothing(key: KeyAnswer): boolean {
  const { revokedAt, developerRevokedAt, certificateRevokedAt, certificateDistrustedAt } = key;
  return (revokedAt ?? developerRevokedAt ?? certificateRevokedAt ?? certificateDistrustedAt) !== null;
}

function keyText(style: Style, key: KeyAnswer, now: Date): string {
  const expired = new Date(key.notAfter) < now;
  const validity = expired ? style.bad(" (expired)") : key.expiresSoon ? style.warn(" (soon)") : "";
  const apps = key.apps.map(({ appId, usable }) => (usable ? appId : `${appId} (no more)`));
  return fields(style, [
    ["key", key.fingerprint],
    ["certificate", fingerprintText(key.certificateSha256)],
    ["state", keyState(style, key)],
    ["algorithm", key.algorithm],
    ["valid until", `${formatTime(key.notAfter)}${validity}`],
    ["may sign", apps.join(", ") || (signsNothing(key) ? "nothing" : "the first version of an app")],
  ]);
}
