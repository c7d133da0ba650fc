/** The sample apps as folders on disk: what a developer would have. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { assetBytes, listAssets } from "../../assets.ts";

export type Sample = {
  readonly name: string;
  readonly id: string;
  readonly versionCode: number;
  readonly notes: string;
  /** Folders below assets/samples/, laid over each other in this order. */
  readonly layers: readonly string[];
};

/** In the order in which the demo publishes them; the last one is an update of the first. */
export const SAMPLES: readonly Sample[] = [
  {
    name: "calculator",
    id: "com.example.calculator",
    versionCode: 1,
    notes: "First release.",
    layers: ["calculator"],
  },
  {
    name: "notes",
    id: "com.example.notes",
    versionCode: 3,
    notes: "Search, tags and undo.",
    layers: ["notes"],
  },
  {
    name: "weather",
    id: "com.example.weather",
    versionCode: 1,
    notes: "First release.",
    layers: ["weather"],
  },
  {
    name: "calculator-2",
    id: "com.example.calculator",
    versionCode: 2,
    notes: "Roots, powers and a history that comes back.",
    layers: ["calculator", "calculator-update"],
  },
];

/** Of each app the sample that was published last, with the folder of its first, by which its listing is found. */
export const NEWEST: readonly Pick<Sample, "id" | "name" | "versionCode">[] = [
  ...new Map(SAMPLES.map((sample) => [sample.id, sample])).values(),
].map(({ id, layers, name, versionCode }) => ({ id, name: layers[0] ?? name, versionCode }));

/** Writes a sample's files below `folder`, which must not be there yet. */
export async function writeSample(sample: Sample, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const layer of sample.layers) {
    const prefix = `samples/${layer}/`;
    for (const name of listAssets(prefix)) {
      const path = join(folder, ...name.slice(prefix.length).split("/"));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, assetBytes(name));
    }
  }
}
