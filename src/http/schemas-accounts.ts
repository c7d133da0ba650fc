/** The shapes of people, members and invitations. */
import { Type } from "@sinclair/typebox";
import type { AccountId, InvitationId } from "../ids.ts";

export const ACCOUNT_ID = Type.Unsafe<AccountId>(
  Type.String({
    pattern: "^acc-[0-9a-f]{32}$",
    description: "an account's id: acc- and 32 hexadecimal digits",
  }),
);

export const INVITATION_ID = Type.Unsafe<InvitationId>(
  Type.String({
    pattern: "^inv-[0-9a-f]{32}$",
    description: "an invitation's id: inv- and 32 hexadecimal digits",
  }),
);
