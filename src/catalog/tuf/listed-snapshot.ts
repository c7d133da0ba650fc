/**
 * The snapshot of @tufjs/models in time that goes by the roles it lists: its own copies all that it has for each of them, 2 ms
 * for the 262 of a catalogue, and a change of one reads and writes several.
 */
import { Metadata, MetadataKind, MetaFile, Snapshot } from "@tufjs/models";

type Json = ReturnType<Snapshot["toJSON"]>;

export class ListedSnapshot extends Snapshot {
  override toJSON(): Json {
    const meta = mapped(this.meta, (file) => file.toJSON());
    return { ...new Snapshot({ ...this, meta: {} }).toJSON(), meta };
  }

  /** @throws Error for what is none, as the class it extends does */
  static override fromJSON(json: Json): ListedSnapshot {
    const { meta } = json;
    if (!isRecord(meta)) return new ListedSnapshot({ ...Snapshot.fromJSON(json) });
    const files = mapped(meta, (file) => MetaFile.fromJSON(file as Json));
    return new ListedSnapshot({ ...Snapshot.fromJSON({ ...json, meta: {} }), meta: files });
  }
}

/** `Metadata.fromJSON` of a snapshot. @throws Error for what is none */
export function snapshotMetadata(json: Json): Metadata<Snapshot> {
  const { signed } = json;
  if (!isRecord(signed)) return Metadata.fromJSON(MetadataKind.Snapshot, json);
  const around = Metadata.fromJSON(MetadataKind.Snapshot, { ...json, signed: { ...signed, meta: {} } });
  return new Metadata<Snapshot>(
    ListedSnapshot.fromJSON(signed),
    around.signatures,
    around.unrecognizedFields as Json,
  );
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
