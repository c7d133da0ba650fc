/** @jsxRuntime classic @jsx Html.createElement @jsxFrag Html.Fragment */
/** What there is to look at in development: the components in their states, and each sample of a page. Its own words are data. */
import { Html } from "@kitajs/html";
import { Card } from "../components/card.tsx";
import { PageHead } from "../layout/page-head.tsx";
import { Page } from "../layout/shell.tsx";
import type { PageContext } from "../page.ts";

type Entry = { readonly name: string; readonly path: string };

/** @param samples Each is served at its name. */
export function galleryIndexPage(ctx: PageContext, samples: readonly Entry[]): JSX.Element {
  const isOfComponents = ({ name }: Entry) => /^gallery(?:-|$)/.test(name);
  return (
    <Page ctx={ctx} title="Gallery">
      <PageHead
        ctx={ctx}
        title="Gallery"
        lead="The components in their states, and the pages with the data of their samples. Language and theme are chosen as in the store, at the end of the page, and hold for all of them; ?accent=rrggbb shows a page in another colour."
      />
      <Samples title="Components" samples={samples.filter(isOfComponents)} />
      <Samples title="Pages" samples={samples.filter((sample) => !isOfComponents(sample))} />
    </Page>
  );
}

function Samples(props: { title: string; samples: readonly Entry[] }): JSX.Element {
  const { title, samples } = props;
  return (
    <Card title={title}>
      <ul class="ticks">
        {samples.map(({ name, path }) => (
          <li>
            <a href={`/${name}`} safe>
              {name}
            </a>
            <p class="meta mono" safe>
              {path}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
