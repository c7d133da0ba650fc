import type { Signer } from "../signing/signer.ts";
import type { Source } from "./source.ts";

/** Everything of the store's predicate that the package itself does not say. */
export type ApprovalFacts = {
  readonly approvedAt: Date;
  readonly review: {
    readonly reviewId: string;
    readonly policy: number;
    readonly people: number;
    readonly checks: readonly { readonly name: string; readonly version: string }[];
  };
};

/** Both give the envelope's bytes, to be appended with `appendEnvelope`. */
export declare function signDeveloper(source: Source, signer: Signer, signedAt: Date): Promise<Uint8Array>;
export declare function signStore(source: Source, signer: Signer, facts: ApprovalFacts): Promise<Uint8Array>;
