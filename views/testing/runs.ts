/** Runs that a version is from: ordinary, of a server of which little is known, and hostile. */
import type { PublishedFrom } from "../components/published-from.tsx";

const HOSTILE_RUN = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;
const COMMIT = "c0ffee5e1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f";
const REPOSITORY = "https://github.com/northwind/field-notes";

export const FROM_GITHUB: PublishedFrom = {
  issuerName: "GitHub",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:northwind/field-notes:environment:release",
  repository: "northwind/field-notes",
  repositoryUrl: REPOSITORY,
  commit: COMMIT,
  commitUrl: `${REPOSITORY}/commit/${COMMIT}`,
  ref: "refs/tags/v1.9.2",
  workflow: "release.yml",
  environment: "release",
  run: "17345678901",
  runUrl: `${REPOSITORY}/actions/runs/17345678901`,
};

/** Of a server of which the store knows nothing but its tokens. */
export const FROM_ELSEWHERE: PublishedFrom = {
  ...FROM_GITHUB,
  issuerName: "Build server of the northern region",
  issuer: `https://ci.${"north".repeat(11)}.example/oidc`,
  subject: `job:${"release-".repeat(14)}7`,
  repository: null,
  repositoryUrl: null,
  commit: null,
  commitUrl: null,
  ref: null,
  workflow: null,
  environment: null,
  run: null,
  runUrl: null,
};

export const FROM_HOSTILE: PublishedFrom = Object.fromEntries(
  Object.keys(FROM_GITHUB).map((name) => [name, HOSTILE_RUN]),
) as unknown as PublishedFrom;
