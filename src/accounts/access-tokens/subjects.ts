/**
 * Who a token's subject is at this moment. Each kind's owner has a line here, with a function that looks the subject up and
 * gives who acts; null when it is revoked, disabled or gone, which ends all of its tokens at once.
 */
import type { Store } from "../../context.ts";
import { isId } from "../../ids.ts";
import type { Actor } from "../actor.ts";
import { actingDevice } from "../devices/seen.ts";
import { findPublisher } from "../trusted-publishing/actor.ts";
import type { TokenKind } from "./kinds.ts";
import type { AccessToken } from "./verify.ts";

export type FindSubject = (store: Store, token: AccessToken) => Actor | null;

/** A kind without a line has no tokens that are good. */
export const SUBJECTS: Partial<Readonly<Record<TokenKind, FindSubject>>> = {
  publisher: findPublisher,
  device: (store, { subject }) => (isId("dev", subject) ? actingDevice(store, subject) : null),
};
