/** Pages that follow what they show, with a stream in which nothing happens. */
import type { PageContext } from "../page.ts";
import { appPage, followsApp } from "../pages/app.tsx";
import type { AppProps } from "../pages/app-props.ts";
import { type ReviewProps, reviewPage } from "../pages/review.tsx";

export function followedApp(ctx: PageContext, props: AppProps): JSX.Element {
  return appPage(ctx, props, followsApp(props) ? "/events" : null);
}

export function followedReview(ctx: PageContext, props: ReviewProps): JSX.Element {
  return reviewPage(ctx, props, props.decided === null ? "/events" : null);
}
