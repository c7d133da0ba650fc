/** Judges a catalogue in this process, as `mosis verify-catalog DIR --root FILE --at TIME --audience ID` does in its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { METADATA_MAX_BYTES } from "../../src/catalog/tuf/metadata-form.ts";
import { verifyCatalogue } from "../../src/device/verify-catalogue.ts";
import { readBounded } from "../../src/device/verify-catalogue-files.ts";
import { isProblem } from "../../src/errors.ts";
import { type AudienceId, EVERYBODY } from "../../src/ids.ts";

export function writeCatalogue(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** The code of the first finding; null when the catalogue is accepted. */
export async function judgeCatalogue(
  folder: string,
  at: string,
  audience: string | null,
): Promise<string | null> {
  try {
    const root = await readBounded(join(folder, "metadata/1.root.json"), METADATA_MAX_BYTES.root);
    await verifyCatalogue(
      folder,
      root,
      new Date(at),
      audience === null ? EVERYBODY : (audience as AudienceId),
    );
    return null;
  } catch (error) {
    if (isProblem(error)) return error.details[0]?.code ?? error.code;
    throw error;
  }
}
