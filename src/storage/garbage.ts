/**
 * Buffers that are done with. The runtime's collector sees the small object and not the memory behind it: left to
 * itself, one upload of 500 MB holds 100 MB of them.
 */
const COLLECT_EVERY_BYTES = 16 * 2 ** 20;

let uncollectedBytes = 0;

/** Says that so many bytes were allocated for a moment; now and then it collects what became of them. */
export function noteGarbage(sizeBytes: number): void {
  uncollectedBytes += sizeBytes;
  if (uncollectedBytes < COLLECT_EVERY_BYTES) return;
  uncollectedBytes = 0;
  Bun.gc(true);
}
