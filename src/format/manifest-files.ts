import { type Finding, type FindingCode, findingsOf } from "./findings.ts";
import type { Manifest } from "./manifest.ts";
import { META_FOLDER } from "./names.ts";
import { type PictureSize, refusePicture } from "./pictures/bytes.ts";
import { readJpegSize, readWebpSize } from "./pictures/headers.ts";
import { checkPng } from "./pictures/png.ts";
import { readEntry } from "./zip/entry.ts";
import type { Container, ZipEntry } from "./zip/reader.ts";

const SCREENSHOT_LEAST = 320;
const SCREENSHOT_MOST = 3840;

/**
 * Judges the files that a manifest names: they are in the package, and its pictures are what they say (package format
 * §4). One finding for each that is not.
 */
export async function checkManifestFiles(manifest: Manifest, container: Container): Promise<Finding[]> {
  const findings: Finding[] = [];
  const find = (pointer: string, path: string): ZipEntry | undefined => {
    const entry = path.startsWith(`${META_FOLDER}/`) ? undefined : container.byName.get(path);
    if (entry !== undefined) return entry;
    const code: FindingCode = "MPK-M019";
    const message = `At “${pointer}” the manifest names “${path}”, which is not in the package.`;
    const expected = "a file of the package outside of META-MOSIS";
    findings.push({ code, severity: "error", section: "manifest", message, pointer, found: path, expected });
    return undefined;
  };
  const judge = async (pointer: string, path: string, check: (entry: ZipEntry) => Promise<void>) => {
    const entry = find(pointer, path);
    if (entry === undefined) return;
    try {
      await check(entry);
    } catch (error) {
      for (const finding of findingsOf(error, "manifest"))
        findings.push({ ...finding, entry: path, pointer });
    }
  };

  find("/entry", manifest.entry);
  for (const [index, path] of (manifest.ui ?? []).entries()) find(`/ui/${index}`, path);
  for (const [index, { size, src }] of manifest.icons.entries()) {
    await judge(`/icons/${index}/src`, src, (entry) =>
      checkPng(readEntry(container, entry), (found) => judgeIcon(found, size)),
    );
  }
  for (const [index, { src }] of (manifest.screenshots ?? []).entries()) {
    await judge(`/screenshots/${index}/src`, src, (entry) => checkScreenshot(container, entry));
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

async function checkScreenshot(container: Container, entry: ZipEntry): Promise<void> {
  if (entry.name.endsWith(".png")) await checkPng(readEntry(container, entry), judgeScreenshot);
  else judgeScreenshot(await readPictureSize(container, entry));
}

/** Width and height of a picture, by the format that its name says; a PNG is judged whole on the way. */
export async function readPictureSize(container: Container, entry: ZipEntry): Promise<PictureSize> {
  const bytes = readEntry(container, entry);
  if (entry.name.endsWith(".webp")) return readWebpSize(bytes, entry.sizeBytes);
  if (!entry.name.endsWith(".png")) return readJpegSize(bytes);
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
