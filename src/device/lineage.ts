/** Which keys may sign an app, as this device follows it (package format, section 5): pinned once, growing by statements. */
import type { AppIndex } from "../catalog/tuf/documents.ts";
import { isProblem, Problem } from "../errors.ts";
import { judgeLineage, type LineageKey } from "../format/lineage.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
import { refusal } from "../signing/refuse.ts";
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
  const { developerId } = index;
  if (app !== null && (lineage.length > app.lineage.length || developerId !== app.developerId)) {
    changeState(device.state, () => saveApp(device.state, { ...app, developerId, lineage }));
  }
  return lineage;
}

/** An app that changed hands says so: whose it was when it was pinned is named among whose it was before. */
function checkDeveloper({ developerId, formerDevelopers }: AppIndex, pinned: string): void {
  if (developerId === pinned || formerDevelopers.some((former) => former === pinned)) return;
  throw refusal("MPK-L010", "The app is another developer's, and does not say that it was given to them.", {
    entry: "index.json",
    pointer: "/developerId",
    found: developerId,
    expected: `${pinned}, or an index that names it among its formerDevelopers`,
  });
}

async function judge(
  device: Device,
  catalogue: Catalogue,
  index: AppIndex,
  app: { readonly developerId: string; readonly lineage: readonly LineageKey[] } | null,
): Promise<readonly LineageKey[]> {
  const parse = (pems: readonly string[]) => pems.flatMap(certificatesFromPem);
  try {
    if (app !== null) checkDeveloper(index, app.developerId);
    return await judgeLineage(index.lineage, {
      appId: index.appId,
      developerId: index.developerId,
      formerDevelopers: index.formerDevelopers,
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
