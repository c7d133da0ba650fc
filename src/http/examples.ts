/** An example of each named schema, for the OpenAPI document; a test holds each to its schema. */

const AT = "2026-11-25T09:30:00.000Z";
const ORGANISATION = "org-01936f2c5d7e7a8b9c0d1e2f3a4b5c6d";
const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const KEYID = "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752";
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n";

const VERSION = {
  id: "ver-01936f2c6a1b7c2d8e3f4a5b6c7d8e9f",
  appId: "com.example.notes",
  versionCode: 7,
  version: "1.2.0",
  state: "in_review",
  stateChangedAt: AT,
  notes: "Notes can be sorted.",
  hold: false,
  uploadedBy: "key:key-01936f2c4b3a7f1e9d8c7b6a59483726",
  createdAt: AT,
  submittedAt: AT,
  approvedAt: null,
  publishedAt: null,
  uploadSha256: DIGEST,
  uploadSizeBytes: 48_213,
  contentDigest: DIGEST,
  releasedSha256: null,
  releasedSizeBytes: null,
  developerKeyid: KEYID,
  revision: 3,
  queuePosition: 1,
  review: null,
};

const APP = {
  id: "com.example.notes",
  organisationId: ORGANISATION,
  organisationName: "Example Ltd",
  name: "Notes",
  summary: "Keeps what you would forget.",
  createdAt: AT,
  updatedAt: AT,
  publishedAt: null,
  revision: 2,
  newestVersion: VERSION,
  iconKey: null,
};

const FINDING = {
  check: "manifest",
  code: "MPK-M010",
  severity: "error",
  message: "versionCode must be a whole number from 1 to 2147483647.",
  entry: "manifest.json",
  offset: null,
  pointer: "/versionCode",
  found: "0",
  expected: "1 to 2147483647",
};

const FINGERPRINT = KEYID.replace(/.{4}(?=.)/g, "$& ");

const DEVELOPER_KEY = {
  keyid: KEYID,
  fingerprint: FINGERPRINT,
  algorithm: "ecdsa-p256-sha256",
  developerId: ORGANISATION,
  certificatePem: PEM,
  notBefore: AT,
  notAfter: "2027-11-25T09:30:00.000Z",
  expiresSoon: false,
  enrolledAt: AT,
  revoked: null,
  apps: [{ appId: APP.id, usable: true }],
};

/** By the `$id` of the schema. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Store: {
    name: "Example apps",
    storeId: "store-01936f2c",
    rootSha256: DIGEST,
    version: "0.1.0",
    publicUrl: "https://apps.example.com",
    maxUploadBytes: 536_870_912,
  },
  Me: {
    kind: "organisation-key",
    keyId: "key-01936f2c4b3a7f1e9d8c7b6a59483726",
    storeRole: null,
    organisations: [{ id: ORGANISATION, name: "Example Ltd", role: "developer" }],
  },
  Version: VERSION,
  App: APP,
  Finding: FINDING,
  DeveloperKey: DEVELOPER_KEY,
  EnrolledKey: { ...DEVELOPER_KEY, caPem: PEM },
  Lineage: {
    appId: APP.id,
    developerId: ORGANISATION,
    keys: [
      {
        keyid: KEYID,
        fingerprint: FINGERPRINT,
        position: 0,
        how: "first",
        addedAt: AT,
        authorisedBy: null,
        lostAt: null,
        revokedAt: null,
        usable: true,
      },
    ],
  },
  Recovery: {
    id: "rcv-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    organisationId: ORGANISATION,
    organisationName: "Example Apps",
    keyid: KEYID,
    fingerprint: FINGERPRINT,
    reason: "The laptop with the key was stolen, and there is no copy.",
    state: "waiting",
    apps: [{ appId: APP.id, lostKeyIds: [DIGEST] }],
    requestedBy: "account:acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    requestedAt: AT,
    waitingUntil: "2026-12-02T09:30:00.000Z",
    waited: false,
    ownersTold: 2,
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
    revision: 1,
  },
  Message: {
    id: "msg-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    kind: "recovery.requested",
    accountId: "acc-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    address: "ada@example.com",
    subject: "Your organisation's signing keys are said to be lost",
    body: "Grace <grace@example.com> asks that another key takes their place.",
    path: "/recoveries/rcv-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    createdAt: AT,
    seenAt: null,
    sentAt: null,
  },
  Job: {
    id: "job-01936f2c7b8c7d9e8f0a1b2c3d4e5f60",
    kind: "version.check",
    key: VERSION.id,
    state: "done",
    attempts: 1,
    maxAttempts: 8,
    interruptions: 0,
    runAt: AT,
    createdAt: AT,
    startedAt: AT,
    finishedAt: AT,
    lastError: null,
  },
  ReviewItem: { app: APP, version: VERSION, texts: { name: APP.name, summary: APP.summary } },
  Review: {
    app: APP,
    version: VERSION,
    texts: { name: APP.name, summary: APP.summary },
    published: null,
    publishedManifest: null,
    decision: null,
    events: [{ fromState: null, toState: "checking", actor: VERSION.uploadedBy, note: "", at: AT }],
    checks: [{ name: "manifest", version: "1", verdict: "passed" }],
    findings: [FINDING],
    manifest: { id: "com.example.notes", versionCode: 7 },
    pictures: [{ kind: "icon", widthPx: 128, heightPx: 128, key: `pictures/${DIGEST}.png` }],
  },
};
