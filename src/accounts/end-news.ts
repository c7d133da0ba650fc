/** Whether people are told of what ends. Pure. */

/**
 * Not of what was made for no longer than the notice, nor of what ended long ago.
 * @param bounds How long before its end they are told, and for how long after it
 */
export function isEndNews(
  { from, until }: { readonly from: Date; readonly until: Date },
  { noticeMs, overMs }: { readonly noticeMs: number; readonly overMs: number },
  now: Date,
): boolean {
  const livesMs = until.getTime() - from.getTime();
  return livesMs > noticeMs && until.getTime() > now.getTime() - overMs;
}
