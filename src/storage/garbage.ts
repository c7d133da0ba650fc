/**
 * Buffers that are done with. The runtime's collector sees the small object and not the memory behind it: left to
 * itself, one upload of 500 MB holds 100 MB of them. To collect takes as long as the whole heap is large, and everybody
 * waits for it, so it is done seldom by a process that is large itself, and never for what is little.
 */
const COLLECT_EVERY_BYTES = 16 * 2 ** 20;
const OF_PROCESS = 1 / 16;
const LITTLE_BYTES = 2 ** 20;

let uncollectedBytes = 0;

/** Says that so many bytes were allocated for a moment; now and then it collects what became of them. */
export function noteGarbage(sizeBytes: number): void {
  uncollectedBytes += sizeBytes;
  if (uncollectedBytes < COLLECT_EVERY_BYTES) return;
  if (uncollectedBytes < process.memoryUsage.rss() * OF_PROCESS) return;
  uncollectedBytes = 0;
  Bun.gc(true);
}

/**
 * Collects what it left behind to read a file, before something else of its kind stands beside that.
 * @param sizeBytes Of the file. What is little leaves little behind.
 */
export function collectAfter({ sizeBytes }: { readonly sizeBytes: number }): void {
  if (sizeBytes >= LITTLE_BYTES) Bun.gc(true);
}
