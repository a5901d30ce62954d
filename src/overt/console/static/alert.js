// Tells the reader when the alert on the page has changed; it never changes the page by itself,
// because somebody may be writing a reason.
"use strict";
(() => {
  const newer = document.getElementById("newer");
  if (!newer) return;
  const stream = new EventSource(newer.dataset.stream);
  stream.addEventListener("changed", () => { newer.hidden = false; });
})();
