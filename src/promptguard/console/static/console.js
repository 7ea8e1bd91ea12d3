// A session that has ended sends a page where a piece of one was asked for: then the whole page is loaded.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.responseURL && !/\/decisions\/(new|same-prompt)\?/.test(event.detail.xhr.responseURL)) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

// What people write is searched before it is kept, which takes some seconds: a second click would send it twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-stays")) return;
  if (form.getAttribute("aria-busy")) event.preventDefault();
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) form.removeAttribute("aria-busy");
});
