/** `mosis admin keys reseal`: the store's keys under another master key. */

import { resealTokenKeys } from "../../../accounts/access-tokens/keys.ts";
import { auditAuthor, OPERATOR } from "../../../accounts/actor.ts";
import { resealFactors } from "../../../accounts/factors/reseal.ts";
import { resealTokens } from "../../../accounts/identities/tokens.ts";
import { openStore } from "../../../boot/open-store.ts";
import { resealApprovals } from "../../../catalog/approval-seal.ts";
import { resealChecks } from "../../../catalog/check-seal.ts";
import { resealDeletions } from "../../../catalog/deletion/seal.ts";
import { resealLeaves } from "../../../catalog/log/seal.ts";
import { resealRecoveries } from "../../../catalog/mend-recoveries.ts";
import { resealRevocations } from "../../../catalog/revocation/sealed.ts";
import { resealDays } from "../../../catalog/running-days.ts";
import { leftOf } from "../../../catalog/store-keys/left.ts";
import { resealOffers } from "../../../catalog/transfer/seal.ts";
import { resealAudiences } from "../../../catalog/visibility/sealed-audiences.ts";
import { forgetOverwritten } from "../../../db/wal.ts";
import { resealKeys } from "../../../keys/reseal.ts";
import { makeMasterKey, openVault } from "../../../keys/vault.ts";
import { createLog } from "../../../log.ts";
import { defineCommand, requiredOption } from "../../command.ts";
import { exists, withFile } from "../../files.ts";
import { commandConfig, dataOptions } from "../../store-options.ts";
import { LINE_END } from "../../style.ts";
import { leftLines } from "./left.ts";

export const keysResealCommand = defineCommand({
  name: "reseal",
  summary: "Encrypt the store's keys under another master key.",
  description: [
    "What to do when somebody else may know the master key. The server has to be stopped: afterwards start it with the new file as --master-key-file, and put that into your backup. All keys are encrypted anew, or none, and the secrets of people's authenticator apps with them.",
    "Whoever has an old copy of the database beside the old master key has the keys themselves: replace them as well.",
  ],
  arguments: {},
  options: {
    ...dataOptions,
    newMasterKeyFile: requiredOption<string>(
      "--new-master-key-file",
      "FILE",
      "the new master key; it is made, for its owner alone, when there is no such file",
    ),
  },
  examples: [
    {
      line: "mosis admin keys reseal --new-master-key-file new.key --data /srv/mosis",
      does: "makes new.key and encrypts every key under it",
    },
  ],
  async run(context) {
    const { io } = context;
    const config = commandConfig(context);
    const log = createLog(io.clock, "warn", (line) => context.note(line.trimEnd()));
    const file = context.path(context.options.newMasterKeyFile);
    const opened = await openStore({ config, clock: io.clock, log, mayCreate: false, runJobs: false });
    try {
      const isNew = !(await exists(file));
      if (isNew) await withFile("write", file, async () => void makeMasterKey(file));
      const next = openVault({ file, dataDir: config.dataDir, mayCreate: false, log });
      const keys = resealKeys(
        opened.store,
        auditAuthor(OPERATOR),
        next,
        (tx, from, to) =>
          resealFactors(tx, from, to) +
          resealTokens(tx, from, to) +
          resealTokenKeys(tx, from, to) +
          resealRecoveries(tx, from, to) +
          resealApprovals(tx, from, to) +
          resealLeaves(tx, from, to) +
          resealOffers(tx, from, to) +
          resealAudiences(tx, from, to) +
          resealDeletions(tx, from, to) +
          resealChecks(tx, from, to) +
          resealRevocations(tx, from, to) +
          resealDays(tx, from, to),
      );
      // What was sealed with the old master key is overwritten.
      forgetOverwritten(opened.store, "keys.log_not_emptied");
      const left = leftOf(opened.store);
      return {
        data: { file, made: isNew, keys, left },
        text: () =>
          [
            `${keys.length} keys are encrypted under the master key in ${context.options.newMasterKeyFile}${isNew ? ", which was made" : ""}.`,
            "Start the server with it as --master-key-file. Copies of the database from before still open with the old one: “mosis admin keys replace” makes other keys.",
            ...leftLines({ left }),
          ].join(LINE_END),
      };
    } finally {
      await opened.close(10_000);
    }
  },
});
