/** What `mosis admin outbox` and `mosis admin mail` do, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import { handOver, messageMissing } from "../../accounts/messages/hand-over.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { isMailed } from "../../accounts/messages/send.ts";
import { mailTrouble } from "../../accounts/messages/trouble.ts";
import { tryMail } from "../../accounts/messages/try-mail.ts";
import { isId } from "../../ids.ts";
import { type Operation, ORIGIN, operation } from "./operation.ts";

export const MAIL_OPERATIONS: readonly (readonly [string, Operation])[] = [
  [
    "outbox.list",
    operation(t.Object({}), (store) => ({
      ...listMessages(store, OPERATOR, { limit: 100 }),
      isMailed: isMailed(store),
      trouble: mailTrouble(store),
    })),
  ],
  [
    "outbox.link",
    operation(t.Object({ id: t.String(), origin: ORIGIN }), (store, { id, origin }) => {
      if (!isId("msg", id)) throw messageMissing();
      return handOver(store, OPERATOR, id, origin);
    }),
  ],
  [
    "mail.test",
    operation(t.Object({ address: t.String() }), (store, { address }) =>
      tryMail(store, address, { signal: new AbortController().signal }),
    ),
  ],
];
