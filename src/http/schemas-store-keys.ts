/** The forms of what the API tells of the store's own keys. */
import { Type } from "@sinclair/typebox";
import { oneOf, orNull, record, SHA256, TIME } from "./schemas.ts";

const NAME = Type.String({ description: "A key's name, such as tuf-root-1." });

export const STORE_KEYS = record({
  keys: Type.Array(
    record({
      name: NAME,
      keyid: SHA256,
      algorithm: Type.String(),
      holder: oneOf("here", "command", "offline", "destroyed", "here_for_lists"),
      command: orNull(Type.String({ description: "The external command's name in the configuration." })),
      signs: Type.Array(
        Type.String({ description: "Roles of the catalogue, or what its certificates are for." }),
      ),
      state: oneOf("in use", "waiting", "retired"),
      createdAt: TIME,
      retiredAt: orNull(TIME),
    }),
  ),
  certificates: Type.Array(
    record({
      kind: oneOf("root", "developer-ca", "release"),
      serial: Type.String(),
      sha256: SHA256,
      keyName: NAME,
      notBefore: TIME,
      notAfter: TIME,
      isCurrent: Type.Boolean({ description: "The newest of its kind issues and signs." }),
      isRevoked: Type.Boolean({ description: "It is revoked, or its key is." }),
    }),
  ),
  lists: Type.Array(record({ keyName: NAME, number: Type.Integer({ minimum: 1 }), nextUpdate: TIME }), {
    description: "The list of revoked certificates that each key signed last.",
  }),
  roles: Type.Array(
    record({
      role: Type.String(),
      threshold: Type.Integer({ minimum: 1 }),
      keyNames: Type.Array(NAME),
      version: Type.Integer({ minimum: 1 }),
      expiresAt: TIME,
    }),
  ),
  lapses: Type.Array(
    record({
      what: Type.String({
        description:
          "A role; ca-root, ca-developer or release; or crl-root or crl-developer, a list of revoked certificates.",
      }),
      expiresAt: TIME,
      state: oneOf("ok", "warning", "expired", "overlong"),
      renewedBy: oneOf("job", "request"),
    }),
    { description: "What ends when, soonest first." },
  ),
  waiting: Type.Integer({
    minimum: 0,
    description: "Changes that wait for signatures from another machine.",
  }),
  openRequest: orNull(SHA256),
  next: Type.Array(
    record({
      do: oneOf(
        "release_revoked",
        "master_key",
        "command_missing",
        "command_fails",
        "expired",
        "list_expired",
        "overlong",
        "renewal_fails",
        "request_renewal",
        "import",
        "held_here",
        "export_newer",
        "export",
        "export_due",
        "export_list",
        "move_offline",
      ),
      what: Type.Optional(Type.String()),
      at: Type.Optional(TIME),
      renewedBy: Type.Optional(oneOf("job", "request")),
      inRequest: Type.Optional(
        Type.Boolean({ description: "The request that is open asks for it already." }),
      ),
      waits: Type.Optional(
        Type.Boolean({ description: "What replaces the key waits for keys on another machine." }),
      ),
      count: Type.Optional(Type.Integer()),
    }),
    { description: "What should be done, most pressing first." },
  ),
});
