// What a list is not narrowed by does not stand in its address.
document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { method, body } = ctx.request;
  if (method !== "GET" || !ctx.sourceElement.closest("form[role=search]")) return;
  const given = [...body].filter(([, value]) => value !== "");
  ctx.request.body = new URLSearchParams(given);
});
