// The code blocks of the documentation get their button from the page's <template data-copy-template>.
const equip = () => {
  const template = document.querySelector("[data-copy-template]");
  if (!template) return;
  for (const pre of document.querySelectorAll(".prose > pre")) {
    const block = document.createElement("div");
    block.className = "code-block";
    pre.replaceWith(block);
    block.append(pre, template.content.cloneNode(true));
  }
};

document.addEventListener("htmx:after:swap", equip);
equip();
