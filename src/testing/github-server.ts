/**
 * A server of GitHub's shape, over real HTTP: OAuth 2.0 as its documentation has it (authorize, access_token with errors that
 * come with 200, PKCE), and the four calls of its API that tell of a person. As an Enterprise server it has the API below
 * its own address.
 */
import { createHash } from "node:crypto";

export type GithubPerson = {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly emails: readonly {
    readonly email: string;
    readonly primary: boolean;
    readonly verified: boolean;
  }[];
  readonly orgs?: readonly string[];
  /** As `org/team`. */
  readonly teams?: readonly string[];
};

export type GithubServer = {
  readonly issuer: string;
  /** Who sits at the browser there; null: they cancel. */
  signedIn: GithubPerson | null;
  /** In place of the answer to that path. */
  readonly instead: Map<string, () => Response | Promise<Response>>;
  readonly asked: string[];
  /** Whether its tokens end, as those of a GitHub App do: then each comes with a refresh token that is taken once. */
  expires: boolean;
  /** Access tokens that were given have ended. */
  expireAll(): void;
  /** Every token that was given is good for nothing any more. */
  revokeAll(): void;
  stop(): Promise<void>;
};

export const GITHUB_CLIENT = { id: "Iv1.0123456789abcdef", secret: "github-client-secret" };

type Code = {
  readonly person: GithubPerson;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly scope: string;
};

export function startGithubServer(): GithubServer {
  const codes = new Map<string, Code>();
  const tokens = new Map<string, Pick<Code, "person" | "scope">>();
  const refreshTokens = new Map<string, Pick<Code, "person" | "scope">>();
  const people = new Map<number, GithubPerson>();

  const authorize = (query: URLSearchParams): Response => {
    const back = new URL(query.get("redirect_uri") ?? "");
    back.searchParams.set("state", query.get("state") ?? "");
    if (query.get("client_id") !== GITHUB_CLIENT.id)
      return new Response("no such application", { status: 404 });
    if (server.signedIn === null) {
      back.searchParams.set("error", "access_denied");
      back.searchParams.set("error_description", "The user has denied your application access.");
      return Response.redirect(back.href, 302);
    }
    const code = crypto.randomUUID();
    people.set(server.signedIn.id, server.signedIn);
    codes.set(code, {
      person: server.signedIn,
      challenge: query.get("code_challenge_method") === "S256" ? (query.get("code_challenge") ?? "") : "",
      redirectUri: query.get("redirect_uri") ?? "",
      scope: query.get("scope") ?? "",
    });
    back.searchParams.set("code", code);
    return Response.redirect(back.href, 302);
  };

  const accessToken = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text());
    const fault = (error: string) =>
      Response.json({ error, error_description: "…", error_uri: "https://docs.github.com/" });
    if (form.get("client_id") !== GITHUB_CLIENT.id || form.get("client_secret") !== GITHUB_CLIENT.secret)
      return fault("incorrect_client_credentials");
    if (form.get("grant_type") === "refresh_token") {
      const given = form.get("refresh_token") ?? "";
      const known = refreshTokens.get(given);
      refreshTokens.delete(given);
      return known === undefined ? fault("bad_refresh_token") : tokensFor(known);
    }
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (code === undefined || code.challenge !== challenge) return fault("bad_verification_code");
    if (code.redirectUri !== form.get("redirect_uri")) return fault("redirect_uri_mismatch");
    return tokensFor(code);
  };

  const tokensFor = ({ person, scope }: Pick<Code, "person" | "scope">): Response => {
    const token = `gho_${crypto.randomUUID()}`;
    const refresh = `ghr_${crypto.randomUUID()}`;
    tokens.set(token, { person, scope });
    if (server.expires) refreshTokens.set(refresh, { person, scope });
    return Response.json({
      access_token: token,
      scope: scope.replaceAll(" ", ","),
      token_type: "bearer",
      ...(server.expires
        ? { expires_in: 28_800, refresh_token: refresh, refresh_token_expires_in: 15_897_600 }
        : {}),
    });
  };

  const api = (request: Request, path: string, query: URLSearchParams): Response => {
    if (path === "/meta") return Response.json({ verifiable_password_authentication: true });
    if (request.headers.get("user-agent") === null) return new Response("say who you are", { status: 403 });
    const token = tokens.get(request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "");
    if (token === undefined) return Response.json({ message: "Bad credentials" }, { status: 401 });
    const person = people.get(token.person.id) ?? token.person;
    const pageOf = (rows: readonly unknown[]) => {
      const size = Number(query.get("per_page") ?? 30);
      const from = (Number(query.get("page") ?? 1) - 1) * size;
      return Response.json(rows.slice(from, from + size));
    };
    const may = (scope: string) => token.scope.split(" ").includes(scope);
    switch (path) {
      case "/user":
        return Response.json({
          id: person.id,
          login: person.login,
          name: person.name,
          email: null,
          type: "User",
        });
      case "/user/emails":
        return may("user:email")
          ? pageOf(person.emails)
          : Response.json({ message: "Not Found" }, { status: 404 });
      case "/user/memberships/orgs":
        if (!may("read:org")) return Response.json({ message: "scope" }, { status: 403 });
        return pageOf((person.orgs ?? []).map((login) => ({ state: "active", organization: { login } })));
      case "/user/teams":
        if (!may("read:org")) return Response.json({ message: "scope" }, { status: 403 });
        return pageOf(
          (person.teams ?? []).map((team) => {
            const [login, slug] = team.split("/");
            return { slug, organization: { login } };
          }),
        );
      default:
        return Response.json({ message: "Not Found" }, { status: 404 });
    }
  };

  const http = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request: Request): Response | Promise<Response> {
      const { pathname, searchParams } = new URL(request.url);
      server.asked.push(pathname);
      const instead = server.instead.get(pathname);
      if (instead !== undefined) return instead();
      if (pathname === "/login/oauth/authorize") return authorize(searchParams);
      if (pathname === "/login/oauth/access_token") return accessToken(request);
      if (pathname.startsWith("/api/v3/"))
        return api(request, pathname.slice("/api/v3".length), searchParams);
      return new Response("nothing here", { status: 404 });
    },
  });
  const server: GithubServer = {
    issuer: `http://localhost:${http.port}`,
    signedIn: null,
    instead: new Map(),
    asked: [],
    expires: false,
    expireAll: () => tokens.clear(),
    revokeAll: () => {
      tokens.clear();
      refreshTokens.clear();
    },
    stop: () => http.stop(true),
  };
  return server;
}
