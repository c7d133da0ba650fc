/** Which keys may sign an app, as this device follows it (package format, section 5): pinned once, growing by statements. */
import type { AppIndex } from "../catalog/tuf/documents.ts";
import { isProblem, Problem } from "../errors.ts";
import { judgeLineage, type LineageKey } from "../format/lineage.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { changeState, findApp, saveApp } from "./records.ts";

/**
 * The keys of the index's lineage, judged against what is pinned; what is new in it is pinned at once, before anything
 * that it signed is fetched, so that no later index can take it back.
 *
 * @throws Problem `device.lineage_refused`; its details say which rule was broken and where
 */
export async function followLineage(
  device: Device,
  catalogue: Catalogue,
  index: AppIndex,
): Promise<readonly LineageKey[]> {
  const app = findApp(device.state, index.appId);
  const lineage = await judge(device, catalogue, index, app);
  if (app !== null && lineage.length > app.lineage.length) {
    changeState(device.state, () => saveApp(device.state, { ...app, lineage }));
  }
  return lineage;
}

async function judge(
  device: Device,
  catalogue: Catalogue,
  index: AppIndex,
  app: { readonly developerId: string; readonly lineage: readonly LineageKey[] } | null,
): Promise<readonly LineageKey[]> {
  const parse = (pems: readonly string[]) => pems.flatMap(certificatesFromPem);
  try {
    return await judgeLineage(index.lineage, {
      appId: index.appId,
      developerId: app?.developerId ?? index.developerId,
      storeId: device.storeId,
      now: device.clock.now(),
      anchors: { roots: parse(catalogue.roots), developerCas: parse(catalogue.developerCas) },
      revocations: catalogue.revocations.entries,
      pinned: app?.lineage ?? [],
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw new Problem(
      "unprocessable",
      "device.lineage_refused",
      `The store's list of the keys that may sign ${index.appId} was refused: ${error.code} ${error.message}`,
      error.details,
      { cause: error },
    );
  }
}
