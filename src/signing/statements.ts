export type DeveloperRelease = {
  readonly appId: string;
  readonly signedAt: Date;
  readonly version: string;
  readonly versionCode: number;
};

export type StoreApproval = {
  readonly appId: string;
  readonly approvedAt: Date;
  readonly developerEnvelope: { readonly sha256: string };
  readonly developerId: string;
  readonly developerKeyId: string;
  readonly review: {
    readonly checks: readonly { readonly name: string; readonly version: string }[];
    readonly people: number;
    readonly policy: number;
    readonly reviewId: string;
  };
  readonly storeId: string;
  readonly upload: { readonly sha256: string };
  readonly version: string;
  readonly versionCode: number;
};
