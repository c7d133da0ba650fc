/**
 * /api/v1/oauth/…: a program is signed in by a person at another screen (RFC 8628), which is what `mosis login` does. As the
 * RFCs have it, for any client: forms in, JSON out, and errors as RFC 6749 §5.2 names them.
 */
import { Type } from "@sinclair/typebox";
import {
  AUTHORIZATION_MINUTES,
  beginAuthorization,
  POLL_SECONDS,
} from "../../accounts/device-authorization/begin.ts";
import { collectKey } from "../../accounts/device-authorization/collect.ts";
import { isSecret } from "../../accounts/secrets.ts";
import { isProblem } from "../../errors.ts";
import { oauthForm } from "../body.ts";
import { originOf } from "../guard.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { record } from "../schemas.ts";

export const DEVICE_AUTHORIZATION = "/api/v1/oauth/device-authorization";
export const TOKEN = "/api/v1/oauth/token";
export const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
/** The page on which a person types the code. */
export const ACTIVATE = "/activate";

const TAG = "Sign-in of programs";
const NOT_KEPT = { "Cache-Control": "no-store" };
const OURS = "login.";
const TWICE = "No parameter may be given twice.";

const OAUTH_ERROR = record({
  error: Type.String({ description: "RFC 6749 §5.2 and RFC 8628 §3.5." }),
  error_description: Type.String({ description: "In words, for whoever runs the program." }),
});

function oauthError(error: string, description: string): Response {
  return json({ error, error_description: description }, { status: 400, headers: NOT_KEPT });
}

export const oauthRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: DEVICE_AUTHORIZATION,
    access: "public",
    confidential: true,
    // It writes a row, for anybody.
    cost: 5,
    name: "beginDeviceAuthorization",
    summary: "Begin to sign a program in",
    description: `RFC 8628 §3.1. The program shows \`user_code\` and \`verification_uri\` to its user, who lets it in there, and asks for its token meanwhile. \`client_name\` is ours: what the program calls itself and its machine, shown to the person. After ${AUTHORIZATION_MINUTES} minutes it begins again.`,
    tag: TAG,
    body: oauthForm(
      ["client_id", "client_name", "scope"],
      Type.Object({
        client_id: Type.String({ maxLength: 100, description: "`mosis`, or what names the program." }),
        client_name: Type.Optional(Type.String({ maxLength: 200 })),
        scope: Type.Optional(Type.String({ description: "Not looked at: the person’s rights count." })),
      }),
    ),
    replies: [
      {
        status: 200,
        description: "What to show, and what to ask with.",
        schema: record({
          device_code: Type.String({ description: "For the program alone." }),
          user_code: Type.String({ description: "Such as `WDJB-MJHT`." }),
          verification_uri: Type.String({ format: "uri" }),
          verification_uri_complete: Type.String({ format: "uri", description: "With the code in it." }),
          expires_in: Type.Integer({ description: "Seconds." }),
          interval: Type.Integer({ description: "Seconds between two questions." }),
        }),
      },
      { status: 400, description: "What was asked is wrong.", schema: OAUTH_ERROR },
    ],
    handle: ({ store, body: { sent, isRepeated }, info }) => {
      if (isRepeated) return oauthError("invalid_request", TWICE);
      const { client_id: clientId, client_name: clientName } = sent;
      if (clientId === "" || clientId.length > 100)
        return oauthError("invalid_request", "client_id names the program, with 1 to 100 characters.");
      const { deviceCode, userCode } = beginAuthorization(store, {
        clientName: clientName === "" ? clientId : clientName,
        address: info.address,
      });
      const page = `${info.origin}${ACTIVATE}`;
      return json(
        {
          device_code: deviceCode,
          user_code: userCode,
          verification_uri: page,
          verification_uri_complete: `${page}?code=${userCode}`,
          expires_in: AUTHORIZATION_MINUTES * 60,
          interval: POLL_SECONDS,
        },
        { headers: NOT_KEPT },
      );
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: TOKEN,
    access: "public",
    confidential: true,
    name: "collectDeviceToken",
    summary: "Ask whether the program is signed in by now",
    description: `RFC 8628 §3.4, with \`grant_type=${DEVICE_CODE_GRANT}\`. The token is an API key of the person, named after the program: they see it among their keys and can revoke it there. It is given once.`,
    tag: TAG,
    body: oauthForm(
      ["grant_type", "device_code", "client_id"],
      Type.Object({
        grant_type: Type.Literal(DEVICE_CODE_GRANT),
        device_code: Type.String({ maxLength: 100 }),
        client_id: Type.String({ maxLength: 100 }),
      }),
    ),
    replies: [
      {
        status: 200,
        description: "Signed in.",
        schema: record({
          access_token: Type.String(),
          token_type: Type.Literal("Bearer"),
          expires_in: Type.Integer({ description: "Seconds." }),
        }),
      },
      {
        status: 400,
        description:
          "Not yet (`authorization_pending`, `slow_down`), not at all (`access_denied`, `expired_token`), or asked wrongly.",
        schema: OAUTH_ERROR,
      },
    ],
    handle: ({ store, body: { sent, isRepeated }, info, request }) => {
      if (isRepeated) return oauthError("invalid_request", TWICE);
      if (sent.grant_type !== DEVICE_CODE_GRANT)
        return oauthError("unsupported_grant_type", `The only grant here is ${DEVICE_CODE_GRANT}.`);
      if (!isSecret(sent.device_code))
        return oauthError("invalid_grant", "device_code is what the begin of the sign-in has given.");
      try {
        const { key, token } = collectKey(store, {
          deviceCode: sent.device_code,
          from: originOf(request, info),
        });
        const seconds = Math.floor((key.expiresAt.getTime() - store.clock.now().getTime()) / 1000);
        return json(
          { access_token: token, token_type: "Bearer", expires_in: seconds },
          { headers: NOT_KEPT },
        );
      } catch (error) {
        if (!isProblem(error) || !error.code.startsWith(OURS)) throw error;
        return oauthError(error.code.slice(OURS.length), error.message);
      }
    },
  }),
];
