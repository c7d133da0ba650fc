/** What was made of a text, kept for as long as it is asked for among the last ones: the same text makes the same. */

/** @param most How many are kept; the one that was not asked for longest goes first. */
export function rememberLast<T>(most: number, make: (text: string) => T): (text: string) => T {
  const kept = new Map<string, T>();
  return (text) => {
    const found = kept.get(text);
    const value = found ?? make(text);
    if (found !== undefined) kept.delete(text);
    kept.set(text, value);
    if (kept.size > most) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    return value;
  };
}
