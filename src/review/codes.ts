/** The codes of the checks that know the store; those of the file itself are `MPK-…`. Published in the docs. */
export const CHECK_CODES = {
  "CHK-C001": {
    title: "Category that the store does not have",
    explanation:
      "The manifest's category is none of this store's, and none that was merged into one. It is a warning: the package can be published, and its app is then shown under no category until a package says another one, or somebody chooses one for it on the app's page.",
  },
  "CHK-L001": {
    title: "No room for the store's signature",
    explanation:
      "A released package has at most 512 MiB with the store's signature in it; this upload leaves less than 64 KiB for that.",
  },
  "CHK-O001": {
    title: "Signed for another organisation",
    explanation: "The developer certificate in the package names an organisation that does not own this app.",
  },
  "CHK-O002": {
    title: "Key not enrolled here",
    explanation: "The signing key is not among those that the owner has enrolled with this store.",
  },
  "CHK-N001": {
    title: "Key outside of the app's lineage",
    explanation: "Devices have pinned which keys may sign this app, and this key is not one of them.",
  },
  "CHK-N002": {
    title: "Key was given up as lost",
    explanation:
      "A recovery has put another key in the place of this one. Devices take nothing that was approved after that with it.",
  },
  "CHK-R001": {
    title: "Revoked",
    explanation:
      "An administrator has revoked the package, its app, its developer, or the key or certificate that it is signed with. The finding says why.",
  },
  "CHK-R002": {
    title: "Its certificate's authority is not trusted any more",
    explanation:
      "The store has taken the authority that issued the developer certificate out of `trust/ca.pem`.",
  },
  "CHK-V001": {
    title: "Version code does not rise",
    explanation: "Devices take only a higher versionCode than the published one.",
  },
  "CHK-V002": {
    title: "Data version falls",
    explanation:
      "An update never lowers dataVersion: devices could not read the data that the older version wrote.",
  },
} as const satisfies Record<string, { title: string; explanation: string }>;

export type CheckCode = keyof typeof CHECK_CODES;
