import { type Finding, type FindingCode, findingsOf, MOST_FINDINGS } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { type PictureSize, refusePicture } from "./pictures/bytes.ts";
import { readJpegSize, readWebpSize } from "./pictures/headers.ts";
import { checkPng } from "./pictures/png.ts";
import { readEntry } from "./zip/entry.ts";
import type { Container, ZipEntry } from "./zip/reader.ts";

/** Pixels a side of a screenshot. */
export const SCREENSHOT_LEAST = 320;
export const SCREENSHOT_MOST = 3840;

/** A release's files, in a package or unpacked. */
export type NamedFiles = {
  /** Undefined when there is none of that name. */
  find(path: string): NamedFile | undefined;
  bytes(file: NamedFile): AsyncIterable<Uint8Array>;
};
export type NamedFile = { readonly name: string; readonly sizeBytes: number };

export function filesOf(container: Container): NamedFiles {
  return {
    find: (path) => container.byName.get(path),
    bytes: ({ name }) => readEntry(container, entryOf(container, name)),
  };
}

function entryOf(container: Container, name: string): ZipEntry {
  const entry = container.byName.get(name);
  if (entry === undefined) throw new Error(`${name} is not in the package`);
  return entry;
}

/**
 * Judges the files that a manifest names: they are in the release, and its pictures are what they say (package format
 * §4). One finding for each that is not, up to MOST_FINDINGS.
 */
export async function checkManifestFiles(manifest: Manifest, files: NamedFiles): Promise<Finding[]> {
  const findings: Finding[] = [];
  const find = (pointer: string, path: string): NamedFile | undefined => {
    // None of META-MOSIS ends as the paths of a manifest do.
    const entry = files.find(path);
    if (entry !== undefined) return entry;
    const code: FindingCode = "MPK-M019";
    const message = `At “${pointer}” the manifest names “${path}”, which is not in the package.`;
    const expected = "a file of the package";
    findings.push({ code, severity: "error", section: "manifest", message, pointer, found: path, expected });
    return undefined;
  };
  const judge = async (pointer: string, path: string, check: (entry: NamedFile) => Promise<void>) => {
    const entry = find(pointer, path);
    if (entry === undefined) return;
    try {
      await check(entry);
    } catch (error) {
      for (const finding of findingsOf(error, "manifest"))
        findings.push({ ...finding, entry: path, pointer });
    }
  };

  const isFull = () => findings.length >= MOST_FINDINGS;
  find("/entry", manifest.entry);
  for (const [index, path] of (manifest.ui ?? []).entries()) {
    if (isFull()) break;
    find(`/ui/${index}`, path);
  }
  for (const [index, { size, src }] of manifest.icons.entries()) {
    if (isFull()) break;
    await judge(`/icons/${index}/src`, src, (entry) =>
      checkPng(files.bytes(entry), (found) => judgeIcon(found, size)),
    );
  }
  for (const [index, { src }] of (manifest.screenshots ?? []).entries()) {
    if (isFull()) break;
    await judge(`/screenshots/${index}/src`, src, (entry) => checkScreenshot(files, entry));
  }
  return findings;
}

function judgeIcon({ width, height }: PictureSize, size: number): void {
  if (width === size && height === size) return;
  throw refusePicture("MPK-P006", `The icon has ${width} × ${height} pixels, not ${size} × ${size}.`, {
    found: `${width} × ${height}`,
    expected: `${size} × ${size}`,
  });
}

async function checkScreenshot(files: NamedFiles, file: NamedFile): Promise<void> {
  if (file.name.endsWith(".png")) await checkPng(files.bytes(file), judgeScreenshot);
  else judgeScreenshot(await sizeOf(files, file));
}

/** Width and height of a picture, by the format that its name says; a PNG is judged whole on the way. */
export async function readPictureSize(container: Container, entry: ZipEntry): Promise<PictureSize> {
  return sizeOf(filesOf(container), entry);
}

async function sizeOf(files: NamedFiles, file: NamedFile): Promise<PictureSize> {
  const bytes = files.bytes(file);
  if (file.name.endsWith(".webp")) return readWebpSize(bytes, file.sizeBytes);
  if (!file.name.endsWith(".png")) return readJpegSize(bytes);
  let size: PictureSize | undefined;
  await checkPng(bytes, (found) => {
    size = found;
  });
  if (size === undefined) throw new Error("a PNG that passed has a size");
  return size;
}

function judgeScreenshot({ width, height }: PictureSize): void {
  const fits = (side: number) => side >= SCREENSHOT_LEAST && side <= SCREENSHOT_MOST;
  if (fits(width) && fits(height)) return;
  throw refusePicture("MPK-P007", `The screenshot has ${width} × ${height} pixels.`, {
    found: `${width} × ${height}`,
    expected: `${SCREENSHOT_LEAST} to ${SCREENSHOT_MOST} pixels a side`,
  });
}
