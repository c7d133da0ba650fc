/** A real OpenID Connect provider (oidc-provider) on this machine, where whoever the test says is signed in already. */
import { createServer } from "node:http";
import Provider from "oidc-provider";

export type OidcPerson = {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
  readonly amr?: readonly string[];
};

export type OidcServer = {
  readonly issuer: string;
  /** Who sits at the browser there; null: they cancel. */
  signedIn: OidcPerson | null;
  /** What it says of somebody who was there before, when a token is renewed. */
  readonly people: Map<string, OidcPerson>;
  /** Every path that was asked for. */
  readonly asked: readonly string[];
  /** Refresh tokens that were given are good for nothing any more. */
  revokeAll(): Promise<void>;
  stop(): Promise<void>;
};

export const OIDC_CLIENT = { id: "mosis", secret: "a secret of thirty-two characters" };

/** @param rotates Each refresh token is taken once: used again, all that was given with it ends. */
export async function startOidcServer(
  redirectUris: readonly string[],
  { rotates = false }: { readonly rotates?: boolean } = {},
): Promise<OidcServer> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", () => resolve()));
  const address = http.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  // Another site than the store's 127.0.0.1, as a provider is.
  const issuer = `http://localhost:${port}`;
  const asked: string[] = [];
  const people = new Map<string, OidcPerson>();
  const grants = new Set<string>();
  const provider = quietly(
    () =>
      new Provider(issuer, {
        clients: [
          {
            client_id: OIDC_CLIENT.id,
            client_secret: OIDC_CLIENT.secret,
            redirect_uris: [...redirectUris],
            grant_types: ["authorization_code", "refresh_token"],
          },
        ],
        scopes: ["openid", "offline_access"],
        claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name"] },
        // Some put everything into the identity token; this one leaves what it may leave to userinfo, as the standard says.
        conformIdTokenClaims: true,
        cookies: { keys: ["not a secret"] },
        ttl: {
          Interaction: 600,
          Session: 600,
          Grant: 600,
          AccessToken: 600,
          IdToken: 600,
          RefreshToken: 86_400,
        },
        ...(rotates ? { rotateRefreshToken: true } : {}),
        features: { devInteractions: { enabled: false } },
        interactions: { url: (_, { uid }) => `/interaction/${uid}` },
        findAccount: (_, id) => ({
          accountId: id,
          claims: async () => ({ ...claimsOf(people.get(id)), sub: id }),
        }),
      }),
  );
  const server: OidcServer = {
    issuer,
    signedIn: null,
    people,
    asked,
    async revokeAll() {
      for (const id of grants) await (await provider.Grant.find(id))?.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  const callback = provider.callback();
  http.on("request", async (request, response) => {
    asked.push(request.url ?? "");
    if (!request.url?.startsWith("/interaction/")) return callback(request, response);
    const person = server.signedIn;
    const details = await provider.interactionDetails(request, response);
    const finish = (result: Parameters<typeof provider.interactionFinished>[2]) =>
      provider.interactionFinished(request, response, result, {
        mergeWithLastSubmission: details.prompt.name !== "login",
      });
    if (person === null) return finish({ error: "access_denied", error_description: "<b>no</b>" });
    people.set(person.sub, person);
    if (details.prompt.name === "login")
      return finish({
        login: { accountId: person.sub, remember: false, ...(person.amr ? { amr: [...person.amr] } : {}) },
      });
    const grant = new provider.Grant({ accountId: person.sub, clientId: OIDC_CLIENT.id });
    grant.addOIDCScope("openid email profile offline_access");
    const grantId = await grant.save();
    grants.add(grantId);
    return finish({ consent: { grantId } });
  });
  return server;
}

function claimsOf(person: OidcPerson | undefined) {
  const { sub: _, amr: __, groups, ...claims } = person ?? { sub: "" };
  return { ...claims, ...(groups === undefined ? {} : { groups: [...groups] }) };
}

/** It warns on its start of what is wrong with an example, which this is. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console;
  console.warn = () => {};
  console.info = () => {};
  try {
    return make();
  } finally {
    console.warn = warn;
    console.info = info;
  }
}
