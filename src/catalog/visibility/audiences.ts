/** Who may see an app, and which audiences that makes. Pure. */
import { Problem } from "../../errors.ts";
import { type Audience, type AudienceId, EVERYBODY, type GroupId, isId } from "../../ids.ts";
import { say, type Words } from "../../say.ts";

/** The one channel that there is so far. */
export const STABLE = "stable";

/** Everybody who is signed in, and every enrolled device. */
export const SIGNED_IN = "signed-in" as AudienceId;

/**
 * Nobody at all: an app that is being deleted goes on in a catalogue that no actor and no device reads, so that what is signed of it
 * goes on, too, and it comes back as it was.
 */
export const NOBODY = "nobody" as AudienceId;

export const VISIBILITIES = ["everyone", "signed-in", "groups"] as const;

export type Visibility =
  | { readonly visibility: "everyone" | "signed-in" }
  | {
      readonly visibility: "groups";
      /** One at least, each once, sorted. */
      readonly groups: readonly GroupId[];
    };

export const TO_EVERYONE: Visibility = { visibility: "everyone" };
/** As many as an act may name. */
export const MOST_GROUPS_OF_APP = 50;

export const UNNAMED_GROUPS = ["keep", "drop"] as const;

export type VisibilityInput = {
  readonly visibility: string;
  readonly groups?: readonly string[];
  /** What becomes of the app's groups that are not named to who asks; without it they stay. */
  readonly unnamedGroups?: (typeof UNNAMED_GROUPS)[number];
};

/**
 * Whether there are such groups, the caller asks.
 * @param kept Groups that it is for besides those that are named.
 * @throws Problem (invalid) `app.visibility_invalid`
 */
export function parseVisibility(
  { visibility, groups = [] }: VisibilityInput,
  kept: readonly GroupId[] = [],
): Visibility {
  if (visibility === "everyone" || visibility === "signed-in") {
    if (groups.length === 0) return { visibility };
    throw invalid("/groups", say`Groups go with the visibility “groups” alone.`, `${groups.length} groups`);
  }
  if (visibility !== "groups") {
    const message = say`An app is visible to everyone, to who is signed in (signed-in), or to groups.`;
    throw invalid("/visibility", message, visibility.slice(0, 140));
  }
  const named = groups.map((id) => {
    if (isId("grp", id)) return id;
    throw invalid("/groups", say`A group is named by its id, which begins with grp-.`, id.slice(0, 140));
  });
  const ids = [...new Set([...named, ...kept])].sort();
  if (ids.length >= 1 && ids.length <= MOST_GROUPS_OF_APP) return { visibility, groups: ids };
  const message = say`An app that is for groups names 1 to ${MOST_GROUPS_OF_APP} of them.`;
  throw invalid("/groups", message, `${ids.length} groups`);
}

export function invalid(pointer: string, message: Words, found: string): Problem {
  return new Problem("invalid", "app.visibility_invalid", message, [
    { code: "app.visibility_invalid", message, pointer, found },
  ]);
}

export function audienceOf(group: GroupId): AudienceId {
  return group as string as AudienceId;
}

/** In whose catalogues an app with this visibility is. */
export function audiencesFor(visibility: Visibility): readonly Audience[] {
  switch (visibility.visibility) {
    case "everyone":
      return [EVERYBODY];
    case "signed-in":
      return [SIGNED_IN];
    case "groups":
      return visibility.groups.map(audienceOf);
  }
}

/** The other way round. */
export function visibilityOf(audiences: readonly Audience[]): Visibility {
  if (audiences.includes(EVERYBODY)) return TO_EVERYONE;
  if (audiences.includes(SIGNED_IN)) return { visibility: "signed-in" };
  const groups = audiences.filter((audience): audience is Audience & GroupId => isId("grp", audience));
  return { visibility: "groups", groups: [...groups].sort() };
}
