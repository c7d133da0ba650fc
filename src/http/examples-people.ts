/** An example of each named schema of people and devices. */

const AT = "2026-11-25T09:30:00.000Z";
const LATER = "2026-12-25T09:30:00.000Z";
const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const ACCOUNT = "acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60";
const BY = `account:${ACCOUNT}`;
const ORGANISATION = { id: "org-01936f2c5d7e7a8b9c0d1e2f3a4b5c6d", name: "Example Ltd" };
const ADA = { email: "ada@example.com", name: "Ada Example" };
const KIOSKS = { id: "grp-01936f2c8d9e7fa0b1c2d3e4f5a6b7c8", name: "Kiosks" };

const REQUEST = {
  id: "orq-01936f2ce3547ef6a7b8c9d0e1f2a3b4",
  name: ORGANISATION.name,
  reason: "We make the apps for the warehouse.",
  state: "accepted",
  createdAt: AT,
  answer: null,
  organisationId: ORGANISATION.id,
  revision: 2,
};

const IDENTITY = {
  id: "idn-01936f2c9e0f7ab1c2d3e4f5a6b7c8d9",
  provider: "company",
  providerName: "Example SSO",
  email: ADA.email,
  createdAt: AT,
  lastUsedAt: AT,
  groupsConfirmedAt: null,
};

const CODE = {
  id: "enr-01936f2caf107bc2d3e4f5a6b7c8d9e0",
  label: "Front desk",
  state: "live",
  mostUses: 10,
  uses: 3,
  expiresAt: LATER,
  groups: [KIOSKS],
  createdBy: BY,
  createdAt: AT,
  revokedAt: null,
  revokedBy: null,
};

const DEVICE = {
  id: "dev-01936f2cb0217cd3e4f5a6b7c8d9e0f1",
  name: "Kiosk 7",
  algorithm: "ed25519",
  keyid: DIGEST,
  platform: "linux-arm64",
  model: "Kiosk 2",
  runtime: "mosis 1.0.0",
  revision: 2,
  createdAt: AT,
  codeId: CODE.id,
  lastSeenAt: AT,
  lastSeenAddress: "192.0.2.7",
  lastTokenAt: AT,
  revokedAt: null,
  revokedBy: null,
  revocationReason: null,
};

const SETUP_STEP = {
  step: "root_key",
  state: "done",
  notes: ["root_here"],
  decision: { decision: "confirmed", by: "account:acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60", at: AT },
  confirmable: false,
  mark: "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
};

export const PEOPLE_EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Need: {
    kind: "version_failed",
    what: "Example Notes 1.4.0",
    count: null,
    at: AT,
    path: "/apps/com.example.notes/versions/ver-01936f2c5d7e7a8b9c0d1e2f3a4b5c6d",
  },
  SetupStep: SETUP_STEP,
  Setup: {
    open: 1,
    steps: [
      SETUP_STEP,
      {
        ...{ step: "storage", state: "open", notes: ["storage_untried"], decision: null, confirmable: false },
        mark: "/srv/mosis",
      },
    ],
    publicUrl: "https://apps.example.com",
    asked: "https://apps.example.com",
    rootSha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    mailTrial: { good: true, code: null, at: AT },
    storageTrial: null,
    rootKeys: [{ name: "tuf-root-1", holder: "here", command: null }],
  },
  MailTrial: { server: "mail.example.com:465", answer: "250 2.0.0 Ok: queued as 4bM2Zt1x9Qz3" },
  StorageTrial: { sizeBytes: 65_536 },
  StorageUse: {
    countedAt: AT,
    counting: false,
    kinds: [
      { kind: "uploads", files: 412, sizeBytes: 5_832_104_960 },
      { kind: "releases", files: 377, sizeBytes: 5_301_223_424 },
    ],
    databaseBytes: 184_549_376,
    disk: { freeBytes: 61_203_283_968, sizeBytes: 107_374_182_400 },
  },
  StorageOfApp: {
    appId: "com.example.notes",
    appName: "Example Notes",
    versions: 14,
    packagesBytes: 58_720_256,
    deltasBytes: 7_340_032,
    picturesBytes: 1_048_576,
    totalBytes: 67_108_864,
  },
  Organisation: { ...ORGANISATION, createdAt: AT },
  OrganisationInList: { ...ORGANISATION, createdAt: AT, members: 4, apps: 12 },
  OwnOrganisationRequest: { ...REQUEST, closedAt: AT },
  OrganisationRequest: {
    ...REQUEST,
    by: { accountId: ACCOUNT, ...ADA, isEmailProven: true },
    closed: { at: AT, by: BY },
  },
  Member: {
    accountId: ACCOUNT,
    ...ADA,
    role: "developer",
    since: AT,
    disabledAt: null,
    provider: null,
    apps: ["com.example.notes"],
  },
  Invitation: {
    id: "inv-01936f2cc1327de4f5a6b7c8d9e0f1a2",
    email: ADA.email,
    organisationId: ORGANISATION.id,
    role: "developer",
    apps: null,
    storeRole: null,
    createdBy: BY,
    createdAt: AT,
    expiresAt: LATER,
    revokedAt: null,
  },
  Identity: IDENTITY,
  Account: {
    id: ACCOUNT,
    ...ADA,
    storeRole: null,
    createdAt: AT,
    disabledAt: null,
    deletionAt: null,
    staysDisabled: false,
    emailProvenAt: AT,
    identities: [IDENTITY],
    secondFactors: 2,
    organisations: [{ ...ORGANISATION, role: "developer", apps: null }],
  },
  Notification: {
    id: "ntf-01936f2cd3547ef6a7b8c9d0e1f2a3b4",
    kind: "version.approved",
    topic: "versions",
    text: "Notes 1.2.0 is approved",
    path: "/apps/com.example.notes/versions/ver-01936f2c9d0e7f1a8b2c3d4e5f6a7b8c",
    organisationId: ORGANISATION.id,
    appId: "com.example.notes",
    createdAt: AT,
    readAt: null,
  },
  NotificationSettings: {
    topics: [
      {
        topic: "versions",
        meaning: "Versions: checks, review, publication and yanking",
        mail: true,
        always: null,
      },
    ],
  },
  Deletion: { accountId: ACCOUNT, deletionAt: LATER },
  SecondFactor: {
    id: "fac-01936f2cd2437ef5a6b7c8d9e0f1a2b3",
    kind: "passkey",
    name: "Work laptop",
    createdAt: AT,
    lastUsedAt: AT,
    host: "apps.example.com",
  },
  Session: {
    id: DIGEST,
    createdAt: AT,
    expiresAt: LATER,
    address: "192.0.2.9",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  },
  Group: {
    ...KIOSKS,
    description: "Devices at the front desks.",
    offered: true,
    people: 0,
    devices: 40,
    revision: 1,
    createdBy: BY,
    createdAt: AT,
  },
  GroupPerson: { accountId: ACCOUNT, ...ADA, since: AT, disabledAt: null },
  GroupApp: { id: "com.example.notes", name: "Notes", publishedAt: AT },
  Device: DEVICE,
  DeviceInGroups: { ...DEVICE, groups: [KIOSKS] },
  EnrolledDevice: {
    deviceId: DEVICE.id,
    name: DEVICE.name,
    groups: [KIOSKS.id],
    namedGroups: [KIOSKS],
    storeTime: AT,
  },
  DeviceToken: {
    accessToken: "eyJhbGciOiJFZERTQSJ9…",
    tokenType: "Bearer",
    expiresInSeconds: 3600,
    expiresAt: "2026-11-25T10:30:00.000Z",
    deviceId: DEVICE.id,
    groups: [KIOSKS.id],
    catalogues: [KIOSKS.id, "signed-in"],
    storeTime: AT,
  },
  UnseenDevices: { days: 30, count: 2, more: false },
  EnrolmentCode: CODE,
  NewEnrolmentCode: {
    ...CODE,
    code: "K7QF3-M2X9W-DP4TB",
    link: `mosis://enrol?store=https%3A%2F%2Fapps.example.com&root=${DIGEST}&code=K7QF3-M2X9W-DP4TB`,
  },
};
