/** What is kept of the run of a build job that uploaded a version. */
export type PublisherRun = {
  readonly kind: "github" | "gitlab" | "gitea" | "oidc";
  /** The issuer's name in this store, such as GitHub. */
  readonly issuerName: string;
  readonly issuer: string;
  /** `sub` */
  readonly subject: string;
  readonly repository: string | null;
  readonly repositoryUrl: string | null;
  readonly commit: string | null;
  readonly commitUrl: string | null;
  readonly ref: string | null;
  readonly workflow: string | null;
  readonly environment: string | null;
  /** The run's number, or the job's at GitLab. */
  readonly run: string | null;
  readonly runUrl: string | null;
};
