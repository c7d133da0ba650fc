/** In which orders lists of the store can be had beside their own, and the places that cursors name in them. */
import type { AppId } from "../../ids.ts";

/**
 * `newest`: what came last into a catalogue that who asks may see; `updated`: that of which the offered version was published last;
 * `installs`: what devices fetched most. The first is the highest.
 */
export const ORDERS = ["newest", "updated", "installs"] as const;
export type Order = (typeof ORDERS)[number];

/** Where an app stands in an order: by a time in milliseconds since 1970, or a number of installs; among equals by its id, the last first. */
export type Place = { readonly key: number; readonly id: AppId };

export function placeText({ key, id }: Place): string {
  return `${key}.${id}`;
}

/** Undefined: it is none. */
export function parsePlace(text: string): Place | undefined {
  const [, key, id] = /^(\d{1,15})\.(.+)$/.exec(text) ?? [];
  return key === undefined || id === undefined ? undefined : { key: Number(key), id: id as AppId };
}

/** The higher first. */
export function comparePlaces(one: Place, other: Place): number {
  if (one.key !== other.key) return other.key - one.key;
  return one.id === other.id ? 0 : one.id < other.id ? 1 : -1;
}
