import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Provider, providers } from "../../config.providers.ts";
import { isInDomains, joinedClaims, shownOf } from "./claims.ts";

function providerWith(settings: object = {}): Provider {
  const base = { kind: "oidc", issuer: "https://id.example.com", client_id: "mosis" };
  const [made] = providers(JSON.stringify({ sso: { ...base, ...settings } }));
  if (made === undefined) throw new Error("it is there");
  return made;
}

const plain = providerWith();
const shown = (claims: object, provider = plain) => shownOf(provider, { sub: "ida", ...claims });

describe("the subject", () => {
  test("of no other form is anybody's", () => {
    for (const sub of [undefined, null, "", 7, [], {}, ["ida"], "x".repeat(256)])
      expect([sub, shownOf(plain, { sub })]).toEqual([sub, null]);
  });
  test("255 characters are somebody's", () => {
    expect(shownOf(plain, { sub: "x".repeat(255) })?.subject).toHaveLength(255);
  });
});

describe("the address", () => {
  const VERIFIED: readonly (readonly [claims: object, verified: boolean])[] = [
    [{ email_verified: true }, true],
    [{ email_verified: "true" }, true],
    [{ xms_edov: true }, true],
    [{ xms_edov: "1" }, true],
    [{}, false],
    [{ email_verified: false }, false],
    [{ email_verified: "false" }, false],
    [{ email_verified: "yes" }, false],
    [{ email_verified: "TRUE" }, false],
    [{ email_verified: {} }, false],
    [{ email_verified: [true] }, false],
    [{ email_verified: false, xms_edov: false }, false],
    [{ email_verified: false, xms_edov: "1" }, false],
  ];
  test.each(VERIFIED)("%j", (claims, verified) => {
    expect(shown({ email: "ida@example.org", ...claims })?.emailVerified).toBe(verified);
  });
  test("of no other form is one, whatever is said of it", () => {
    const others = [
      undefined,
      "",
      "ida",
      "ida@",
      "a b@example.org",
      "ida@exa\u0000mple.org",
      7,
      ["ida@example.org"],
    ];
    for (const email of others)
      expect(shown({ email, email_verified: true })).toMatchObject({ email: null, emailVerified: false });
  });
});

describe("of an identity token and userinfo", () => {
  const boss = "boss@example.org";
  const real = "real@evil.example";
  const ADDRESSES: readonly (readonly [token: object, userInfo: object, email: string, verified: boolean])[] =
    [
      [{ email: boss }, { email: real, email_verified: true }, boss, false],
      [{ email: boss }, { email: real, xms_edov: true }, boss, false],
      [{ email: boss }, { email_verified: true }, boss, false],
      [{ email_verified: true }, { email: boss }, boss, false],
      [{ xms_edov: true }, { email: boss, email_verified: undefined }, boss, false],
      [{ email_verified: true }, { email: boss, email_verified: false }, boss, false],
      [{ email: boss, email_verified: false }, { email: boss, email_verified: true }, boss, false],
      [{ email: boss, xms_edov: false }, { email: boss, email_verified: true }, boss, false],
      [{ email: boss, email_verified: true }, { email: real, email_verified: false }, boss, true],
      [{ email: boss, email_verified: true }, {}, boss, true],
      [{ email: boss, xms_edov: true }, { email: boss }, boss, true],
      [{ email: boss }, { email: boss, email_verified: true }, boss, true],
      [{}, { email: real, email_verified: true }, real, true],
    ];
  test.each(ADDRESSES)(
    "the address of %j and %j is verified by what names it",
    (token, userInfo, email, is) => {
      expect(shown(joinedClaims({ ...token }, { ...userInfo }))).toMatchObject({ email, emailVerified: is });
    },
  );
  test("an address that is none is none, whatever the other one says", () => {
    const joined = joinedClaims({ email: null }, { email: real, email_verified: true });
    expect(shown(joined)).toMatchObject({ email: null, emailVerified: false });
  });
  test("what the token says goes before, and the other one adds what it lacks", () => {
    const joined = joinedClaims({ sub: "ida", name: "Ida" }, { sub: "ada", name: "Ada", groups: ["devs"] });
    expect(joined).toMatchObject({ sub: "ida", name: "Ida", groups: ["devs"] });
  });
});

test("a name is one line that can be seen, and not too long", () => {
  const NAMES: readonly (readonly [name: unknown, kept: string | null])[] = [
    ["Ida  Berg ", "Ida Berg"],
    ["I\u202eda\u0000", "Ida"],
    ["Ida\nBerg", "Ida Berg"],
    ["x".repeat(200), "x".repeat(80)],
    ["  ", null],
    ["\u3164\u115f", null],
    ["\u2800", null],
    ["...", null],
    ["\ud800x", "x"],
    ["\ue000\ufffc", null],
    [`Z${"\u0336\u0335".repeat(20)}`, "Z\u0336\u0335\u0336\u0335"],
    ["علی\u200cرضا", "علی\u200cرضا"],
    [`${"x".repeat(79)}👩\u200d💻`, `${"x".repeat(79)}👩`],
    ["\u{1f600}", "\u{1f600}"],
    [7, null],
    [undefined, null],
  ];
  for (const [name, kept] of NAMES) expect([name, shown({ name })?.name]).toEqual([name, kept]);
});

describe("groups", () => {
  const GROUPS: readonly (readonly [what: string, claims: object, groups: readonly string[] | null])[] = [
    ["a list", { groups: ["a", "b", "a"] }, ["a", "b"]],
    ["one as a text", { groups: "a" }, ["a"]],
    ["an empty list", { groups: [] }, []],
    ["no claim", {}, []],
    ["elsewhere, since there are too many", { _claim_names: { groups: "src1" } }, null],
    ["only that there are some", { hasgroups: true }, null],
    ["something else elsewhere", { _claim_names: { photo: "src1" } }, []],
    ["null", { groups: null }, null],
    ["a number", { groups: 7 }, null],
    ["a table", { groups: { a: true } }, null],
    ["a list with a number", { groups: ["a", 7] }, null],
    ["a name without end", { groups: ["x".repeat(501)] }, null],
    ["too many", { groups: Array.from({ length: 5001 }, (_, at) => `g${at}`) }, null],
  ];
  test.each(GROUPS)("%s", (_, claims, groups) => {
    expect(shown(claims)?.groups ?? null).toEqual(groups as string[]);
  });

  test("stand where the configuration says, by the whole name before its parts", () => {
    const keycloak = providerWith({ groups_claim: "realm_access.roles" });
    expect(shown({ realm_access: { roles: ["a"] } }, keycloak)?.groups).toEqual(["a"]);
    expect(shown({ "realm_access.roles": ["b"], realm_access: { roles: ["a"] } }, keycloak)?.groups).toEqual([
      "b",
    ]);
    expect(shown({ realm_access: ["a"] }, keycloak)?.groups).toEqual([]);
    const url = providerWith({ groups_claim: "https://example.com/groups" });
    expect(shown({ "https://example.com/groups": ["c"] }, url)?.groups).toEqual(["c"]);
    expect(shown({}, providerWith({ groups_claim: "constructor.name" }))?.groups).toEqual([]);
  });
});

test("a second factor counts by the values that the configuration names, and by none without", () => {
  const trusting = providerWith({ second_factor: ["mfa", "urn:level2"] });
  expect(shown({ amr: ["pwd", "mfa"] }, trusting)?.secondFactor).toBe(true);
  expect(shown({ acr: "urn:level2" }, trusting)?.secondFactor).toBe(true);
  for (const claims of [
    {},
    { amr: "mfa" },
    { amr: ["pwd"] },
    { amr: [["mfa"]] },
    { acr: ["urn:level2"] },
    { acr: "MFA" },
  ])
    expect(shown(claims, trusting)?.secondFactor).toBe(false);
  expect(shown({ amr: ["mfa"], acr: "urn:level2" })?.secondFactor).toBe(false);
});

test("domains hold for the verified address, and for the whole account at Google", () => {
  const google = providerWith({
    kind: "google",
    issuer: undefined,
    client_secret_file: "/s",
    domains: ["example.com"],
  });
  const limited = providerWith({ domains: ["example.com", "example.org"] });
  const is = (provider: Provider, claims: object) => {
    const made = shown({ email_verified: true, ...claims }, provider);
    return made !== null && isInDomains(provider, made);
  };
  expect(is(limited, { email: "ida@EXAMPLE.org" })).toBe(true);
  expect(is(limited, { email: "ida@sub.example.org" })).toBe(false);
  expect(is(limited, { email: "ida@example.org", email_verified: false })).toBe(false);
  expect(is(limited, {})).toBe(false);
  expect(is(google, { email: "ida@example.com" })).toBe(false);
  expect(is(google, { email: "ida@example.com", hd: "example.com" })).toBe(true);
  expect(is(google, { email: "ida@example.com", hd: "evil.example" })).toBe(false);
});

test("whatever a provider says, it comes out in one shape", () => {
  const names = [
    "sub",
    "email",
    "email_verified",
    "name",
    "groups",
    "amr",
    "acr",
    "auth_time",
    "hd",
    "_claim_names",
  ];
  const claims = fc.dictionary(
    fc.constantFrom(...names),
    fc.json().map((text) => JSON.parse(text) as unknown),
  );
  const trusting = providerWith({ second_factor: ["mfa"], domains: ["example.com"] });
  fc.assert(
    fc.property(claims, (said) => {
      const made = shownOf(trusting, said);
      if (made === null) return;
      expect(made.subject).toBe(said.sub as string);
      if (made.email === null) expect(made.emailVerified).toBe(false);
      if (made.groups !== null) expect(made.groups.every((each) => typeof each === "string")).toBe(true);
      expect([true, false]).toContain(isInDomains(trusting, made));
    }),
  );
});
