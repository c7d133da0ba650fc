/** Which jobs count as a trusted publisher, by what their identity tokens say; and what is kept of a run. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type IssuerKind, trustedIssuers } from "../../config.issuers.ts";
import { isProblem } from "../../errors.ts";
import type { JsonObject } from "../../signing/json.ts";
import { JOB } from "../../testing/ci-server.ts";
import { type Candidate, type Conditions, decideMatch, publisherName } from "./conditions.ts";
import { checkPublisher } from "./fields.ts";
import { runOf } from "./run.ts";

const GITHUB = JOB as JsonObject;
const GITLAB: JsonObject = {
  sub: "project_path:example/apps/notes:ref_type:tag:ref:v1",
  namespace_id: "72",
  namespace_path: "example/apps",
  project_id: "20",
  project_path: "example/apps/notes",
  pipeline_id: "574",
  pipeline_source: "push",
  job_id: "302",
  ref: "v1",
  ref_type: "tag",
  ref_protected: "true",
  environment: "release",
  sha: "c0ffee5e1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f",
  ci_config_ref_uri: "gitlab.example.com/example/apps/notes//.gitlab-ci.yml@refs/tags/v1",
  runner_id: 1,
};

const candidate = (claims: Conditions, pinned: Conditions | null = null, id = "pub-1"): Candidate => ({
  id,
  claims,
  pinned,
});
const match = (kind: IssuerKind, claims: Conditions, token: JsonObject, required: Conditions = {}) =>
  decideMatch(kind, required, [candidate(claims)], token).is;

describe("a job is the publisher", () => {
  test.each<[string, IssuerKind, Conditions, JsonObject]>([
    ["of its repository", "github", { repository: "example/notes" }, GITHUB],
    ["whatever the case of names that have none", "github", { repository: "Example/Notes" }, GITHUB],
    [
      "of its repository, file and environment",
      "github",
      { repository: "example/notes", workflow_file: "release.yml", environment: "release" },
      GITHUB,
    ],
    ["of the number behind the name", "github", { repository_id: "74" }, GITHUB],
    [
      "by the reference of its workflow",
      "github",
      {
        repository: "example/notes",
        workflow_ref: "example/notes/.github/workflows/release.yml@refs/tags/v1.2.0",
      },
      GITHUB,
    ],
    [
      "at Gitea",
      "gitea",
      { repository: "example/notes", workflow_file: "release.yml" },
      { ...GITHUB, workflow_ref: "example/notes/.gitea/workflows/release.yml@refs/tags/v1" },
    ],
    [
      "at Forgejo",
      "gitea",
      { repository: "example/notes", workflow_file: "release.yml" },
      { ...GITHUB, workflow_ref: "example/notes/.forgejo/workflows/release.yml@refs/tags/v1" },
    ],
    [
      "of its project",
      "gitlab",
      { project_path: "example/apps/notes", workflow_file: ".gitlab-ci.yml", ref_protected: "true" },
      GITLAB,
    ],
    [
      "of a file of a server below a path",
      "gitlab",
      { project_path: "example/apps/notes", workflow_file: "ci/x.yml" },
      {
        ...GITLAB,
        iss: "https://example.com:8443/gitlab",
        ci_config_ref_uri: "example.com:8443/gitlab/example/apps/notes//ci/x.yml@refs/heads/main",
      },
    ],
    ["by a claim that is a number", "gitlab", { project_id: "20", runner_id: "1" }, GITLAB],
    ["by a truth value", "oidc", { sub: "job", protected: "true" }, { sub: "job", protected: true }],
  ])("%s", (_, kind, claims, token) => {
    expect(match(kind, claims, token)).toBe("publisher");
  });
});

describe("a job is not the publisher", () => {
  const REPOSITORY = { repository: "example/notes" };
  const FILE = { ...REPOSITORY, workflow_file: "release.yml" };
  test.each<[string, IssuerKind, Conditions, JsonObject]>([
    ["of another repository", "github", REPOSITORY, { ...GITHUB, repository: "example/other" }],
    ["of a fork", "github", REPOSITORY, { ...GITHUB, repository: "eve/notes" }],
    ["of a repository whose name goes on", "github", REPOSITORY, { ...GITHUB, repository: "example/notes2" }],
    ["without a repository", "github", REPOSITORY, { ...GITHUB, repository: undefined as never }],
    ["of repositories in a list", "github", REPOSITORY, { ...GITHUB, repository: ["example/notes"] }],
    [
      "in another environment",
      "github",
      { ...REPOSITORY, environment: "release" },
      { ...GITHUB, environment: "test" },
    ],
    [
      "in no environment",
      "github",
      { ...REPOSITORY, environment: "release" },
      { ...GITHUB, environment: undefined as never },
    ],
    ["in an environment of another case", "github", { ...REPOSITORY, environment: "Release" }, GITHUB],
    ["on another branch", "github", { ...REPOSITORY, ref: "refs/heads/main" }, GITHUB],
    [
      "of another file",
      "github",
      FILE,
      { ...GITHUB, workflow_ref: "example/notes/.github/workflows/test.yml@refs/heads/main" },
    ],
    [
      "of a file whose name begins as that file and a version",
      "github",
      FILE,
      {
        ...GITHUB,
        workflow_ref: "example/notes/.github/workflows/release.yml@evil.yml@refs/heads/main",
      },
    ],
    [
      "of that file in another repository",
      "github",
      FILE,
      { ...GITHUB, workflow_ref: "eve/shared/.github/workflows/release.yml@refs/heads/main" },
    ],
    [
      "of that file in another folder",
      "github",
      FILE,
      { ...GITHUB, workflow_ref: "example/notes/docs/release.yml@refs/heads/main" },
    ],
    [
      "of a branch that is called as the file",
      "github",
      FILE,
      {
        ...GITHUB,
        workflow_ref: "example/notes/.github/workflows/x.yml@refs/heads/.github/workflows/release.yml@x",
      },
    ],
    [
      "of Gitea’s folder at GitHub",
      "github",
      FILE,
      { ...GITHUB, workflow_ref: "example/notes/.gitea/workflows/release.yml@refs/heads/main" },
    ],
    ...[
      "pull_request_review",
      "pull_request_review_comment",
      "pull_request_comment",
      "pull_request_sync",
      "merge_group",
      "issue_comment",
      "an event of next year",
    ].map((event_name): [string, IssuerKind, Conditions, JsonObject] => [
      `begun by ${event_name}`,
      "github",
      REPOSITORY,
      { ...GITHUB, event_name },
    ]),
    [
      "of a pull request’s branch",
      "github",
      REPOSITORY,
      { ...GITHUB, event_name: "push", ref: "refs/pull/7/merge" },
    ],
    [
      "of a workflow in a pull request’s branch",
      "github",
      FILE,
      { ...GITHUB, workflow_ref: "example/notes/.github/workflows/release.yml@refs/pull/7/merge" },
    ],
    [
      "whose parent was begun by a merge request",
      "gitlab",
      { project_path: "example/apps/notes" },
      { ...GITLAB, pipeline_source: "parent_pipeline", ref_path: "refs/merge-requests/3/head" },
    ],
    ["begun by a pull request", "github", REPOSITORY, { ...GITHUB, event_name: "pull_request" }],
    [
      "begun by a pull request of a fork, with the base’s rights",
      "github",
      REPOSITORY,
      { ...GITHUB, event_name: "pull_request_target" },
    ],
    ["begun by the end of another run", "github", REPOSITORY, { ...GITHUB, event_name: "workflow_run" }],
    [
      "begun by a pull request that is asked for",
      "github",
      { ...REPOSITORY, event_name: "pull_request" },
      { ...GITHUB, event_name: "pull_request" },
    ],
    ["begun by a pull request at Gitea", "gitea", REPOSITORY, { ...GITHUB, event_name: "pull_request" }],
    [
      "begun by a merge request",
      "gitlab",
      { project_path: "example/apps/notes" },
      { ...GITLAB, pipeline_source: "merge_request_event" },
    ],
    [
      "begun by another server’s pull request",
      "gitlab",
      { project_path: "example/apps/notes" },
      { ...GITLAB, pipeline_source: "external_pull_request_event" },
    ],
    ["of a project whose path ends so", "gitlab", { project_path: "apps/notes" }, GITLAB],
    [
      "of a file from elsewhere",
      "gitlab",
      { project_path: "example/apps/notes", workflow_file: ".gitlab-ci.yml" },
      { ...GITLAB, ci_config_ref_uri: "gitlab.example.com/eve/ci//.gitlab-ci.yml@refs/heads/main" },
    ],
    [
      "of a file from a project of another group that ends so",
      "gitlab",
      { project_path: "example/apps/notes", workflow_file: "x.yml" },
      { ...GITLAB, ci_config_ref_uri: "gitlab.example.com/other/example/apps/notes//x.yml@refs/heads/main" },
    ],
    [
      "of a file whose name begins as that file and a version, at GitLab",
      "gitlab",
      { project_path: "example/apps/notes", workflow_file: "x.yml" },
      {
        ...GITLAB,
        ci_config_ref_uri: "gitlab.example.com/example/apps/notes//x.yml@refs/heads/y.yml@refs/heads/main",
      },
    ],
    [
      "of a file from a project whose path ends so",
      "gitlab",
      { project_path: "example/apps/notes", workflow_file: "x.yml" },
      { ...GITLAB, ci_config_ref_uri: "gitlab.example.com/eve-example/apps/notes2//x.yml@refs/heads/main" },
    ],
    ["with a claim of the prototype", "oidc", { constructor: "x" }, { sub: "x" }],
    ["with null", "oidc", { sub: "null" }, { sub: null }],
    ["with an object", "oidc", { sub: "[object Object]" }, { sub: {} }],
  ])("%s", (_, kind, claims, token) => {
    expect(match(kind, claims, token)).toBe("none");
  });

  test("unless it is also what the administrator asks of every job", () => {
    expect(match("github", REPOSITORY, GITHUB, { repository_owner: "example" })).toBe("publisher");
    expect(match("github", REPOSITORY, GITHUB, { repository_owner: "other" })).toBe("none");
    expect(match("github", REPOSITORY, GITHUB, { enterprise: "example" })).toBe("none");
  });
});

describe("numbers behind names", () => {
  const claims = { repository: "example/notes" };
  const PINS = { repository_id: "74", repository_owner_id: "65" };

  test("are what the first use said, and are held to from then on", () => {
    expect(decideMatch("github", {}, [candidate(claims)], GITHUB)).toMatchObject({
      is: "publisher",
      pins: PINS,
    });
    expect(decideMatch("github", {}, [candidate(claims, PINS)], GITHUB)).toMatchObject({
      is: "publisher",
      pins: PINS,
    });
    for (const changed of [{ repository_id: "75" }, { repository_owner_id: "66" }, { repository_id: null }]) {
      const outcome = decideMatch("github", {}, [candidate(claims, PINS)], { ...GITHUB, ...changed });
      expect(outcome.is).toBe("another");
    }
  });

  test("of a server that says none are none, and none is asked for", () => {
    const { repository_id: _, repository_owner_id: __, ...older } = GITHUB;
    expect(decideMatch("gitea", {}, [candidate(claims)], older)).toMatchObject({ is: "publisher", pins: {} });
    expect(decideMatch("gitea", {}, [candidate(claims, {})], GITHUB)).toMatchObject({
      is: "publisher",
      pins: {},
    });
  });

  test("leave room for the same names again, once an owner has added them", () => {
    const again = candidate(claims, null, "pub-2");
    const outcome = decideMatch("github", {}, [candidate(claims, PINS), again], {
      ...GITHUB,
      repository_id: "75",
    });
    expect(outcome).toMatchObject({ is: "publisher", publisher: again });
  });
});

test("no other token than one that says all of it counts", () => {
  const names = fc.constantFrom("repository", "environment", "ref", "sub", "repository_id");
  const value = fc.oneof(
    fc.constantFrom("a", "b", "A", ""),
    fc.integer({ max: 3 }),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(
      fc.dictionary(names, fc.constantFrom("a", "b", "1", "true"), { minKeys: 1 }),
      fc.dictionary(names, value),
      (claims, token) => {
        const isMet = Object.entries(claims).every(([name, expected]) => {
          const found = token[name];
          if (found === undefined || found === null) return false;
          return name === "repository"
            ? String(found).toLowerCase() === expected.toLowerCase()
            : String(found) === expected;
        });
        expect(match("github", claims, { ...token, event_name: "push" } as JsonObject)).toBe(
          isMet ? "publisher" : "none",
        );
      },
    ),
  );
});

/** What an object of the language has without anybody having put it there, and what only looks so. */
const INBORN = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...["prototype", "then", "length", "name", "arguments", "caller"],
];

describe("names of the language's own", () => {
  const issuer = {
    id: "ci",
    kind: "oidc",
    name: "CI",
    issuer: "https://ci.example",
    require: {},
    caFile: null,
  } as const;
  const name = fc.oneof(fc.constantFrom(...INBORN), fc.constantFrom("sub", "repository"));

  test("are claims like any other, or refused: never a condition that is lost", () => {
    const said = fc.uniqueArray(fc.tuple(name, fc.constantFrom("a", "b")), {
      minLength: 1,
      maxLength: 5,
      selector: ([each]) => each,
    });
    fc.assert(
      fc.property(
        said,
        fc.boolean(),
        fc.array(fc.tuple(name, fc.constantFrom("a", "b"))),
        (asked, listed, held) => {
          // As JSON brings them, in which each name is a member of its own.
          const claims = listed ? asked : (JSON.parse(textOf(asked)) as Conditions);
          const token = JSON.parse(textOf([...new Map(held)])) as JsonObject;
          let kept: Conditions;
          try {
            kept = checkPublisher([issuer], { issuer: "ci", claims }).claims;
          } catch (error) {
            expect(isProblem(error) && error.code).toBe("publisher.invalid");
            expect(asked.some(([each]) => each === "__proto__")).toBe(true);
            return;
          }
          expect(new Map(Object.entries(kept))).toEqual(new Map(asked));
          // As the database has them, and gives them back.
          const again = JSON.parse(JSON.stringify(kept)) as Conditions;
          const has = new Map(held);
          const isMet = asked.every(([each, value]) => has.get(each) === value);
          expect(match("oidc", again, token)).toBe(isMet ? "publisher" : "none");
          expect(match("oidc", { sub: "x" }, { ...token, sub: "x" }, again)).toBe(
            asked.every(([each, value]) => (each === "sub" ? "x" : has.get(each)) === value)
              ? "publisher"
              : "none",
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("of a token give no claim that it does not have", () => {
    for (const inside of ["__proto__", "constructor", "prototype"]) {
      const token = JSON.parse(`{"sub":"a","${inside}":{"repository":"example/notes"}}`) as JsonObject;
      expect(match("oidc", { repository: "example/notes" }, token)).toBe("none");
      expect(match("github", { repository: "example/notes" }, { ...token, event_name: "push" })).toBe("none");
      expect(match("oidc", { sub: "a" }, token)).toBe("publisher");
    }
    for (const inborn of INBORN) expect(match("oidc", { [inborn]: "a" }, { sub: "a" })).toBe("none");
  });

  test("in the configuration are judged of every token, or refused", () => {
    const read = (require: string) =>
      trustedIssuers(`{"ci":{"kind":"github","require":${require}}}`)[0]?.require;
    expect(read('{"constructor":"a","toString":"b"}')).toEqual({ constructor: "a", toString: "b" } as never);
    expect(() => read('{"__proto__":"a"}')).toThrow("require");
  });

  const textOf = (entries: readonly (readonly [string, string])[]): string =>
    `{${entries.map(([each, value]) => `${JSON.stringify(each)}:${JSON.stringify(value)}`).join(",")}}`;
});

describe("what an owner says", () => {
  const issuer = {
    id: "ci",
    kind: "github",
    name: "CI",
    issuer: "https://ci.example",
    require: {},
    caFile: null,
  } as const;

  test("of one claim twice is refused, also where only white space tells them apart", () => {
    for (const claims of [
      [
        ["repository", "a/b"],
        ["repository", "c/d"],
      ],
      [
        ["repository", "a/b"],
        ["repository ", "a/b"],
      ],
      { repository: "a/b", " repository": "c/d" },
    ] as const)
      expect(() => checkPublisher([issuer], { issuer: "ci", claims })).toThrow(
        "repository stands there twice.",
      );
  });
});

describe("what an owner says is refused where no job could ever say it, and its neighbour is taken", () => {
  const of = (kind: IssuerKind, claims: Conditions) => {
    const issuer = { id: "ci", kind, name: "CI", issuer: "https://ci.example", caFile: null };
    const whose =
      kind === "gitlab" ? { project_path: "example/apps/notes" } : { repository: "example/notes" };
    return checkPublisher([{ ...issuer, require: { repository_owner: "example", tier: "a" } }], {
      issuer: "ci",
      claims: { ...whose, ...claims },
    }).claims;
  };

  test.each<[IssuerKind, string, string, string]>([
    ["github", "repository", "notes", "example/notes"],
    ["github", "repository", "https://github.com/example/notes", "example/no.tes"],
    ["gitea", "repository", "example/notes/deeper", "example/notes"],
    ["gitea", "repository", "example notes/x", "example/x"],
    ["gitlab", "project_path", "notes", "example/notes"],
    ["gitlab", "project_path", "https://gitlab.com/example/notes", "example/deep/er/notes"],
    ["github", "workflow_file", ".github/workflows/release.yml", "release.yml"],
    ["gitea", "workflow_file", ".forgejo/workflows/release.yml", "forgejo/release.yml"],
    ["github", "ref", "main", "refs/heads/main"],
    ["gitea", "ref", "refs/pull/1/merge", "refs/tags/v1"],
    ["gitlab", "ref", "refs/heads/main", "main"],
    ["gitlab", "ref", "refs/merge-requests/1/head", "heads/main"],
    ["github", "event_name", "pull_request", "push"],
    ["gitlab", "pipeline_source", "merge_request_event", "web"],
    ["github", "repository_owner", "other", "Example"],
    ["oidc", "tier", "A", "a"],
  ])("%s: %s = %s, and %s", (kind, name, never, neighbour) => {
    expect(() => of(kind, { [name]: never })).toThrow(name);
    expect(of(kind, { [name]: neighbour })[name]).toBe(neighbour);
  });

  test("what the administrator asks for is named as to who exchanges a token, and its value told to neither", () => {
    const said = () => of("github", { repository_owner: "other" });
    expect(said).toThrow("unless repository_owner is as its administrator says");
    let problem: unknown;
    try {
      said();
    } catch (error) {
      problem = error;
    }
    expect(isProblem(problem) && JSON.stringify([problem.message, problem.details])).not.toMatch(
      /\bexample\b/,
    );
    expect(of("github", {})).toEqual({ repository: "example/notes" });
  });

  test("a server of another kind may say anything", () => {
    const free = { repository: "notes", workflow_file_: "x", ref: "main", event_name: "pull_request" };
    expect(of("oidc", free)).toEqual(free);
  });
});

describe("what is kept of a run", () => {
  const of = (kind: IssuerKind, issuer: string, claims: JsonObject) =>
    runOf({ kind, name: "CI", issuer }, claims);

  test.each<[IssuerKind, string, JsonObject, string, string]>([
    [
      "github",
      "https://token.actions.githubusercontent.com",
      GITHUB,
      "https://github.com/example/notes",
      "/actions/runs/17345678901",
    ],
    [
      "github",
      "https://token.actions.githubusercontent.com/example",
      GITHUB,
      "https://github.com/example/notes",
      "/actions/runs/17345678901",
    ],
    [
      "github",
      "https://token.actions.example.ghe.com",
      GITHUB,
      "https://example.ghe.com/example/notes",
      "/actions/runs/17345678901",
    ],
    [
      "github",
      "https://github.example.com/_services/token",
      GITHUB,
      "https://github.example.com/example/notes",
      "/actions/runs/17345678901",
    ],
    [
      "gitea",
      "https://git.example.com/api/actions",
      GITHUB,
      "https://git.example.com/example/notes",
      "/actions/runs/10",
    ],
    [
      "gitea",
      "https://example.com/git/api/actions",
      GITHUB,
      "https://example.com/git/example/notes",
      "/actions/runs/10",
    ],
    ["gitlab", "https://gitlab.com", GITLAB, "https://gitlab.com/example/apps/notes", "/-/jobs/302"],
    [
      "gitlab",
      "https://example.com/gitlab",
      GITLAB,
      "https://example.com/gitlab/example/apps/notes",
      "/-/jobs/302",
    ],
  ])("leads to it at %s %s", (kind, issuer, claims, repositoryUrl, run) => {
    expect(of(kind, issuer, claims)).toMatchObject({ repositoryUrl, runUrl: `${repositoryUrl}${run}` });
  });

  test("leads nowhere where the token’s word has not the form of one", () => {
    for (const repository of [
      "notes",
      "../..",
      "a/../b",
      "a/b?x",
      "a/b#x",
      "//evil.example/x",
      "a/\u202eb",
      "a b/c",
      "javascript:alert(1)/x",
    ])
      expect(
        of("github", "https://git.example.com/_services/token", { ...GITHUB, repository }),
      ).toMatchObject({
        repositoryUrl: null,
        commitUrl: null,
        runUrl: null,
      });
    expect(of("github", "https://x.example", { ...GITHUB, sha: "../x", run_id: "1/../../x" })).toMatchObject({
      commitUrl: null,
      runUrl: null,
    });
    const generic = of("oidc", "https://ci.example.com", { sub: "job:7", repository: "a/b" });
    expect(generic).toMatchObject({ subject: "job:7", repositoryUrl: null, runUrl: null });
  });

  test("is of a length that can be read, and harmless", () => {
    const { ref, environment } = of("github", "https://x.example", {
      ...GITHUB,
      ref: "r".repeat(5000),
      environment: "a\u202eb",
    });
    expect(ref).toHaveLength(200);
    expect(environment).toBe("a<U+202E>b");
  });
});

test("people call a publisher by what it is trusted by", () => {
  const named = (claims: Conditions) => publisherName({ issuerId: "ci", claims });
  expect(named({ environment: "release", repository: "a/b", workflow_file: "r.yml" })).toBe(
    "a/b · r.yml · release",
  );
  expect(named({ project_path: "a/b/c" })).toBe("a/b/c");
  expect(named({ sub: "job:7" })).toBe("job:7");
  expect(named({ team: "x" })).toBe("team = x");
});
