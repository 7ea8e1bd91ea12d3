// A session that has ended sends a page where a piece of one was asked for: then the whole page is loaded.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.responseURL && !/\/decisions\/(new|same-prompt)\?/.test(event.detail.xhr.responseURL)) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});
