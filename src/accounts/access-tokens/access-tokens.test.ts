/** Access tokens as they are made and judged: what is changed in one is refused, whatever it is, and so is what a key signs otherwise. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { calculateJwkThumbprint, createLocalJWKSet, jwtVerify } from "jose";
import { SYSTEM_AUTHOR } from "../../audit/record.ts";
import { write } from "../../db/database.ts";
import { resealKeys } from "../../keys/reseal.ts";
import { makeMasterKey, openVault } from "../../keys/vault.ts";
import { codeOf } from "../../testing/problems.ts";
import { openTestStore, silentLog, type TestStore } from "../../testing/store.ts";
import { OPERATOR } from "../actor.ts";
import { issueAccessToken, TOKEN_SECONDS, type TokenFor } from "./issue.ts";
import {
  keepTokenKeys,
  listTokenKeys,
  publishedKeys,
  resealTokenKeys,
  rotateTokenKeys,
  sealName,
} from "./keys.ts";
import { audienceOf, issuerOf } from "./kinds.ts";
import { AHEAD_MS, KEY_DAYS, LONGEST_TOKEN_SECONDS } from "./plan.ts";
import { tokenKeyByKid, updateTokenKey } from "./records.ts";
import { CLOCK_SECONDS, readAccessToken, verifyAccessToken } from "./verify.ts";

const DAY_MS = 86_400_000;
const FOR: TokenFor = { kind: "device", subject: "dev-1", audience: "api" };
const ADDRESS = { publicUrl: "https://apps.example.com" };

let base: TestStore;
let store: TestStore;
beforeAll(async () => {
  base = await openTestStore();
  store = { ...base, config: { ...base.config, ...ADDRESS } };
});
afterAll(() => base.close());
beforeEach(() => {
  rotateTokenKeys(store, OPERATOR);
});

const b64 = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const partsOf = (token: string): [string, string, string] => token.split(".") as [string, string, string];
const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, "base64url").toString());

/** The private half of the key that signs now, as only who has the database and the master key has it. */
function ownKey(): { kid: string; key: KeyObject } {
  const kid = listTokenKeys(store, OPERATOR).find(({ state }) => state === "signs")?.kid ?? "";
  const sealed = tokenKeyByKid(store.db.orm, kid)?.sealedPrivateKey ?? Buffer.alloc(0);
  const plain = Buffer.from(store.vault.unseal(sealName(kid), sealed));
  return { kid, key: createPrivateKey({ key: plain, format: "der", type: "pkcs8" }) };
}

/** Signed by the store's own key, so that only what the parts say can be wrong. `header` and `claims` may be texts. */
function forge(header: unknown, claims: unknown, key = ownKey().key): string {
  const signed = `${b64(header)}.${b64(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key).toString("base64url")}`;
}

const seconds = () => Math.floor(store.clock.now().getTime() / 1000);
const goodHeader = () => ({ alg: "EdDSA", typ: "at+jwt", kid: ownKey().kid });
const goodClaims = () => ({
  iss: issuerOf(store),
  aud: audienceOf(store, "api"),
  sub: "device:dev-1",
  client_id: "dev-1",
  jti: crypto.randomUUID(),
  iat: seconds(),
  exp: seconds() + 900,
});

const judged = (token: string) => codeOf(() => readAccessToken(store, token, "api"));

describe("a token", () => {
  test("says who may take it, whom it is about and for how long, and nothing more", async () => {
    const issued = await issueAccessToken(store, { ...FOR, claims: { group: "kiosks" } });
    const [head, body] = partsOf(issued.token);
    expect(read(head)).toEqual(goodHeader());
    expect(read(body)).toEqual({
      ...goodClaims(),
      jti: issued.id,
      exp: seconds() + TOKEN_SECONDS,
      mosis: { group: "kiosks" },
    });
    expect(issued.expiresInSeconds).toBe(900);
    expect(await readAccessToken(store, issued.token, "api")).toEqual({
      kind: "device",
      subject: "dev-1",
      audience: "api",
      id: issued.id,
      issuedAt: issued.issuedAt,
      expiresAt: issued.expiresAt,
      claims: { group: "kiosks" },
    });
  });

  test("is verified by others with what is published, by another library’s rules", async () => {
    const { token } = await issueAccessToken(store, { ...FOR, audience: "files" });
    const keySet = createLocalJWKSet({ keys: publishedKeys(store).map((key) => ({ ...key })) });
    const { payload } = await jwtVerify(token, keySet, {
      issuer: "https://apps.example.com",
      audience: "https://apps.example.com/store/v1",
      typ: "at+jwt",
      currentDate: store.clock.now(),
    });
    expect(payload.sub).toBe("device:dev-1");
    for (const { kid, ...key } of publishedKeys(store)) expect(await calculateJwkThumbprint(key)).toBe(kid);
    expect(JSON.stringify(publishedKeys(store))).not.toContain('"d"');
  });

  test("is taken for its own audience alone", async () => {
    const { token } = await issueAccessToken(store, { ...FOR, audience: "files" });
    expect(await judged(token)).toBe("auth.token_invalid");
    expect((await readAccessToken(store, token, "files")).audience).toBe("files");
  });

  test("ends to the second", async () => {
    const { token } = await issueAccessToken(store, { ...FOR, seconds: 60 });
    store.clock.advance(59_000);
    expect((await readAccessToken(store, token, "api")).subject).toBe("dev-1");
    store.clock.advance(1000);
    expect(await judged(token)).toBe("auth.token_expired");
  });

  test("lives for an hour at most, and for a second at least", async () => {
    for (const wrong of [0, -1, 1.5, LONGEST_TOKEN_SECONDS + 1, Number.NaN])
      expect(issueAccessToken(store, { ...FOR, seconds: wrong })).rejects.toThrow(RangeError);
    const { token } = await issueAccessToken(store, { ...FOR, seconds: LONGEST_TOKEN_SECONDS });
    expect((await readAccessToken(store, token, "api")).subject).toBe("dev-1");
  });

  test("of a kind that nobody looks up counts for nothing", async () => {
    const { token } = await issueAccessToken(store, { ...FOR, subject: "dev-of-nobody" });
    expect(await codeOf(() => verifyAccessToken(store, token, "api"))).toBe("auth.token_revoked");
  });

  test("of a store whose address nobody said is of that store by its id", async () => {
    const free = { ...base, config: { ...base.config, publicUrl: null, port: 0 } };
    expect(() => issuerOf(free)).toThrow("holds no store yet");
    write(base.db, (tx) => {
      tx.run("INSERT INTO settings (name, value, updated_at) VALUES ('storeId', '\"s-1\"', 0)");
    });
    expect(issuerOf(free)).toBe("urn:mosis:store:s-1");
    const { token } = await issueAccessToken(free, FOR);
    expect((await readAccessToken(free, token, "api")).subject).toBe("dev-1");
    expect(await judged(token)).toBe("auth.token_invalid");
  });
});

describe("what is no token of ours", () => {
  const HOUR = 3600;
  type Wrong = [string, () => string];
  const withHeader = (change: Record<string, unknown>) => () =>
    forge({ ...goodHeader(), ...change }, goodClaims());
  const withClaims = (change: Record<string, unknown>) => () =>
    forge(goodHeader(), { ...goodClaims(), ...change });
  const without = (name: string) => () => {
    const { [name]: _, ...rest } = goodClaims() as Record<string, unknown>;
    return forge(goodHeader(), rest);
  };
  const publicPem = () => createPublicKey(ownKey().key).export({ format: "pem", type: "spki" }).toString();
  const publicRaw = () => Buffer.from(publishedKeys(store)[0]?.x ?? "", "base64url");
  const hmac = (secret: string | Buffer) => {
    const signed = `${b64({ ...goodHeader(), alg: "HS256" })}.${b64(goodClaims())}`;
    return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
  };

  test("the neighbour of all of these is one", async () => {
    expect(await judged(forge(goodHeader(), goodClaims()))).toBe("no problem");
  });

  const WRONG: Wrong[] = [
    ["nothing", () => ""],
    ["dots", () => ".."],
    ["two parts", () => forge(goodHeader(), goodClaims()).split(".").slice(0, 2).join(".")],
    ["four parts", () => `${forge(goodHeader(), goodClaims())}.AA`],
    ["an encrypted one’s five parts", () => "e30.e30.e30.e30.e30"],
    ["padding", () => `${forge(goodHeader(), goodClaims())}==`],
    ["base64 that is not base64url", () => forge(goodHeader(), goodClaims()).replace(/.$/, "+")],
    ["bits that the last letter has too many", () => `${forge(goodHeader(), goodClaims()).slice(0, -1)}B`],
    ["a space", () => ` ${forge(goodHeader(), goodClaims())}`],
    ["the signature of nothing", () => `${b64(goodHeader())}.${b64(goodClaims())}.`],
    ["alg none without a signature", () => `${b64({ ...goodHeader(), alg: "none" })}.${b64(goodClaims())}.`],
    ["alg none", withHeader({ alg: "none" })],
    ["alg None", withHeader({ alg: "None" })],
    ["alg Ed25519, which is not the one", withHeader({ alg: "Ed25519" })],
    ["alg ES256", withHeader({ alg: "ES256" })],
    ["alg as a list", withHeader({ alg: ["EdDSA"] })],
    ["no alg", withHeader({ alg: undefined })],
    ["HS256 with the public key in PEM as its secret", () => hmac(publicPem())],
    ["HS256 with the public key’s bytes as its secret", () => hmac(publicRaw())],
    ["HS256 with the key id as its secret", () => hmac(ownKey().kid)],
    ["another typ", withHeader({ typ: "JWT" })],
    ["typ with its prefix, which is not the one", withHeader({ typ: "application/at+jwt" })],
    ["no typ", withHeader({ typ: undefined })],
    ["no kid", withHeader({ kid: undefined })],
    ["an unknown kid", withHeader({ kid: "unknown" })],
    ["a kid that is a number", withHeader({ kid: 1 })],
    ["a kid that is a path", withHeader({ kid: "../../dev/null" })],
    ["a kid that is SQL", withHeader({ kid: "' OR 1=1 --" })],
    ["a key of its own (jwk)", withHeader({ jwk: { kty: "OKP" } })],
    ["the address of a key (jku)", withHeader({ jku: "https://evil.example/jwks.json" })],
    ["a certificate (x5c)", withHeader({ x5c: ["AA"] })],
    ["an unknown critical member", withHeader({ crit: ["x"], x: 1 })],
    ["an empty list of critical members", withHeader({ crit: [] })],
    ["b64 that is critical", withHeader({ crit: ["b64"], b64: false })],
    ["a compressed one", withHeader({ zip: "DEF" })],
    [
      "alg twice",
      () =>
        forge(
          `{"alg":"none","alg":"EdDSA","typ":"at+jwt","kid":${JSON.stringify(ownKey().kid)}}`,
          goodClaims(),
        ),
    ],
    [
      "alg twice, once escaped",
      () =>
        forge(
          `{"\\u0061lg":"none","alg":"EdDSA","typ":"at+jwt","kid":${JSON.stringify(ownKey().kid)}}`,
          goodClaims(),
        ),
    ],
    [
      "sub twice",
      () => forge(goodHeader(), JSON.stringify(goodClaims()).replace("{", '{"sub":"device:dev-2",')),
    ],
    ["a header that is a list", () => forge([goodHeader()], goodClaims())],
    ["a header that is null", () => forge("null", goodClaims())],
    ["a byte order mark", () => forge(goodHeader(), `\ufeff${JSON.stringify(goodClaims())}`)],
    ["claims that are a list", () => forge(goodHeader(), [goodClaims()])],
    ["claims that are no JSON", () => forge(goodHeader(), "exp=1")],
    ["claims that are deep", () => forge(goodHeader(), `${'{"a":'.repeat(40)}1${"}".repeat(40)}`)],
    ["claims that are long", withClaims({ mosis: { x: "x".repeat(5000) } })],
    ["another issuer", withClaims({ iss: "https://evil.example" })],
    ["the issuer with a slash", withClaims({ iss: "https://apps.example.com/" })],
    ["issuers in a list", withClaims({ iss: ["https://apps.example.com"] })],
    ["the store itself as the audience", withClaims({ aud: "https://apps.example.com" })],
    ["audiences in a list", withClaims({ aud: ["https://apps.example.com/api/v1"] })],
    [
      "audiences of which one is right",
      withClaims({ aud: ["https://x", "https://apps.example.com/api/v1"] }),
    ],
    ["a kind that there is not", withClaims({ sub: "root:dev-1", client_id: "dev-1" })],
    ["a kind of the prototype", withClaims({ sub: "constructor:dev-1", client_id: "dev-1" })],
    ["no kind", withClaims({ sub: "dev-1", client_id: "dev-1" })],
    ["another client than whom it is about", withClaims({ client_id: "dev-2" })],
    ["exp as a text", withClaims({ exp: String(Math.floor(Date.now() / 1000) + HOUR) })],
    ["a year’s life", () => withClaims({ exp: seconds() + 365 * 24 * HOUR })()],
    ["no end to speak of", withClaims({ exp: Number.MAX_SAFE_INTEGER })],
    ["made in the future", () => withClaims({ iat: seconds() + CLOCK_SECONDS + 1, exp: seconds() + HOUR })()],
    ["good only later", () => withClaims({ nbf: seconds() + 1 })()],
    ["a claim that is none of ours", withClaims({ scope: "everything" })],
    ["our own claims as a text", withClaims({ mosis: "x" })],
    ["our own claims as a list", withClaims({ mosis: [] })],
    ...["iss", "aud", "sub", "client_id", "jti", "iat", "exp"].map(
      (name): Wrong => [`no ${name}`, without(name)],
    ),
    ["another’s key", () => forge(goodHeader(), goodClaims(), generateKeyPairSync("ed25519").privateKey)],
  ];
  test.each(WRONG)("%s", async (_, make) => {
    expect(await judged(make())).toBe("auth.token_invalid");
  });

  test("one made a little in the future, after the clock was set back, is one", async () => {
    expect(await judged(withClaims({ iat: seconds() + CLOCK_SECONDS })())).toBe("no problem");
  });

  test("one letter changed, anywhere", async () => {
    const good = forge(goodHeader(), goodClaims());
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ";
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: good.length - 1 }),
        fc.constantFrom(...letters),
        fc.constantFrom("put", "insert", "remove"),
        async (at, letter, how) => {
          const changed = `${good.slice(0, at)}${how === "remove" ? "" : letter}${good.slice(how === "insert" ? at : at + 1)}`;
          expect(await judged(changed)).toBe(changed === good ? "no problem" : "auth.token_invalid");
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("any text, and any two objects, that the store’s own key signed", async () => {
    const part = fc.oneof(fc.json(), fc.constantFrom("{}", '{"alg":"EdDSA"}', "[]", "0", ""));
    const own = ownKey().key;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.tuple(part, part).map(([h, c]) => forge(h, c, own)),
        ),
        async (text) => {
          expect(await judged(text)).toBe("auth.token_invalid");
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("the keys", () => {
  const states = () => listTokenKeys(store, OPERATOR).map(({ state }) => state);
  const signing = () => listTokenKeys(store, OPERATOR).find(({ state }) => state === "signs")?.kid;

  test("are rotated by the clock: published first, then signing, then known until the last token has ended", async () => {
    const first = signing();
    store.clock.advance(KEY_DAYS * DAY_MS - AHEAD_MS - 1000);
    keepTokenKeys(store);
    expect(publishedKeys(store).map(({ kid }) => kid)).toEqual([first as string]);
    store.clock.advance(1000);
    keepTokenKeys(store);
    keepTokenKeys(store);
    expect(publishedKeys(store)).toHaveLength(2);
    expect(signing()).toBe(first as string);

    store.clock.advance(AHEAD_MS - 1000);
    const last = await issueAccessToken(store, { ...FOR, seconds: LONGEST_TOKEN_SECONDS });
    store.clock.advance(1000);
    // Before the job has come by, too.
    const next = signing();
    expect(next).not.toBe(first as string);
    expect(read(partsOf((await issueAccessToken(store, FOR)).token)[0]).kid).toBe(next as string);
    keepTokenKeys(store);
    expect(tokenKeyByKid(store.db.orm, first ?? "")?.sealedPrivateKey).toBeNull();
    expect(await judged(last.token)).toBe("no problem");
    expect(publishedKeys(store)).toHaveLength(2);

    store.clock.advance(LONGEST_TOKEN_SECONDS * 1000);
    expect(publishedKeys(store).map(({ kid }) => kid)).toEqual([next as string]);
    expect(await judged(last.token)).toBe("auth.token_expired");
  });

  test("go on after a time in which the store stood still, and are forgotten in the end", async () => {
    const first = signing();
    store.clock.advance(200 * DAY_MS);
    keepTokenKeys(store);
    // The next one is not known to anybody yet.
    expect(signing()).toBe(first as string);
    expect(states().slice(0, 2)).toEqual(["next", "signs"]);
    store.clock.advance(AHEAD_MS);
    keepTokenKeys(store);
    expect(tokenKeyByKid(store.db.orm, first ?? "")?.signedUntil).not.toBeNull();
    store.clock.advance(100 * DAY_MS);
    keepTokenKeys(store);
    expect(tokenKeyByKid(store.db.orm, first ?? "")).toBeUndefined();
  });

  test("that were ended by hand take every token with them, also one that is signed by them later", async () => {
    store.clock.advance(KEY_DAYS * DAY_MS - AHEAD_MS);
    keepTokenKeys(store);
    const leaked = ownKey();
    const { token } = await issueAccessToken(store, FOR);
    const before = publishedKeys(store).map(({ kid }) => kid);
    rotateTokenKeys(store, OPERATOR);
    expect(await judged(token)).toBe("auth.token_revoked");
    expect(await judged(forge({ ...goodHeader(), kid: leaked.kid }, goodClaims(), leaked.key))).toBe(
      "auth.token_revoked",
    );
    // Whoever had one had the other.
    const after = publishedKeys(store).map(({ kid }) => kid);
    expect(after).toHaveLength(1);
    expect(before).not.toContain(after[0] as string);
    expect(await judged((await issueAccessToken(store, FOR)).token)).toBe("no problem");
  });

  test("end tokens that were taken before, too, and so do time, the clock, and another address of the store", async () => {
    const { token } = await issueAccessToken(store, { ...FOR, seconds: 60 });
    const ofFiles = await issueAccessToken(store, { ...FOR, audience: "files" });
    for (let n = 0; n < 2; n++) expect(await judged(token)).toBe("no problem");
    expect((await readAccessToken(store, ofFiles.token, "files")).audience).toBe("files");
    expect(await judged(ofFiles.token)).toBe("auth.token_invalid");
    const moved = { ...store, config: { ...store.config, publicUrl: "https://elsewhere.example.com" } };
    expect(await codeOf(() => readAccessToken(moved, token, "api"))).toBe("auth.token_invalid");
    const now = store.clock.now();
    store.clock.set(new Date(now.getTime() - 60_000));
    expect(await judged(token)).toBe("auth.token_invalid");
    store.clock.set(new Date(now.getTime() + 60_000));
    expect(await judged(token)).toBe("auth.token_expired");
    store.clock.set(now);
    expect(await judged(token)).toBe("no problem");
    rotateTokenKeys(store, OPERATOR);
    expect(await judged(token)).toBe("auth.token_revoked");
  });

  test("of which one is named by a token of another are confused by nobody", async () => {
    store.clock.advance(KEY_DAYS * DAY_MS - AHEAD_MS);
    keepTokenKeys(store);
    const [next] = publishedKeys(store).filter(({ kid }) => kid !== ownKey().kid);
    expect(await judged(forge({ ...goodHeader(), kid: next?.kid }, goodClaims()))).toBe("auth.token_invalid");
  });

  test("lie sealed, and are sealed anew with the store’s other keys", async () => {
    const { token } = await issueAccessToken(store, FOR);
    const { kid, key } = ownKey();
    const plain = key.export({ format: "der", type: "pkcs8" });
    const row = tokenKeyByKid(store.db.orm, kid);
    expect(Buffer.from(row?.sealedPrivateKey ?? "").includes(plain.subarray(-32))).toBe(false);

    const file = join(base.dataDir, "other.key");
    makeMasterKey(file);
    const next = openVault({ file, dataDir: base.dataDir, mayCreate: false, log: silentLog });
    resealKeys(store, SYSTEM_AUTHOR, next, resealTokenKeys);
    expect(await codeOf(() => issueAccessToken(store, FOR))).toBe("keys.unsealable");
    const moved = { ...store, vault: next };
    expect(await judged((await issueAccessToken(moved, FOR)).token)).toBe("no problem");
    expect(await judged(token)).toBe("no problem");
    // One sealed key in another's place opens nothing.
    write(store.db, (tx) =>
      updateTokenKey(tx, kid, { sealedPrivateKey: Buffer.from(next.seal("access token key x", plain)) }),
    );
    expect(await codeOf(() => issueAccessToken(moved, FOR))).toBe("keys.unsealable");
  });
});

test("after the loss of the master key tokens are made again, once the keys that nobody can open are ended", async () => {
  await issueAccessToken(store, FOR);
  const file = join(base.dataDir, "found.key");
  makeMasterKey(file);
  const other = {
    ...store,
    vault: openVault({ file, dataDir: base.dataDir, mayCreate: false, log: silentLog }),
  };
  expect(await codeOf(() => issueAccessToken(other, FOR))).toBe("keys.unsealable");
  rotateTokenKeys(other, OPERATOR);
  expect(await judged((await issueAccessToken(other, FOR)).token)).toBe("no problem");
});
