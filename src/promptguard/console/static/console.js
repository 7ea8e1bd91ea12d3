// A session that has ended sends a page where a piece of one was asked for: then the whole page is loaded.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.responseURL && !event.detail.xhr.responseURL.includes("/decisions/new")) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});
