/** Parts of pages that follow what they show: the address of a page's stream is its own with `/events` behind it. */
import { Type } from "@sinclair/typebox";
import type { PageContext } from "../../../views/page.ts";
import type { Topic } from "../../db/announcements.ts";
import { markOf } from "../live/mark.ts";
import { followReply } from "../live/stream.ts";
import type { CallBase } from "../route.ts";
import { pageContext } from "./page.ts";

const BEHIND = "/events";

/** A page's part, made of plain data. */
export type LivePart<Props> = {
  readonly props: (call: CallBase, ctx: () => PageContext) => Props;
  readonly view: (ctx: PageContext, props: Props) => JSX.Element;
  /** What changes it. */
  readonly topics: (props: Props) => readonly Topic[];
  /** As of a state: between two looks. */
  readonly gapMs?: number;
  /** Whether nothing follows any more. */
  readonly isLast?: (props: Props) => boolean;
};

/** What the query of a page's stream has besides that of the page. */
export const SEEN = { seen: Type.Optional(Type.String({ pattern: "^[0-9a-f]{16}$" })) };

/** Where a page follows its part, of which it shows these props. */
export function liveHref({ url }: Pick<CallBase, "url">, props: unknown): string {
  const query = new URLSearchParams(url.search);
  query.set("seen", markOf(props));
  return `${url.pathname}${BEHIND}?${query}`;
}

/** The events of a page's stream: each is its part as it is now, in the language of the page. */
export function followPart<Props>(
  call: CallBase & { readonly query: { readonly seen?: string } },
  part: LivePart<Props>,
): Response {
  const url = pageOf(call.url);
  return followReply(
    call,
    (now) => {
      const page = { ...now, url };
      // Most parts need it only to be written, which most looks do not come to.
      let made: PageContext | undefined;
      const ctx = () => {
        made ??= pageContext(page);
        return made;
      };
      const props = part.props(page, ctx);
      return {
        mark: markOf(props),
        topics: part.topics(props),
        isLast: part.isLast?.(props) === true,
        ...(part.gapMs === undefined ? {} : { gapMs: part.gapMs }),
        event: async () => ({ data: String(await part.view(ctx(), props)) }),
      };
    },
    call.query.seen,
  );
}

/** The page whose stream it is. */
function pageOf(stream: URL): URL {
  const page = new URL(stream);
  page.pathname = page.pathname.slice(0, -BEHIND.length);
  page.searchParams.delete("seen");
  return page;
}
