/** Job `lineage.sign`: the store's statements about the keys of an app's lineage, word for word, with a signature that counts. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { sealEnvelope } from "../../signing/dsse.ts";
import { readLeaf } from "../../signing/leaf.ts";
import { namesOf, refuseRevokedKey } from "../countersign.ts";
import { replaceStatement } from "../lineage.records.ts";
import { recordInLog } from "../log/record.ts";
import { mustHaveLineage } from "../mend-lineage.ts";
import * as catalog from "../records.ts";
import { REOFFER_JOB } from "../revocation/act.ts";
import { fallenStatements, type Statement } from "./fallen.ts";
import { presentTrust, storeSignatureCounts } from "./trust.ts";

/** @throws Problem `catalog.damaged`, `revocation.in_force` when the key is revoked meanwhile; those of `releaseSigner` */
export async function signLineageAgain(store: Store, appId: AppId): Promise<void> {
  const { orm } = store.db;
  await mustHaveLineage(store, appId);
  const trust = presentTrust(store);
  const fallen = await fallenStatements(orm, trust, appId);
  if (fallen.length === 0) return;
  const signer = releaseSigner(store);
  const leaf = readLeaf(signer.certificateDer, "release");
  const sealed: { readonly statement: Statement; readonly envelope: Buffer }[] = [];
  for (const statement of fallen) {
    // Under a root that is younger than the statement no signature of it would count.
    if (storeSignatureCounts(leaf, statement.at, trust))
      sealed.push({ statement, envelope: Buffer.from(await sealEnvelope(statement.payload, signer)) });
    else store.log.error("lineage.not_signed", { app: appId, position: statement.row.position });
  }
  if (sealed.length === 0) return;
  const now = store.clock.now();
  write(store.db, (tx) => {
    refuseRevokedKey(tx, namesOf(signer));
    const app = catalog.findApp(tx, appId);
    if (!app) return;
    for (const { statement, envelope } of sealed) {
      const { row } = statement;
      if (!replaceStatement(tx, row, envelope)) continue;
      recordInLog(
        tx,
        store.vault,
        {
          type: "developer-key",
          change: "sealed",
          keyId: row.keyid,
          developerId: app.organisationId,
          appId,
          authorisedBy: null,
        },
        now,
      );
    }
    enqueue(tx, { kind: REOFFER_JOB, key: "catalogue", payload: { subject: "app", id: appId } }, now);
  });
}
