/** Under which keys released packages lie. */
import type { Sha256 } from "../ids.ts";

/** Not public: a held release is nobody's business yet. */
export function releaseKey(sha256: Sha256): string {
  return `releases/${sha256}.mosis`;
}

/** What devices download. */
export function packageKey(sha256: Sha256): string {
  return `store/v1/packages/${sha256}.mosis`;
}
