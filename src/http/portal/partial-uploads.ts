/**
 * `/uploads`: where the script of the upload page sends a package in parts, by the tus protocol; and the button that discards what is
 * left of one. What is refused is said in the page's language, for the script to show.
 */
import { isProblem } from "../../errors.ts";
import { problemHeaders, statusOf } from "../errors.ts";
import { problemJson } from "../reply.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { answerBegin, answerDiscard, answerPart, answerRead, PART_BODY, UPLOAD_PARAMS } from "../tus.ts";
import { refererPath } from "./addresses.ts";
import { goOn, pageContext } from "./page.ts";

const PATH = "/uploads";
const ONE = `${PATH}/:uploadId`;

async function saying(call: CallBase, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    // Who opens the address in a browser is shown a page like any other.
    if (!isProblem(error) || !call.request.headers.has("tus-resumable")) throw error;
    const detail = pageContext(call).say(error.words);
    return problemJson(
      { code: error.code, detail },
      { status: statusOf(error), headers: problemHeaders(error) },
    );
  }
}

export const partialUploadRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "version.upload",
    name: "beginUploadForm",
    summary: "Begin an upload in parts",
    handle: (call) => saying(call, () => answerBegin(call, PATH)),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "version.upload",
    name: "uploadStandingPage",
    summary: "How far an upload is",
    params: UPLOAD_PARAMS,
    handle: (call) => saying(call, () => answerRead(call)),
  }),
  defineRoute({
    area: "page",
    method: "PATCH",
    path: ONE,
    access: "version.upload",
    name: "continueUploadForm",
    summary: "Send bytes of an upload",
    params: UPLOAD_PARAMS,
    body: PART_BODY,
    handle: (call) => saying(call, () => answerPart(call)),
  }),
  defineRoute({
    area: "page",
    method: "DELETE",
    path: ONE,
    access: "version.upload",
    name: "removeUploadForm",
    summary: "Discard an upload",
    params: UPLOAD_PARAMS,
    handle: (call) => saying(call, () => answerDiscard(call)),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/discard`,
    access: "version.upload",
    name: "discardUploadForm",
    summary: "Discard an upload, by a button",
    params: UPLOAD_PARAMS,
    handle: async (call) => {
      await answerDiscard(call);
      return goOn(call, refererPath(call.request, call.info.origin) ?? "/upload", "upload_discarded");
    },
  }),
];
