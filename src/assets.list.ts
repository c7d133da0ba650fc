// @ts-nocheck: TypeScript knows no types for these files; each import is the path of a file, at run time too.
// Made by .ci/assets-list.ts (bun run assets). Do not edit.
import f2ed6e54bccd9 from "../assets/built/manifest.json" with { type: "file" };
import fea578c49a4ac from "../assets/samples/calculator-update/lib/keys.lua" with { type: "file" };
import f9da132556c9f from "../assets/samples/calculator-update/lib/operators.lua" with { type: "file" };
import fc17abb06da2c from "../assets/samples/calculator-update/lib/session.lua" with { type: "file" };
import f24a82b33ddfb from "../assets/samples/calculator-update/locales/de.json" with { type: "file" };
import f6184b334544f from "../assets/samples/calculator-update/locales/en.json" with { type: "file" };
import ff4ac9c74e6c4 from "../assets/samples/calculator-update/main.lua" with { type: "file" };
import ff484185ef46d from "../assets/samples/calculator-update/manifest.json" with { type: "file" };
import fb1e46e214973 from "../assets/samples/calculator-update/tests/suites.lua" with { type: "file" };
import f427e094fdaad from "../assets/samples/calculator-update/tests/update.lua" with { type: "file" };
import f892d0b892bfb from "../assets/samples/calculator-update/ui/main.rcss" with { type: "file" };
import fff0c644cbcb6 from "../assets/samples/calculator-update/ui/main.rml" with { type: "file" };
import fbd232e837e62 from "../assets/samples/calculator/.mosisignore" with { type: "file" };
import f0239964d2687 from "../assets/samples/calculator/lib/evaluator.lua" with { type: "file" };
import f07076de98eec from "../assets/samples/calculator/lib/format.lua" with { type: "file" };
import fdb68621ab2e1 from "../assets/samples/calculator/lib/history.lua" with { type: "file" };
import f89b518b17d96 from "../assets/samples/calculator/lib/keys.lua" with { type: "file" };
import f895a69d478d7 from "../assets/samples/calculator/lib/operators.lua" with { type: "file" };
import f38d3edf4b939 from "../assets/samples/calculator/lib/parser.lua" with { type: "file" };
import f97801aa2fe80 from "../assets/samples/calculator/lib/session.lua" with { type: "file" };
import f0720f02ad1f0 from "../assets/samples/calculator/lib/tokenizer.lua" with { type: "file" };
import feb8a81b36d8b from "../assets/samples/calculator/locales/de.json" with { type: "file" };
import f73d19bd7b84f from "../assets/samples/calculator/locales/en.json" with { type: "file" };
import f5b4d0e0ef181 from "../assets/samples/calculator/main.lua" with { type: "file" };
import fb878c6edffa3 from "../assets/samples/calculator/manifest.json" with { type: "file" };
import f04257c4f6330 from "../assets/samples/calculator/tests/device.lua" with { type: "file" };
import ff093c0616973 from "../assets/samples/calculator/tests/evaluator.lua" with { type: "file" };
import f8f055a0609de from "../assets/samples/calculator/tests/format.lua" with { type: "file" };
import ffc345d000020 from "../assets/samples/calculator/tests/harness.lua" with { type: "file" };
import f62cef457d0b1 from "../assets/samples/calculator/tests/history.lua" with { type: "file" };
import f02410ac89b07 from "../assets/samples/calculator/tests/locales.lua" with { type: "file" };
import f1e22379738f7 from "../assets/samples/calculator/tests/main.lua" with { type: "file" };
import f6669ea3ecac4 from "../assets/samples/calculator/tests/parser.lua" with { type: "file" };
import f915523015736 from "../assets/samples/calculator/tests/run.lua" with { type: "file" };
import fb6feb10d2971 from "../assets/samples/calculator/tests/session.lua" with { type: "file" };
import f71857bc9b9d3 from "../assets/samples/calculator/tests/suites.lua" with { type: "file" };
import f6affa0387653 from "../assets/samples/calculator/tests/tokenizer.lua" with { type: "file" };
import f452328f7d443 from "../assets/samples/calculator/ui/main.rcss" with { type: "file" };
import f6cee6127cf26 from "../assets/samples/calculator/ui/main.rml" with { type: "file" };
import f4c660121eb13 from "../assets/samples/notes/.mosisignore" with { type: "file" };
import fd1ced50fbb05 from "../assets/samples/notes/lib/codec.lua" with { type: "file" };
import f0f3e7b908e3a from "../assets/samples/notes/lib/markup.lua" with { type: "file" };
import f25dc29ef895c from "../assets/samples/notes/lib/migrate.lua" with { type: "file" };
import ffa00b92c43b2 from "../assets/samples/notes/lib/search.lua" with { type: "file" };
import f4c09036f56f7 from "../assets/samples/notes/lib/store.lua" with { type: "file" };
import fa4bd0295f7f6 from "../assets/samples/notes/lib/text.lua" with { type: "file" };
import fa6659cbb0880 from "../assets/samples/notes/lib/when.lua" with { type: "file" };
import f23c432956b68 from "../assets/samples/notes/tests/device.lua" with { type: "file" };
import f458d920dfeb8 from "../assets/samples/notes/tests/harness.lua" with { type: "file" };
import fc479081e852e from "../assets/samples/notes/tests/run.lua" with { type: "file" };
import fef6e56e9e927 from "../migrations/0001_initial.sql" with { type: "file" };

/** Name below assets/ (or migrations/…) and where the file is: on the disk, or inside the executable. */
export const embedded: ReadonlyArray<readonly [name: string, path: string]> = [
  ["built/manifest.json", f2ed6e54bccd9],
  ["samples/calculator-update/lib/keys.lua", fea578c49a4ac],
  ["samples/calculator-update/lib/operators.lua", f9da132556c9f],
  ["samples/calculator-update/lib/session.lua", fc17abb06da2c],
  ["samples/calculator-update/locales/de.json", f24a82b33ddfb],
  ["samples/calculator-update/locales/en.json", f6184b334544f],
  ["samples/calculator-update/main.lua", ff4ac9c74e6c4],
  ["samples/calculator-update/manifest.json", ff484185ef46d],
  ["samples/calculator-update/tests/suites.lua", fb1e46e214973],
  ["samples/calculator-update/tests/update.lua", f427e094fdaad],
  ["samples/calculator-update/ui/main.rcss", f892d0b892bfb],
  ["samples/calculator-update/ui/main.rml", fff0c644cbcb6],
  ["samples/calculator/.mosisignore", fbd232e837e62],
  ["samples/calculator/lib/evaluator.lua", f0239964d2687],
  ["samples/calculator/lib/format.lua", f07076de98eec],
  ["samples/calculator/lib/history.lua", fdb68621ab2e1],
  ["samples/calculator/lib/keys.lua", f89b518b17d96],
  ["samples/calculator/lib/operators.lua", f895a69d478d7],
  ["samples/calculator/lib/parser.lua", f38d3edf4b939],
  ["samples/calculator/lib/session.lua", f97801aa2fe80],
  ["samples/calculator/lib/tokenizer.lua", f0720f02ad1f0],
  ["samples/calculator/locales/de.json", feb8a81b36d8b],
  ["samples/calculator/locales/en.json", f73d19bd7b84f],
  ["samples/calculator/main.lua", f5b4d0e0ef181],
  ["samples/calculator/manifest.json", fb878c6edffa3],
  ["samples/calculator/tests/device.lua", f04257c4f6330],
  ["samples/calculator/tests/evaluator.lua", ff093c0616973],
  ["samples/calculator/tests/format.lua", f8f055a0609de],
  ["samples/calculator/tests/harness.lua", ffc345d000020],
  ["samples/calculator/tests/history.lua", f62cef457d0b1],
  ["samples/calculator/tests/locales.lua", f02410ac89b07],
  ["samples/calculator/tests/main.lua", f1e22379738f7],
  ["samples/calculator/tests/parser.lua", f6669ea3ecac4],
  ["samples/calculator/tests/run.lua", f915523015736],
  ["samples/calculator/tests/session.lua", fb6feb10d2971],
  ["samples/calculator/tests/suites.lua", f71857bc9b9d3],
  ["samples/calculator/tests/tokenizer.lua", f6affa0387653],
  ["samples/calculator/ui/main.rcss", f452328f7d443],
  ["samples/calculator/ui/main.rml", f6cee6127cf26],
  ["samples/notes/.mosisignore", f4c660121eb13],
  ["samples/notes/lib/codec.lua", fd1ced50fbb05],
  ["samples/notes/lib/markup.lua", f0f3e7b908e3a],
  ["samples/notes/lib/migrate.lua", f25dc29ef895c],
  ["samples/notes/lib/search.lua", ffa00b92c43b2],
  ["samples/notes/lib/store.lua", f4c09036f56f7],
  ["samples/notes/lib/text.lua", fa4bd0295f7f6],
  ["samples/notes/lib/when.lua", fa6659cbb0880],
  ["samples/notes/tests/device.lua", f23c432956b68],
  ["samples/notes/tests/harness.lua", f458d920dfeb8],
  ["samples/notes/tests/run.lua", fc479081e852e],
  ["migrations/0001_initial.sql", fef6e56e9e927],
];
