// @ts-nocheck: TypeScript knows no types for these files; each import is the path of a file, at run time too.
// Made by .ci/assets-list.ts (bun run assets). Do not edit.
import f0f7543a156e3 from "../assets/api/mosis.account.json" with { type: "file" };
import fa068c4f0e25b from "../assets/api/mosis.app.json" with { type: "file" };
import fb75944875705 from "../assets/api/mosis.audio.json" with { type: "file" };
import f210ddab202fc from "../assets/api/mosis.background.json" with { type: "file" };
import f0ef0f4539e08 from "../assets/api/mosis.bluetooth.json" with { type: "file" };
import f10f74244a6cf from "../assets/api/mosis.camera.json" with { type: "file" };
import f78ab50797879 from "../assets/api/mosis.clipboard.json" with { type: "file" };
import fd73345801d09 from "../assets/api/mosis.contacts.json" with { type: "file" };
import f0c30e4a04dcb from "../assets/api/mosis.files.json" with { type: "file" };
import f100006a5868e from "../assets/api/mosis.haptics.json" with { type: "file" };
import f00437f91fed9 from "../assets/api/mosis.location.json" with { type: "file" };
import ff3b5c862cdb6 from "../assets/api/mosis.log.json" with { type: "file" };
import f8706aa1fbad3 from "../assets/api/mosis.messages.json" with { type: "file" };
import f940ddc2479b2 from "../assets/api/mosis.microphone.json" with { type: "file" };
import f6524640d661f from "../assets/api/mosis.network.json" with { type: "file" };
import f573ab220630b from "../assets/api/mosis.notifications.json" with { type: "file" };
import fae9ba474643f from "../assets/api/mosis.phone.json" with { type: "file" };
import f0ff5fbd39cee from "../assets/api/mosis.sensors.json" with { type: "file" };
import f6cf1b5488dbe from "../assets/api/mosis.storage.json" with { type: "file" };
import f7a2aeaff1f0b from "../assets/api/mosis.system.json" with { type: "file" };
import fea3cdd0e8145 from "../assets/api/mosis.telemetry.json" with { type: "file" };
import ff4789c0ce176 from "../assets/api/mosis.timer.json" with { type: "file" };
import f6310cdb3eed8 from "../assets/api/mosis.ui.json" with { type: "file" };
import f073a6c379069 from "../assets/api/platform.json" with { type: "file" };
import f7bd1a6e40906 from "../assets/built/app.css" with { type: "file" };
import ffe7de84be421 from "../assets/built/app.js" with { type: "file" };
import f650aa8a0c283 from "../assets/built/conformance.tar.gz" with { type: "file" };
import fcfd492199e08 from "../assets/built/favicon.svg" with { type: "file" };
import f7ed6ebeba1ba from "../assets/built/htmx.js" with { type: "file" };
import f95591b5ae03e from "../assets/built/icons.svg" with { type: "file" };
import f195f70c643e8 from "../assets/built/inter.woff2" with { type: "file" };
import f2ed6e54bccd9 from "../assets/built/manifest.json" with { type: "file" };
import f27d90d93194c from "../assets/built/tus.js" with { type: "file" };
import f8ff09ca66e4c from "../assets/docs/concepts.md" with { type: "file" };
import fdd80f6756c97 from "../assets/docs/errors.md" with { type: "file" };
import f13c40c05acf8 from "../assets/docs/guides/administrator.md" with { type: "file" };
import fd232647f456a from "../assets/docs/guides/api-keys.md" with { type: "file" };
import f6ba76441fc12 from "../assets/docs/guides/audit-the-log.md" with { type: "file" };
import f36f955490681 from "../assets/docs/guides/ci.md" with { type: "file" };
import f1048b84b6366 from "../assets/docs/guides/developer.md" with { type: "file" };
import fa19dd9a1761c from "../assets/docs/guides/device.md" with { type: "file" };
import f3e7ddeec11f5 from "../assets/docs/guides/guessing.md" with { type: "file" };
import fe250380d8ee5 from "../assets/docs/guides/keys.md" with { type: "file" };
import fb3e607c25279 from "../assets/docs/guides/mail.md" with { type: "file" };
import ff964a6ece8dc from "../assets/docs/guides/notifications.md" with { type: "file" };
import ffdbd7d126172 from "../assets/docs/guides/private-apps.md" with { type: "file" };
import f281a291bf009 from "../assets/docs/guides/ratings.md" with { type: "file" };
import fcfd552f15d04 from "../assets/docs/guides/restricted-store.md" with { type: "file" };
import feb5c75206cef from "../assets/docs/guides/reviewer.md" with { type: "file" };
import fcf106c89cf30 from "../assets/docs/guides/second-factors.md" with { type: "file" };
import ffdaee8b7ffb6 from "../assets/docs/guides/set-up.md" with { type: "file" };
import f83afc7754c1c from "../assets/docs/guides/sign-in-with-a-provider.md" with { type: "file" };
import f71d5651bff40 from "../assets/docs/guides/signing-keys.md" with { type: "file" };
import f84329bfc3c97 from "../assets/docs/guides/store-front.md" with { type: "file" };
import fd356c7ec9a45 from "../assets/docs/guides/store-listing.md" with { type: "file" };
import f457887d10272 from "../assets/docs/guides/take-back.md" with { type: "file" };
import f0530f5f3d11c from "../assets/docs/guides/transfer-an-app.md" with { type: "file" };
import f29de1028b4bd from "../assets/docs/guides/verify-with-openssl.md" with { type: "file" };
import f0b9fb86fe236 from "../assets/docs/guides/your-data.md" with { type: "file" };
import fe5b677273cd7 from "../assets/docs/index.md" with { type: "file" };
import f1a03c61ec5f8 from "../assets/docs/pictures/app-page.webp" with { type: "file" };
import f65bc006898f5 from "../assets/docs/pictures/dashboard.webp" with { type: "file" };
import fea498ff5ca80 from "../assets/docs/pictures/findings.webp" with { type: "file" };
import fa57e0a39d5fd from "../assets/docs/pictures/new-app.webp" with { type: "file" };
import f1a33f7f814b4 from "../assets/docs/pictures/review-queue.webp" with { type: "file" };
import fca09ef158c5b from "../assets/docs/pictures/review.webp" with { type: "file" };
import f73fcc53f7675 from "../assets/docs/pictures/set-up.webp" with { type: "file" };
import f5d5af35554ff from "../assets/docs/pictures/settings.webp" with { type: "file" };
import f5cfbe49930a4 from "../assets/docs/pictures/store-front-dark.webp" with { type: "file" };
import f2a4b3e9b49cd from "../assets/docs/pictures/store-front.webp" with { type: "file" };
import f594e4f74d9ee from "../assets/docs/pictures/store-listing.webp" with { type: "file" };
import fb6110fe859ef from "../assets/docs/quick-start.md" with { type: "file" };
import fe2ae6319ab3a from "../assets/docs/reference/api.md" with { type: "file" };
import f84bc7cf0c073 from "../assets/docs/reference/api/accounts.md" with { type: "file" };
import f7c5b04a2d484 from "../assets/docs/reference/api/api-keys.md" with { type: "file" };
import f3bf7017da527 from "../assets/docs/reference/api/apps.md" with { type: "file" };
import f48f6e2d603aa from "../assets/docs/reference/api/audit-log.md" with { type: "file" };
import f94e3e8b0d731 from "../assets/docs/reference/api/catalogue.md" with { type: "file" };
import f9459cb00f878 from "../assets/docs/reference/api/developer-keys.md" with { type: "file" };
import f215ce8b0cacb from "../assets/docs/reference/api/devices.md" with { type: "file" };
import fe1a7af813560 from "../assets/docs/reference/api/groups.md" with { type: "file" };
import fc5d77c4df8e4 from "../assets/docs/reference/api/jobs.md" with { type: "file" };
import fbd8a1210e489 from "../assets/docs/reference/api/organisations.md" with { type: "file" };
import fa547cb9e7444 from "../assets/docs/reference/api/ratings.md" with { type: "file" };
import f8f2ce66faafc from "../assets/docs/reference/api/reports.md" with { type: "file" };
import fbb57b52ecaec from "../assets/docs/reference/api/review.md" with { type: "file" };
import f2100d4a044d6 from "../assets/docs/reference/api/revocation.md" with { type: "file" };
import f2783c45d7256 from "../assets/docs/reference/api/sign-in-of-programs.md" with { type: "file" };
import f9ee22643a887 from "../assets/docs/reference/api/store-front.md" with { type: "file" };
import f85ea85a446b2 from "../assets/docs/reference/api/store.md" with { type: "file" };
import f6a3c2fc79435 from "../assets/docs/reference/api/transfers.md" with { type: "file" };
import fde3b00adc888 from "../assets/docs/reference/api/trusted-publishing.md" with { type: "file" };
import fa9017090869c from "../assets/docs/reference/api/types.md" with { type: "file" };
import f6ea64fd98bfd from "../assets/docs/reference/api/uploads-in-parts.md" with { type: "file" };
import f206def595d93 from "../assets/docs/reference/api/versions.md" with { type: "file" };
import f636c9137a385 from "../assets/docs/reference/catalogue.md" with { type: "file" };
import ff9663b7cbc6d from "../assets/docs/reference/commands.md" with { type: "file" };
import f5e4c4e85b33c from "../assets/docs/reference/configuration.md" with { type: "file" };
import fccc24d2b19a0 from "../assets/docs/reference/data-model.md" with { type: "file" };
import f5bd92ff4fa29 from "../assets/docs/reference/enrolment.md" with { type: "file" };
import fdb2c6ecd1937 from "../assets/docs/reference/limits.md" with { type: "file" };
import f1226369cc190 from "../assets/docs/reference/manifest.md" with { type: "file" };
import fb5a463188e5b from "../assets/docs/reference/package-format.md" with { type: "file" };
import f4b640bc6c115 from "../assets/docs/reference/permissions.md" with { type: "file" };
import ff265afc94378 from "../assets/docs/reference/platform-api.md" with { type: "file" };
import f39c62e01ec18 from "../assets/docs/reference/rights.md" with { type: "file" };
import fc20ecdf61965 from "../assets/docs/reference/verdicts.md" with { type: "file" };
import f661be6eb3ec1 from "../assets/locales/ar.json" with { type: "file" };
import f152f6eaa7be9 from "../assets/locales/de.json" with { type: "file" };
import fc45b52a730c9 from "../assets/locales/en.json" with { type: "file" };
import f27c6a865f68a from "../assets/locales/sentences/ar.json" with { type: "file" };
import f780dac0dcdf4 from "../assets/locales/sentences/de.json" with { type: "file" };
import f0a81fce2aca7 from "../assets/samples/README.md" with { type: "file" };
import fea578c49a4ac from "../assets/samples/calculator-update/lib/keys.lua" with { type: "file" };
import f9da132556c9f from "../assets/samples/calculator-update/lib/operators.lua" with { type: "file" };
import fc17abb06da2c from "../assets/samples/calculator-update/lib/session.lua" with { type: "file" };
import f24a82b33ddfb from "../assets/samples/calculator-update/locales/de.json" with { type: "file" };
import f6184b334544f from "../assets/samples/calculator-update/locales/en.json" with { type: "file" };
import ff4ac9c74e6c4 from "../assets/samples/calculator-update/main.lua" with { type: "file" };
import ff484185ef46d from "../assets/samples/calculator-update/manifest.json" with { type: "file" };
import f2c8ff23b8935 from "../assets/samples/calculator-update/screenshots/percent-de.png" with { type: "file" };
import f52f9a32a56a8 from "../assets/samples/calculator-update/screenshots/roots.png" with { type: "file" };
import fb1e46e214973 from "../assets/samples/calculator-update/tests/suites.lua" with { type: "file" };
import f427e094fdaad from "../assets/samples/calculator-update/tests/update.lua" with { type: "file" };
import f892d0b892bfb from "../assets/samples/calculator-update/ui/main.rcss" with { type: "file" };
import fff0c644cbcb6 from "../assets/samples/calculator-update/ui/main.rml" with { type: "file" };
import fbd232e837e62 from "../assets/samples/calculator/.mosisignore" with { type: "file" };
import fbe85d641c5a2 from "../assets/samples/calculator/art/icon.svg" with { type: "file" };
import f937f275daf5e from "../assets/samples/calculator/icons/128.png" with { type: "file" };
import fbf122df2d753 from "../assets/samples/calculator/icons/256.png" with { type: "file" };
import fa6dd27606398 from "../assets/samples/calculator/icons/512.png" with { type: "file" };
import f60e1afa4b882 from "../assets/samples/calculator/icons/64.png" with { type: "file" };
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
import fe0463e3e1cd6 from "../assets/samples/calculator/screenshots/brackets.png" with { type: "file" };
import f4ea59df0b2e2 from "../assets/samples/calculator/screenshots/percent-de.png" with { type: "file" };
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
import f59a03250c8ba from "../assets/samples/listings/calculator.json" with { type: "file" };
import f0efd61f66d67 from "../assets/samples/listings/calculator/percent.png" with { type: "file" };
import f9d06f8d9c758 from "../assets/samples/listings/front.json" with { type: "file" };
import f34a984d8c69a from "../assets/samples/listings/notes.json" with { type: "file" };
import f343dd1bc887a from "../assets/samples/listings/notes/note.png" with { type: "file" };
import f82c7fd05c266 from "../assets/samples/listings/weather.json" with { type: "file" };
import f3694250117d0 from "../assets/samples/listings/weather/offline.png" with { type: "file" };
import f4c660121eb13 from "../assets/samples/notes/.mosisignore" with { type: "file" };
import f29958479dfba from "../assets/samples/notes/art/icon.svg" with { type: "file" };
import f8ba7d33cb32f from "../assets/samples/notes/icons/128.png" with { type: "file" };
import f36b30c5ce135 from "../assets/samples/notes/icons/256.png" with { type: "file" };
import fca95fd0a51f5 from "../assets/samples/notes/icons/512.png" with { type: "file" };
import fdecd9d99d1d1 from "../assets/samples/notes/icons/64.png" with { type: "file" };
import fd1ced50fbb05 from "../assets/samples/notes/lib/codec.lua" with { type: "file" };
import f0f8935e5b371 from "../assets/samples/notes/lib/listscreen.lua" with { type: "file" };
import f0f3e7b908e3a from "../assets/samples/notes/lib/markup.lua" with { type: "file" };
import f25dc29ef895c from "../assets/samples/notes/lib/migrate.lua" with { type: "file" };
import f0d544e66f82b from "../assets/samples/notes/lib/pager.lua" with { type: "file" };
import ffa00b92c43b2 from "../assets/samples/notes/lib/search.lua" with { type: "file" };
import f4c09036f56f7 from "../assets/samples/notes/lib/store.lua" with { type: "file" };
import fa4bd0295f7f6 from "../assets/samples/notes/lib/text.lua" with { type: "file" };
import fa6659cbb0880 from "../assets/samples/notes/lib/when.lua" with { type: "file" };
import f5a3586cce2d8 from "../assets/samples/notes/locales/de.json" with { type: "file" };
import fbd18b72de1f3 from "../assets/samples/notes/locales/en.json" with { type: "file" };
import f33e9e0f27254 from "../assets/samples/notes/main.lua" with { type: "file" };
import fa2ad5627b109 from "../assets/samples/notes/manifest.json" with { type: "file" };
import fec6f940acf14 from "../assets/samples/notes/screenshots/list.png" with { type: "file" };
import fb1f134a15144 from "../assets/samples/notes/screenshots/note-de.png" with { type: "file" };
import fc1213fad1045 from "../assets/samples/notes/tests/codec.lua" with { type: "file" };
import f23c432956b68 from "../assets/samples/notes/tests/device.lua" with { type: "file" };
import f458d920dfeb8 from "../assets/samples/notes/tests/harness.lua" with { type: "file" };
import f01777252f7a8 from "../assets/samples/notes/tests/locales.lua" with { type: "file" };
import feab27431e72d from "../assets/samples/notes/tests/main.lua" with { type: "file" };
import f733267e2de8a from "../assets/samples/notes/tests/markup.lua" with { type: "file" };
import f722f32ffa384 from "../assets/samples/notes/tests/migrate.lua" with { type: "file" };
import fc479081e852e from "../assets/samples/notes/tests/run.lua" with { type: "file" };
import fd3044a70edd9 from "../assets/samples/notes/tests/screens.lua" with { type: "file" };
import fde18a7d9b9b0 from "../assets/samples/notes/tests/search.lua" with { type: "file" };
import f0b738b0ac79a from "../assets/samples/notes/tests/store.lua" with { type: "file" };
import fb6170e769201 from "../assets/samples/notes/tests/suites.lua" with { type: "file" };
import f5f9eb81d012b from "../assets/samples/notes/tests/text.lua" with { type: "file" };
import ff38b9024f466 from "../assets/samples/notes/ui/list.rml" with { type: "file" };
import fc9e32a08a9e5 from "../assets/samples/notes/ui/note.rml" with { type: "file" };
import fa789b1518212 from "../assets/samples/notes/ui/notes.rcss" with { type: "file" };
import f3c66ea61ec64 from "../assets/samples/weather/.mosisignore" with { type: "file" };
import fcbdfa4c66cee from "../assets/samples/weather/art/icon.svg" with { type: "file" };
import f0354e0ac3123 from "../assets/samples/weather/art/sky.py" with { type: "file" };
import f8409da33cab3 from "../assets/samples/weather/art/sky.svg" with { type: "file" };
import f63439c9ebffd from "../assets/samples/weather/icons/128.png" with { type: "file" };
import f0f2f25cb157b from "../assets/samples/weather/icons/256.png" with { type: "file" };
import f09164b7ca6e5 from "../assets/samples/weather/icons/512.png" with { type: "file" };
import f76ba72abc15f from "../assets/samples/weather/icons/64.png" with { type: "file" };
import fd2ffb78475dd from "../assets/samples/weather/images/sky.png" with { type: "file" };
import fc56ebcd6833c from "../assets/samples/weather/lib/cache.lua" with { type: "file" };
import fd4c76eb846a4 from "../assets/samples/weather/lib/forecast.lua" with { type: "file" };
import f726b797891b0 from "../assets/samples/weather/lib/json.lua" with { type: "file" };
import f692c704458a5 from "../assets/samples/weather/lib/places.lua" with { type: "file" };
import f43221fd5f520 from "../assets/samples/weather/lib/request.lua" with { type: "file" };
import f5727d39a32a3 from "../assets/samples/weather/lib/retry.lua" with { type: "file" };
import f100b0e88441a from "../assets/samples/weather/lib/sky.lua" with { type: "file" };
import f1a6297046212 from "../assets/samples/weather/lib/units.lua" with { type: "file" };
import fc0cd1db75d86 from "../assets/samples/weather/locales/de.json" with { type: "file" };
import f7db38f1d028a from "../assets/samples/weather/locales/en.json" with { type: "file" };
import f755ded486756 from "../assets/samples/weather/main.lua" with { type: "file" };
import ffe4ad685f58e from "../assets/samples/weather/manifest.json" with { type: "file" };
import f3e8cda400653 from "../assets/samples/weather/screenshots/offline-de.png" with { type: "file" };
import f49fd7f7fadb2 from "../assets/samples/weather/screenshots/today.png" with { type: "file" };
import fa7541ce05389 from "../assets/samples/weather/tests/answers.lua" with { type: "file" };
import f5b3ba2b3edb8 from "../assets/samples/weather/tests/cache.lua" with { type: "file" };
import f60c6fd2e64b5 from "../assets/samples/weather/tests/device.lua" with { type: "file" };
import faea1cb4792c3 from "../assets/samples/weather/tests/forecast.lua" with { type: "file" };
import f7c999872e825 from "../assets/samples/weather/tests/harness.lua" with { type: "file" };
import fa0ce95e95eed from "../assets/samples/weather/tests/json.lua" with { type: "file" };
import fadb0abd4b7a1 from "../assets/samples/weather/tests/locales.lua" with { type: "file" };
import f2311c6f70e18 from "../assets/samples/weather/tests/main.lua" with { type: "file" };
import f1b1a991cb067 from "../assets/samples/weather/tests/places.lua" with { type: "file" };
import f7b353966694b from "../assets/samples/weather/tests/request.lua" with { type: "file" };
import fe92364e9f4d7 from "../assets/samples/weather/tests/retry.lua" with { type: "file" };
import fc712675519b2 from "../assets/samples/weather/tests/run.lua" with { type: "file" };
import f57a4204b0d1a from "../assets/samples/weather/tests/sky.lua" with { type: "file" };
import f9a0ba5f2fd3e from "../assets/samples/weather/tests/suites.lua" with { type: "file" };
import f4f4c8f3b17f4 from "../assets/samples/weather/tests/units.lua" with { type: "file" };
import f519936ae2ec7 from "../assets/samples/weather/ui/main.rcss" with { type: "file" };
import f8a6563cf102d from "../assets/samples/weather/ui/main.rml" with { type: "file" };
import feee084552d42 from "../assets/template/README.md" with { type: "file" };
import f3825e3b9c809 from "../assets/template/_gitignore" with { type: "file" };
import fb82027eeca16 from "../assets/template/_mosisignore" with { type: "file" };
import f65a110b11478 from "../assets/template/art/icon.svg" with { type: "file" };
import fa01959a36ba5 from "../assets/template/icons/128.png" with { type: "file" };
import fa87d4b8f9c9b from "../assets/template/icons/512.png" with { type: "file" };
import f52759c31fe38 from "../assets/template/icons/64.png" with { type: "file" };
import ffd0e37e8034c from "../assets/template/lib/counter.lua" with { type: "file" };
import fc16a3cf34433 from "../assets/template/locales/de.json" with { type: "file" };
import f1301c3288b3b from "../assets/template/locales/en.json" with { type: "file" };
import f488b142b623a from "../assets/template/main.lua" with { type: "file" };
import f56dc92c06b8d from "../assets/template/manifest.json" with { type: "file" };
import ffbaf9c6a05ea from "../assets/template/tests/counter.lua" with { type: "file" };
import f902a08120afa from "../assets/template/tests/device.lua" with { type: "file" };
import ff45ee1f2cc05 from "../assets/template/tests/harness.lua" with { type: "file" };
import f50f85a705c35 from "../assets/template/tests/main.lua" with { type: "file" };
import fa92ab556e5dc from "../assets/template/tests/run.lua" with { type: "file" };
import f2a6d9fc9f0b7 from "../assets/template/tests/suites.lua" with { type: "file" };
import fcaad196fcf38 from "../assets/template/ui/main.rcss" with { type: "file" };
import fb0c3363fd72a from "../assets/template/ui/main.rml" with { type: "file" };
import fef6e56e9e927 from "../migrations/0001_initial.sql" with { type: "file" };
import f166828ed20d3 from "../migrations/0002_log.sql" with { type: "file" };
import f754ccea665a3 from "../migrations/0003_store_keys.sql" with { type: "file" };
import ff98d2c092974 from "../migrations/0004_developer_keys.sql" with { type: "file" };
import f93e104514e00 from "../migrations/0005_revocations.sql" with { type: "file" };
import f1f9ddf585bbd from "../migrations/0006_deltas.sql" with { type: "file" };
import fd62fa49929d1 from "../migrations/0007_past_memberships.sql" with { type: "file" };
import f492e1967f205 from "../migrations/0008_open_requests.sql" with { type: "file" };
import fbdc2bc6db546 from "../migrations/0009_log_check.sql" with { type: "file" };
import f68eefa3ff9d4 from "../migrations/0010_hindered_recoveries.sql" with { type: "file" };
import f85f6b8c4ff03 from "../migrations/0011_audit.sql" with { type: "file" };
import f6d9f14cd4a4d from "../migrations/0012_audit_search.sql" with { type: "file" };
import facfb2e732d8d from "../migrations/0013_audit_check.sql" with { type: "file" };
import fae3bba8a151f from "../migrations/0014_links.sql" with { type: "file" };
import f82da8980784d from "../migrations/0015_mail.sql" with { type: "file" };
import f9599ef921847 from "../migrations/0016_narrowed_keys.sql" with { type: "file" };
import f0b4349d415f3 from "../migrations/0017_factors.sql" with { type: "file" };
import f95e7f456f049 from "../migrations/0018_identities.sql" with { type: "file" };
import f65ce512deed1 from "../migrations/0019_roles_anywhere.sql" with { type: "file" };
import f73c5ae5b1101 from "../migrations/0020_groups.sql" with { type: "file" };
import f309292052575 from "../migrations/0021_groups_and_devices.sql" with { type: "file" };
import f44d589352ef3 from "../migrations/0022_token_keys.sql" with { type: "file" };
import fa8bac37d3fc6 from "../migrations/0023_audiences.sql" with { type: "file" };
import f768ef8bb3fa9 from "../migrations/0024_narrowed_roles.sql" with { type: "file" };
import f33ef23c83aa0 from "../migrations/0025_trusted_publishers.sql" with { type: "file" };
import fa940abacbc1b from "../migrations/0026_enrolment.sql" with { type: "file" };
import f9c3bdc41c929 from "../migrations/0027_visibility.sql" with { type: "file" };
import fdf87f92b0a7f from "../migrations/0028_device_authorizations.sql" with { type: "file" };
import f258b1466a4bd from "../migrations/0029_deletions.sql" with { type: "file" };
import f36630f1babb4 from "../migrations/0030_group_apps.sql" with { type: "file" };
import f215dfda21a8b from "../migrations/0031_transfers.sql" with { type: "file" };
import f6f07fe9d245a from "../migrations/0032_groups_offered.sql" with { type: "file" };
import fc325d0870477 from "../migrations/0033_withheld_files.sql" with { type: "file" };
import f9914c9ea9917 from "../migrations/0034_transfers_ending.sql" with { type: "file" };
import f80f041dcb79d from "../migrations/0035_unseen_devices.sql" with { type: "file" };
import f77105fb079d7 from "../migrations/0036_disabled_accounts.sql" with { type: "file" };
import fa25003e791a2 from "../migrations/0037_begun_by.sql" with { type: "file" };
import f2a3fc32100b1 from "../migrations/0038_newest_shown.sql" with { type: "file" };
import f2aec91838ebf from "../migrations/0039_sealed_recoveries.sql" with { type: "file" };
import fe1c72b114369 from "../migrations/0040_sealed_approvals.sql" with { type: "file" };
import fe58fa4166d79 from "../migrations/0041_known_browsers.sql" with { type: "file" };
import f5cae98a00030 from "../migrations/0042_sealed_leaves.sql" with { type: "file" };
import faf97ea0b5df0 from "../migrations/0043_sealed_offers.sql" with { type: "file" };
import fbaa22ffe2df4 from "../migrations/0044_renewed_sessions.sql" with { type: "file" };
import f5ffe821925fe from "../migrations/0045_sealed_audiences.sql" with { type: "file" };
import f92c447d7abef from "../migrations/0046_running_days.sql" with { type: "file" };
import f0a9a287bf6ad from "../migrations/0047_codes_of_keys.sql" with { type: "file" };
import ff13b3d71f302 from "../migrations/0048_sealed_checks.sql" with { type: "file" };
import ff9b403118a77 from "../migrations/0049_holders_of_keys.sql" with { type: "file" };
import ff051070c171a from "../migrations/0050_sealed_revocations.sql" with { type: "file" };
import f4383d34585ab from "../migrations/0051_days_of_waiting.sql" with { type: "file" };
import f9cabfcf48df4 from "../migrations/0052_sealed_days.sql" with { type: "file" };
import f7bccd98d3321 from "../migrations/0053_given_mail.sql" with { type: "file" };
import f7442e42a8823 from "../migrations/0054_given_up_mail.sql" with { type: "file" };
import f5624631eed41 from "../migrations/0055_search.sql" with { type: "file" };
import f285e1e4efc6c from "../migrations/0056_language.sql" with { type: "file" };
import f9015a8d850b7 from "../migrations/0057_grow_only.sql" with { type: "file" };
import ffb510ce41ba4 from "../migrations/0058_yanked.sql" with { type: "file" };
import f17ec17eecb7c from "../migrations/0059_categories.sql" with { type: "file" };
import f418a1437993e from "../migrations/0060_installs.sql" with { type: "file" };
import ffa06019afeaa from "../migrations/0061_device_name_keys.sql" with { type: "file" };
import f2793df39803e from "../migrations/0062_shown_pictures.sql" with { type: "file" };
import fa816d55e468c from "../migrations/0063_job_priority.sql" with { type: "file" };
import f6e2034efaa53 from "../migrations/0064_listing.sql" with { type: "file" };
import fb9552f52df66 from "../migrations/0065_store_listings.sql" with { type: "file" };
import f8a38cf4ec24a from "../migrations/0066_search_by_audience.sql" with { type: "file" };
import fdc68d9a93168 from "../migrations/0067_identity_issuers.sql" with { type: "file" };
import f604e271e0cd7 from "../migrations/0068_collections.sql" with { type: "file" };
import f91531c24d8e7 from "../migrations/0069_language_of_messages.sql" with { type: "file" };
import fac9fd29cfc05 from "../migrations/0070_app_deletions.sql" with { type: "file" };
import fc73086801d80 from "../migrations/0071_partial_uploads.sql" with { type: "file" };
import f2a8a0dec4efb from "../migrations/0072_sessions_of_identities.sql" with { type: "file" };
import fe7b64a37bfcd from "../migrations/0073_listing_pictures.sql" with { type: "file" };
import fa3938daebe21 from "../migrations/0074_app_drafts.sql" with { type: "file" };
import f96da21a3cb06 from "../migrations/0075_storage_use.sql" with { type: "file" };
import f40a371bf6dae from "../migrations/0076_id_keys_again.sql" with { type: "file" };
import fd48605527faa from "../migrations/0077_started_checks.sql" with { type: "file" };
import f3737e900458e from "../migrations/0078_partial_uploads_by_account.sql" with { type: "file" };
import fca0eb06dbeae from "../migrations/0079_ratings.sql" with { type: "file" };
import f1a500b3d84a5 from "../migrations/0080_notifications.sql" with { type: "file" };
import f4acf7ec53b86 from "../migrations/0081_reports.sql" with { type: "file" };
import f84c96711ac41 from "../migrations/0082_jobs_by_state.sql" with { type: "file" };
import f4124988c3d6b from "../migrations/0083_ratings_kept.sql" with { type: "file" };
import ff150f789f9d3 from "../migrations/0084_search_descriptions.sql" with { type: "file" };
import fcf2713c6ac92 from "../migrations/0085_organisation_requests.sql" with { type: "file" };
import f90e29fa5e132 from "../migrations/0086_version_notes.sql" with { type: "file" };
import f224a9879a63a from "../migrations/0087_counted_lists.sql" with { type: "file" };
import f4390deb579b2 from "../migrations/0088_organisations_by_name.sql" with { type: "file" };
import f96f29420f5f0 from "../migrations/0089_waiting_by_app.sql" with { type: "file" };
import fee5f8e13bc5e from "../migrations/0090_organisation_names.sql" with { type: "file" };
import fe15b6bcd1dbc from "../migrations/0091_time_zone.sql" with { type: "file" };
import f2fcaa7b4ba36 from "../migrations/0092_publisher_apps.sql" with { type: "file" };
import fee0cd59e821c from "../migrations/0093_lineage_by_owner.sql" with { type: "file" };
import f7d32d08b6d36 from "../migrations/0094_sorted_lists.sql" with { type: "file" };
import f2acb5cc86912 from "../migrations/0095_app_lists.sql" with { type: "file" };
import f1874d567894b from "../migrations/0096_first_deletion.sql" with { type: "file" };
import fc1231ca97d39 from "../migrations/0097_own_language.sql" with { type: "file" };
import f7595a5c2ef63 from "../migrations/0098_newest_by_code.sql" with { type: "file" };
import f45ea32e2f48e from "../migrations/0099_told_ends.sql" with { type: "file" };
import ff5d0dae9f98a from "../migrations/0100_store_troubles.sql" with { type: "file" };
import f833098d531f7 from "../migrations/0101_people_words.sql" with { type: "file" };
import f5712febdd157 from "../migrations/0102_search_in_category.sql" with { type: "file" };

/** Name below assets/ (or migrations/…) and where the file is: on the disk, or inside the executable. */
export const embedded: ReadonlyArray<readonly [name: string, path: string]> = [
  ["api/mosis.account.json", f0f7543a156e3],
  ["api/mosis.app.json", fa068c4f0e25b],
  ["api/mosis.audio.json", fb75944875705],
  ["api/mosis.background.json", f210ddab202fc],
  ["api/mosis.bluetooth.json", f0ef0f4539e08],
  ["api/mosis.camera.json", f10f74244a6cf],
  ["api/mosis.clipboard.json", f78ab50797879],
  ["api/mosis.contacts.json", fd73345801d09],
  ["api/mosis.files.json", f0c30e4a04dcb],
  ["api/mosis.haptics.json", f100006a5868e],
  ["api/mosis.location.json", f00437f91fed9],
  ["api/mosis.log.json", ff3b5c862cdb6],
  ["api/mosis.messages.json", f8706aa1fbad3],
  ["api/mosis.microphone.json", f940ddc2479b2],
  ["api/mosis.network.json", f6524640d661f],
  ["api/mosis.notifications.json", f573ab220630b],
  ["api/mosis.phone.json", fae9ba474643f],
  ["api/mosis.sensors.json", f0ff5fbd39cee],
  ["api/mosis.storage.json", f6cf1b5488dbe],
  ["api/mosis.system.json", f7a2aeaff1f0b],
  ["api/mosis.telemetry.json", fea3cdd0e8145],
  ["api/mosis.timer.json", ff4789c0ce176],
  ["api/mosis.ui.json", f6310cdb3eed8],
  ["api/platform.json", f073a6c379069],
  ["built/app.css", f7bd1a6e40906],
  ["built/app.js", ffe7de84be421],
  ["built/conformance.tar.gz", f650aa8a0c283],
  ["built/favicon.svg", fcfd492199e08],
  ["built/htmx.js", f7ed6ebeba1ba],
  ["built/icons.svg", f95591b5ae03e],
  ["built/inter.woff2", f195f70c643e8],
  ["built/manifest.json", f2ed6e54bccd9],
  ["built/tus.js", f27d90d93194c],
  ["docs/concepts.md", f8ff09ca66e4c],
  ["docs/errors.md", fdd80f6756c97],
  ["docs/guides/administrator.md", f13c40c05acf8],
  ["docs/guides/api-keys.md", fd232647f456a],
  ["docs/guides/audit-the-log.md", f6ba76441fc12],
  ["docs/guides/ci.md", f36f955490681],
  ["docs/guides/developer.md", f1048b84b6366],
  ["docs/guides/device.md", fa19dd9a1761c],
  ["docs/guides/guessing.md", f3e7ddeec11f5],
  ["docs/guides/keys.md", fe250380d8ee5],
  ["docs/guides/mail.md", fb3e607c25279],
  ["docs/guides/notifications.md", ff964a6ece8dc],
  ["docs/guides/private-apps.md", ffdbd7d126172],
  ["docs/guides/ratings.md", f281a291bf009],
  ["docs/guides/restricted-store.md", fcfd552f15d04],
  ["docs/guides/reviewer.md", feb5c75206cef],
  ["docs/guides/second-factors.md", fcf106c89cf30],
  ["docs/guides/set-up.md", ffdaee8b7ffb6],
  ["docs/guides/sign-in-with-a-provider.md", f83afc7754c1c],
  ["docs/guides/signing-keys.md", f71d5651bff40],
  ["docs/guides/store-front.md", f84329bfc3c97],
  ["docs/guides/store-listing.md", fd356c7ec9a45],
  ["docs/guides/take-back.md", f457887d10272],
  ["docs/guides/transfer-an-app.md", f0530f5f3d11c],
  ["docs/guides/verify-with-openssl.md", f29de1028b4bd],
  ["docs/guides/your-data.md", f0b9fb86fe236],
  ["docs/index.md", fe5b677273cd7],
  ["docs/pictures/app-page.webp", f1a03c61ec5f8],
  ["docs/pictures/dashboard.webp", f65bc006898f5],
  ["docs/pictures/findings.webp", fea498ff5ca80],
  ["docs/pictures/new-app.webp", fa57e0a39d5fd],
  ["docs/pictures/review-queue.webp", f1a33f7f814b4],
  ["docs/pictures/review.webp", fca09ef158c5b],
  ["docs/pictures/set-up.webp", f73fcc53f7675],
  ["docs/pictures/settings.webp", f5d5af35554ff],
  ["docs/pictures/store-front-dark.webp", f5cfbe49930a4],
  ["docs/pictures/store-front.webp", f2a4b3e9b49cd],
  ["docs/pictures/store-listing.webp", f594e4f74d9ee],
  ["docs/quick-start.md", fb6110fe859ef],
  ["docs/reference/api.md", fe2ae6319ab3a],
  ["docs/reference/api/accounts.md", f84bc7cf0c073],
  ["docs/reference/api/api-keys.md", f7c5b04a2d484],
  ["docs/reference/api/apps.md", f3bf7017da527],
  ["docs/reference/api/audit-log.md", f48f6e2d603aa],
  ["docs/reference/api/catalogue.md", f94e3e8b0d731],
  ["docs/reference/api/developer-keys.md", f9459cb00f878],
  ["docs/reference/api/devices.md", f215ce8b0cacb],
  ["docs/reference/api/groups.md", fe1a7af813560],
  ["docs/reference/api/jobs.md", fc5d77c4df8e4],
  ["docs/reference/api/organisations.md", fbd8a1210e489],
  ["docs/reference/api/ratings.md", fa547cb9e7444],
  ["docs/reference/api/reports.md", f8f2ce66faafc],
  ["docs/reference/api/review.md", fbb57b52ecaec],
  ["docs/reference/api/revocation.md", f2100d4a044d6],
  ["docs/reference/api/sign-in-of-programs.md", f2783c45d7256],
  ["docs/reference/api/store-front.md", f9ee22643a887],
  ["docs/reference/api/store.md", f85ea85a446b2],
  ["docs/reference/api/transfers.md", f6a3c2fc79435],
  ["docs/reference/api/trusted-publishing.md", fde3b00adc888],
  ["docs/reference/api/types.md", fa9017090869c],
  ["docs/reference/api/uploads-in-parts.md", f6ea64fd98bfd],
  ["docs/reference/api/versions.md", f206def595d93],
  ["docs/reference/catalogue.md", f636c9137a385],
  ["docs/reference/commands.md", ff9663b7cbc6d],
  ["docs/reference/configuration.md", f5e4c4e85b33c],
  ["docs/reference/data-model.md", fccc24d2b19a0],
  ["docs/reference/enrolment.md", f5bd92ff4fa29],
  ["docs/reference/limits.md", fdb2c6ecd1937],
  ["docs/reference/manifest.md", f1226369cc190],
  ["docs/reference/package-format.md", fb5a463188e5b],
  ["docs/reference/permissions.md", f4b640bc6c115],
  ["docs/reference/platform-api.md", ff265afc94378],
  ["docs/reference/rights.md", f39c62e01ec18],
  ["docs/reference/verdicts.md", fc20ecdf61965],
  ["locales/ar.json", f661be6eb3ec1],
  ["locales/de.json", f152f6eaa7be9],
  ["locales/en.json", fc45b52a730c9],
  ["locales/sentences/ar.json", f27c6a865f68a],
  ["locales/sentences/de.json", f780dac0dcdf4],
  ["samples/README.md", f0a81fce2aca7],
  ["samples/calculator-update/lib/keys.lua", fea578c49a4ac],
  ["samples/calculator-update/lib/operators.lua", f9da132556c9f],
  ["samples/calculator-update/lib/session.lua", fc17abb06da2c],
  ["samples/calculator-update/locales/de.json", f24a82b33ddfb],
  ["samples/calculator-update/locales/en.json", f6184b334544f],
  ["samples/calculator-update/main.lua", ff4ac9c74e6c4],
  ["samples/calculator-update/manifest.json", ff484185ef46d],
  ["samples/calculator-update/screenshots/percent-de.png", f2c8ff23b8935],
  ["samples/calculator-update/screenshots/roots.png", f52f9a32a56a8],
  ["samples/calculator-update/tests/suites.lua", fb1e46e214973],
  ["samples/calculator-update/tests/update.lua", f427e094fdaad],
  ["samples/calculator-update/ui/main.rcss", f892d0b892bfb],
  ["samples/calculator-update/ui/main.rml", fff0c644cbcb6],
  ["samples/calculator/.mosisignore", fbd232e837e62],
  ["samples/calculator/art/icon.svg", fbe85d641c5a2],
  ["samples/calculator/icons/128.png", f937f275daf5e],
  ["samples/calculator/icons/256.png", fbf122df2d753],
  ["samples/calculator/icons/512.png", fa6dd27606398],
  ["samples/calculator/icons/64.png", f60e1afa4b882],
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
  ["samples/calculator/screenshots/brackets.png", fe0463e3e1cd6],
  ["samples/calculator/screenshots/percent-de.png", f4ea59df0b2e2],
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
  ["samples/listings/calculator.json", f59a03250c8ba],
  ["samples/listings/calculator/percent.png", f0efd61f66d67],
  ["samples/listings/front.json", f9d06f8d9c758],
  ["samples/listings/notes.json", f34a984d8c69a],
  ["samples/listings/notes/note.png", f343dd1bc887a],
  ["samples/listings/weather.json", f82c7fd05c266],
  ["samples/listings/weather/offline.png", f3694250117d0],
  ["samples/notes/.mosisignore", f4c660121eb13],
  ["samples/notes/art/icon.svg", f29958479dfba],
  ["samples/notes/icons/128.png", f8ba7d33cb32f],
  ["samples/notes/icons/256.png", f36b30c5ce135],
  ["samples/notes/icons/512.png", fca95fd0a51f5],
  ["samples/notes/icons/64.png", fdecd9d99d1d1],
  ["samples/notes/lib/codec.lua", fd1ced50fbb05],
  ["samples/notes/lib/listscreen.lua", f0f8935e5b371],
  ["samples/notes/lib/markup.lua", f0f3e7b908e3a],
  ["samples/notes/lib/migrate.lua", f25dc29ef895c],
  ["samples/notes/lib/pager.lua", f0d544e66f82b],
  ["samples/notes/lib/search.lua", ffa00b92c43b2],
  ["samples/notes/lib/store.lua", f4c09036f56f7],
  ["samples/notes/lib/text.lua", fa4bd0295f7f6],
  ["samples/notes/lib/when.lua", fa6659cbb0880],
  ["samples/notes/locales/de.json", f5a3586cce2d8],
  ["samples/notes/locales/en.json", fbd18b72de1f3],
  ["samples/notes/main.lua", f33e9e0f27254],
  ["samples/notes/manifest.json", fa2ad5627b109],
  ["samples/notes/screenshots/list.png", fec6f940acf14],
  ["samples/notes/screenshots/note-de.png", fb1f134a15144],
  ["samples/notes/tests/codec.lua", fc1213fad1045],
  ["samples/notes/tests/device.lua", f23c432956b68],
  ["samples/notes/tests/harness.lua", f458d920dfeb8],
  ["samples/notes/tests/locales.lua", f01777252f7a8],
  ["samples/notes/tests/main.lua", feab27431e72d],
  ["samples/notes/tests/markup.lua", f733267e2de8a],
  ["samples/notes/tests/migrate.lua", f722f32ffa384],
  ["samples/notes/tests/run.lua", fc479081e852e],
  ["samples/notes/tests/screens.lua", fd3044a70edd9],
  ["samples/notes/tests/search.lua", fde18a7d9b9b0],
  ["samples/notes/tests/store.lua", f0b738b0ac79a],
  ["samples/notes/tests/suites.lua", fb6170e769201],
  ["samples/notes/tests/text.lua", f5f9eb81d012b],
  ["samples/notes/ui/list.rml", ff38b9024f466],
  ["samples/notes/ui/note.rml", fc9e32a08a9e5],
  ["samples/notes/ui/notes.rcss", fa789b1518212],
  ["samples/weather/.mosisignore", f3c66ea61ec64],
  ["samples/weather/art/icon.svg", fcbdfa4c66cee],
  ["samples/weather/art/sky.py", f0354e0ac3123],
  ["samples/weather/art/sky.svg", f8409da33cab3],
  ["samples/weather/icons/128.png", f63439c9ebffd],
  ["samples/weather/icons/256.png", f0f2f25cb157b],
  ["samples/weather/icons/512.png", f09164b7ca6e5],
  ["samples/weather/icons/64.png", f76ba72abc15f],
  ["samples/weather/images/sky.png", fd2ffb78475dd],
  ["samples/weather/lib/cache.lua", fc56ebcd6833c],
  ["samples/weather/lib/forecast.lua", fd4c76eb846a4],
  ["samples/weather/lib/json.lua", f726b797891b0],
  ["samples/weather/lib/places.lua", f692c704458a5],
  ["samples/weather/lib/request.lua", f43221fd5f520],
  ["samples/weather/lib/retry.lua", f5727d39a32a3],
  ["samples/weather/lib/sky.lua", f100b0e88441a],
  ["samples/weather/lib/units.lua", f1a6297046212],
  ["samples/weather/locales/de.json", fc0cd1db75d86],
  ["samples/weather/locales/en.json", f7db38f1d028a],
  ["samples/weather/main.lua", f755ded486756],
  ["samples/weather/manifest.json", ffe4ad685f58e],
  ["samples/weather/screenshots/offline-de.png", f3e8cda400653],
  ["samples/weather/screenshots/today.png", f49fd7f7fadb2],
  ["samples/weather/tests/answers.lua", fa7541ce05389],
  ["samples/weather/tests/cache.lua", f5b3ba2b3edb8],
  ["samples/weather/tests/device.lua", f60c6fd2e64b5],
  ["samples/weather/tests/forecast.lua", faea1cb4792c3],
  ["samples/weather/tests/harness.lua", f7c999872e825],
  ["samples/weather/tests/json.lua", fa0ce95e95eed],
  ["samples/weather/tests/locales.lua", fadb0abd4b7a1],
  ["samples/weather/tests/main.lua", f2311c6f70e18],
  ["samples/weather/tests/places.lua", f1b1a991cb067],
  ["samples/weather/tests/request.lua", f7b353966694b],
  ["samples/weather/tests/retry.lua", fe92364e9f4d7],
  ["samples/weather/tests/run.lua", fc712675519b2],
  ["samples/weather/tests/sky.lua", f57a4204b0d1a],
  ["samples/weather/tests/suites.lua", f9a0ba5f2fd3e],
  ["samples/weather/tests/units.lua", f4f4c8f3b17f4],
  ["samples/weather/ui/main.rcss", f519936ae2ec7],
  ["samples/weather/ui/main.rml", f8a6563cf102d],
  ["template/README.md", feee084552d42],
  ["template/_gitignore", f3825e3b9c809],
  ["template/_mosisignore", fb82027eeca16],
  ["template/art/icon.svg", f65a110b11478],
  ["template/icons/128.png", fa01959a36ba5],
  ["template/icons/512.png", fa87d4b8f9c9b],
  ["template/icons/64.png", f52759c31fe38],
  ["template/lib/counter.lua", ffd0e37e8034c],
  ["template/locales/de.json", fc16a3cf34433],
  ["template/locales/en.json", f1301c3288b3b],
  ["template/main.lua", f488b142b623a],
  ["template/manifest.json", f56dc92c06b8d],
  ["template/tests/counter.lua", ffbaf9c6a05ea],
  ["template/tests/device.lua", f902a08120afa],
  ["template/tests/harness.lua", ff45ee1f2cc05],
  ["template/tests/main.lua", f50f85a705c35],
  ["template/tests/run.lua", fa92ab556e5dc],
  ["template/tests/suites.lua", f2a6d9fc9f0b7],
  ["template/ui/main.rcss", fcaad196fcf38],
  ["template/ui/main.rml", fb0c3363fd72a],
  ["migrations/0001_initial.sql", fef6e56e9e927],
  ["migrations/0002_log.sql", f166828ed20d3],
  ["migrations/0003_store_keys.sql", f754ccea665a3],
  ["migrations/0004_developer_keys.sql", ff98d2c092974],
  ["migrations/0005_revocations.sql", f93e104514e00],
  ["migrations/0006_deltas.sql", f1f9ddf585bbd],
  ["migrations/0007_past_memberships.sql", fd62fa49929d1],
  ["migrations/0008_open_requests.sql", f492e1967f205],
  ["migrations/0009_log_check.sql", fbdc2bc6db546],
  ["migrations/0010_hindered_recoveries.sql", f68eefa3ff9d4],
  ["migrations/0011_audit.sql", f85f6b8c4ff03],
  ["migrations/0012_audit_search.sql", f6d9f14cd4a4d],
  ["migrations/0013_audit_check.sql", facfb2e732d8d],
  ["migrations/0014_links.sql", fae3bba8a151f],
  ["migrations/0015_mail.sql", f82da8980784d],
  ["migrations/0016_narrowed_keys.sql", f9599ef921847],
  ["migrations/0017_factors.sql", f0b4349d415f3],
  ["migrations/0018_identities.sql", f95e7f456f049],
  ["migrations/0019_roles_anywhere.sql", f65ce512deed1],
  ["migrations/0020_groups.sql", f73c5ae5b1101],
  ["migrations/0021_groups_and_devices.sql", f309292052575],
  ["migrations/0022_token_keys.sql", f44d589352ef3],
  ["migrations/0023_audiences.sql", fa8bac37d3fc6],
  ["migrations/0024_narrowed_roles.sql", f768ef8bb3fa9],
  ["migrations/0025_trusted_publishers.sql", f33ef23c83aa0],
  ["migrations/0026_enrolment.sql", fa940abacbc1b],
  ["migrations/0027_visibility.sql", f9c3bdc41c929],
  ["migrations/0028_device_authorizations.sql", fdf87f92b0a7f],
  ["migrations/0029_deletions.sql", f258b1466a4bd],
  ["migrations/0030_group_apps.sql", f36630f1babb4],
  ["migrations/0031_transfers.sql", f215dfda21a8b],
  ["migrations/0032_groups_offered.sql", f6f07fe9d245a],
  ["migrations/0033_withheld_files.sql", fc325d0870477],
  ["migrations/0034_transfers_ending.sql", f9914c9ea9917],
  ["migrations/0035_unseen_devices.sql", f80f041dcb79d],
  ["migrations/0036_disabled_accounts.sql", f77105fb079d7],
  ["migrations/0037_begun_by.sql", fa25003e791a2],
  ["migrations/0038_newest_shown.sql", f2a3fc32100b1],
  ["migrations/0039_sealed_recoveries.sql", f2aec91838ebf],
  ["migrations/0040_sealed_approvals.sql", fe1c72b114369],
  ["migrations/0041_known_browsers.sql", fe58fa4166d79],
  ["migrations/0042_sealed_leaves.sql", f5cae98a00030],
  ["migrations/0043_sealed_offers.sql", faf97ea0b5df0],
  ["migrations/0044_renewed_sessions.sql", fbaa22ffe2df4],
  ["migrations/0045_sealed_audiences.sql", f5ffe821925fe],
  ["migrations/0046_running_days.sql", f92c447d7abef],
  ["migrations/0047_codes_of_keys.sql", f0a9a287bf6ad],
  ["migrations/0048_sealed_checks.sql", ff13b3d71f302],
  ["migrations/0049_holders_of_keys.sql", ff9b403118a77],
  ["migrations/0050_sealed_revocations.sql", ff051070c171a],
  ["migrations/0051_days_of_waiting.sql", f4383d34585ab],
  ["migrations/0052_sealed_days.sql", f9cabfcf48df4],
  ["migrations/0053_given_mail.sql", f7bccd98d3321],
  ["migrations/0054_given_up_mail.sql", f7442e42a8823],
  ["migrations/0055_search.sql", f5624631eed41],
  ["migrations/0056_language.sql", f285e1e4efc6c],
  ["migrations/0057_grow_only.sql", f9015a8d850b7],
  ["migrations/0058_yanked.sql", ffb510ce41ba4],
  ["migrations/0059_categories.sql", f17ec17eecb7c],
  ["migrations/0060_installs.sql", f418a1437993e],
  ["migrations/0061_device_name_keys.sql", ffa06019afeaa],
  ["migrations/0062_shown_pictures.sql", f2793df39803e],
  ["migrations/0063_job_priority.sql", fa816d55e468c],
  ["migrations/0064_listing.sql", f6e2034efaa53],
  ["migrations/0065_store_listings.sql", fb9552f52df66],
  ["migrations/0066_search_by_audience.sql", f8a38cf4ec24a],
  ["migrations/0067_identity_issuers.sql", fdc68d9a93168],
  ["migrations/0068_collections.sql", f604e271e0cd7],
  ["migrations/0069_language_of_messages.sql", f91531c24d8e7],
  ["migrations/0070_app_deletions.sql", fac9fd29cfc05],
  ["migrations/0071_partial_uploads.sql", fc73086801d80],
  ["migrations/0072_sessions_of_identities.sql", f2a8a0dec4efb],
  ["migrations/0073_listing_pictures.sql", fe7b64a37bfcd],
  ["migrations/0074_app_drafts.sql", fa3938daebe21],
  ["migrations/0075_storage_use.sql", f96da21a3cb06],
  ["migrations/0076_id_keys_again.sql", f40a371bf6dae],
  ["migrations/0077_started_checks.sql", fd48605527faa],
  ["migrations/0078_partial_uploads_by_account.sql", f3737e900458e],
  ["migrations/0079_ratings.sql", fca0eb06dbeae],
  ["migrations/0080_notifications.sql", f1a500b3d84a5],
  ["migrations/0081_reports.sql", f4acf7ec53b86],
  ["migrations/0082_jobs_by_state.sql", f84c96711ac41],
  ["migrations/0083_ratings_kept.sql", f4124988c3d6b],
  ["migrations/0084_search_descriptions.sql", ff150f789f9d3],
  ["migrations/0085_organisation_requests.sql", fcf2713c6ac92],
  ["migrations/0086_version_notes.sql", f90e29fa5e132],
  ["migrations/0087_counted_lists.sql", f224a9879a63a],
  ["migrations/0088_organisations_by_name.sql", f4390deb579b2],
  ["migrations/0089_waiting_by_app.sql", f96f29420f5f0],
  ["migrations/0090_organisation_names.sql", fee5f8e13bc5e],
  ["migrations/0091_time_zone.sql", fe15b6bcd1dbc],
  ["migrations/0092_publisher_apps.sql", f2fcaa7b4ba36],
  ["migrations/0093_lineage_by_owner.sql", fee0cd59e821c],
  ["migrations/0094_sorted_lists.sql", f7d32d08b6d36],
  ["migrations/0095_app_lists.sql", f2acb5cc86912],
  ["migrations/0096_first_deletion.sql", f1874d567894b],
  ["migrations/0097_own_language.sql", fc1231ca97d39],
  ["migrations/0098_newest_by_code.sql", f7595a5c2ef63],
  ["migrations/0099_told_ends.sql", f45ea32e2f48e],
  ["migrations/0100_store_troubles.sql", ff5d0dae9f98a],
  ["migrations/0101_people_words.sql", f833098d531f7],
  ["migrations/0102_search_in_category.sql", f5712febdd157],
];
