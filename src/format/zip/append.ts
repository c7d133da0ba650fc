import type { Source } from "../source.ts";

export type Appended = { readonly prefixBytes: number; readonly tail: Uint8Array };
export declare function appendEnvelope(
  source: Source,
  name: "META-MOSIS/developer.dsse" | "META-MOSIS/store.dsse",
  envelope: Uint8Array,
): Promise<Appended>;
