/** The page of the store's keys in its states. */
import type { StoreKeysProps } from "../pages/store-keys.tsx";
import { before } from "./context.ts";
import { HOSTILE } from "./data.ts";

const FINGERPRINT = Array.from({ length: 16 }, () => "9c41").join(" ");
const AT = "--data /srv/mosis";

const SIGN: StoreKeysProps["next"][number]["commands"] = [
  {
    where: "there",
    lines: [
      "mosis admin keys sign-request request.json --offline ./mosis-keys",
      "mosis admin keys sign-request request.json --offline ./mosis-keys --yes --out signed.json",
    ],
  },
  { where: "here", lines: [`mosis admin keys import signed.json ${AT}`] },
];
const EXPORT: StoreKeysProps["next"][number]["commands"] = [
  { where: "here", lines: [`mosis admin keys export-request --out request.json ${AT}`] },
  ...SIGN,
];

type Key = StoreKeysProps["keys"][number];
const key = (name: string, signs: Key["signs"], changes: Partial<Key> = {}): Key => ({
  name,
  fingerprint: FINGERPRINT,
  algorithm: "ed25519",
  holder: "here",
  command: null,
  signs,
  ...changes,
});

const role = (
  name: string,
  days: number,
  changes: Partial<StoreKeysProps["roles"][number]> = {},
): StoreKeysProps["roles"][number] => ({
  role: name,
  threshold: 1,
  keyNames: [`tuf-${name}`],
  version: 1204,
  expiresAt: before(-days, "days"),
  state: "ok",
  renewedBy: "job",
  ...changes,
});

type Certificate = StoreKeysProps["certificates"][number];
const certificate = (
  kind: Certificate["kind"],
  keyName: string,
  days: number,
  state: Certificate["state"],
): Certificate => ({
  kind,
  keyName,
  fingerprint: FINGERPRINT,
  notBefore: before(20, "days"),
  notAfter: before(-days, "days"),
  state,
});

const list = (
  keyName: string,
  number: number,
  days: number,
  state: StoreKeysProps["lists"][number]["state"],
): StoreKeysProps["lists"][number] => ({ keyName, number, nextUpdate: before(-days, "days"), state });

const tokenKey = (
  state: StoreKeysProps["tokenKeys"][number]["state"],
  days: number,
  until: number | null = null,
): StoreKeysProps["tokenKeys"][number] => ({
  kid: "7M7seMRSAPuh7-Q2JRpdf14yafqoiCWHn7gydP5XFAM",
  state,
  signsFrom: before(days, "days"),
  until: until === null ? null : before(until, "days"),
});

/** A store as it is after its first start. */
export const newStoreKeys: StoreKeysProps = {
  tokenKeys: [],
  canEndTokens: false,
  next: [
    {
      steps: [{ do: "move_offline", what: "", at: null, count: 0 }],
      commands: [
        { where: "there", lines: ["mosis admin keys init --offline ./mosis-keys"] },
        {
          where: "here",
          lines: [`mosis admin keys export-request --offline-keys public-keys.json --out request.json ${AT}`],
        },
        ...SIGN,
      ],
    },
  ],
  keys: [
    key("ca-developer", ["developer-ca"], { algorithm: "ecdsa-p256" }),
    key("ca-root", ["root-ca"], { algorithm: "ecdsa-p384" }),
    key("release", ["release"], { algorithm: "ecdsa-p256" }),
    ...["root-1", "root-2"].map((name) => key(`tuf-${name}`, ["root"])),
    ...(["targets", "revocations", "apps", "bins", "snapshot", "timestamp"] as const).map((name) =>
      key(`tuf-${name}`, [name]),
    ),
  ],
  roles: [
    role("root", 340, { keyNames: ["tuf-root-1", "tuf-root-2"], version: 1 }),
    role("targets", 170),
    role("timestamp", 1),
  ],
  certificates: [
    certificate("root", "ca-root", 7300, "ok"),
    certificate("developer-ca", "ca-developer", 3650, "ok"),
    certificate("release", "release", 730, "ok"),
  ],
  lists: [list("ca-developer", 1, 7, "ok"), list("ca-root", 1, 7, "ok")],
};

/** Keys elsewhere, and everything that can be late, late. */
export const lateStoreKeys: StoreKeysProps = {
  tokenKeys: [
    tokenKey("next", -1),
    tokenKey("signs", 29),
    tokenKey("retired", 59, 29),
    tokenKey("ended", 61, 59),
  ],
  canEndTokens: true,
  next: [
    {
      steps: [{ do: "release_revoked", what: "release-2", at: null, count: 0 }],
      commands: [{ where: "here", lines: [`mosis admin keys replace release-2 ${AT}`] }],
    },
    {
      steps: [
        { do: "master_key", what: "tuf-timestamp-2", at: null, count: 9 },
        { do: "command_missing", what: "hsm", at: null, count: 1 },
        { do: "command_fails", what: "kms", at: null, count: 1 },
      ],
      commands: [{ where: "here", lines: [`mosis admin keys show ${AT}`] }],
    },
    {
      steps: [
        { do: "expired", what: "apps", at: before(1, "days"), count: 0 },
        { do: "list_expired", what: "crl-root", at: before(2, "days"), count: 0 },
        { do: "request_renewal", what: "root", at: before(-50, "days"), count: 0 },
        { do: "export", what: "", at: null, count: 2 },
        { do: "export_due", what: "targets", at: null, count: 0 },
        { do: "export_list", what: "", at: null, count: 0 },
      ],
      commands: EXPORT,
    },
    {
      steps: [{ do: "overlong", what: "ca-developer", at: before(-3850, "days"), count: 0 }],
      commands: [{ where: "here", lines: [`mosis admin keys renew ca-developer ${AT}`] }],
    },
    {
      steps: [{ do: "renewal_fails", what: "timestamp", at: before(-5, "hours"), count: 0 }],
      commands: [{ where: "here", lines: [`mosis admin jobs list --state dead ${AT}`] }],
    },
    { steps: [{ do: "import", what: "", at: null, count: 0 }], commands: SIGN },
    { steps: [{ do: "held_here", what: "tuf-root-6", at: null, count: 0 }], commands: EXPORT },
    { steps: [{ do: "export_newer", what: "", at: null, count: 1 }], commands: EXPORT },
  ],
  keys: [
    key("ca-root-2", ["root-ca"], { holder: "offline", algorithm: "ecdsa-p384" }),
    key("ca-developer", ["revoked"], { holder: "here_for_lists", algorithm: "ecdsa-p256" }),
    key("ca-root", [], { holder: "destroyed", algorithm: "ecdsa-p384" }),
    key("release-2", ["release"], { holder: "command", command: "hsm", algorithm: "ecdsa-p256" }),
    ...["root-3", "root-4", "root-5"].map((name) => key(`tuf-${name}`, ["root"], { holder: "offline" })),
    key("tuf-timestamp-2", []),
  ],
  roles: [
    role("root", 50, {
      threshold: 2,
      keyNames: ["tuf-root-3", "tuf-root-4", "tuf-root-5"],
      state: "warning",
      renewedBy: "request",
    }),
    role("apps", -1, { state: "expired", renewedBy: "request" }),
    role("timestamp", 1, { state: "warning" }),
  ],
  certificates: [
    certificate("root", "ca-root-2", 600, "warning"),
    certificate("root", "ca-root", 500, null),
    certificate("developer-ca", "ca-developer", 3850, "overlong"),
    certificate("release", "release-2", -1, "expired"),
    certificate("release", "release", 200, "revoked"),
  ],
  lists: [
    list("ca-developer", 1204, 1, "warning"),
    list("ca-root", 31, 500, null),
    list("ca-root-2", 2, -2, "expired"),
  ],
};

export const hostileStoreKeys: StoreKeysProps = {
  tokenKeys: [{ kid: HOSTILE, state: "signs", signsFrom: before(1, "days"), until: null }],
  canEndTokens: true,
  next: [
    {
      steps: [{ do: "expired", what: HOSTILE, at: before(1, "days"), count: 0 }],
      commands: [{ where: "here", lines: [HOSTILE] }],
    },
  ],
  keys: [
    key(HOSTILE, [], {
      holder: "command",
      command: HOSTILE,
      algorithm: HOSTILE,
      fingerprint: HOSTILE,
    }),
  ],
  roles: [role(HOSTILE, 1, { keyNames: [HOSTILE] })],
  certificates: [{ ...certificate("root", HOSTILE, 1, "ok"), fingerprint: HOSTILE }],
  lists: [list(HOSTILE, 1, 1, "ok")],
};
