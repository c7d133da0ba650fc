// Everything that the pages gain with script. Listeners stand on the document, so that what htmx swaps in needs no
// setting up; each behaviour is asked for by a data attribute in the markup.
import "./code-blocks.js";
import "./copy.js";
import "./disclosure.js";
import "./filters.js";
import "./focus.js";
import "./notifications.js";
import "./passkey.js";
import "./print.js";
import "./sections.js";
import "./connection.js";
import "./live.js";
import "./unsaved.js";
import "./upload.js";

document.documentElement.classList.add("js");
