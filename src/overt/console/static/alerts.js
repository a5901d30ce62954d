// Keeps the list of alerts current. Without this script the page still works: reload it.
"use strict";
(() => {
  const live = document.getElementById("live");
  const text = document.getElementById("live-text");
  const list = document.getElementById("alerts");
  let busy = false, again = false;

  function say(state, words) {
    live.className = "live " + state;
    text.textContent = words;
  }
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch("/alerts/rows", { cache: "no-store" });
      if (answer.status === 401) { say("off", "Signed out: sign in again"); return; }
      if (!answer.ok) throw new Error(answer.status);
      const focused = document.activeElement && document.activeElement.getAttribute("href");
      list.innerHTML = await answer.text();
      if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
      const sum = list.querySelector("[data-awaiting]");
      const awaiting = sum ? Number(sum.dataset.awaiting) : 0;
      document.title = (awaiting ? `(${awaiting}) ` : "") + "Alerts · overt";
      say("on", "Live");
    } catch { say("off", "Not current: trying again"); }
    finally {
      busy = false;
      if (again) { again = false; refresh(); }
    }
  }
  const stream = new EventSource(live.dataset.stream);
  stream.addEventListener("open", () => say("on", "Live"));
  stream.addEventListener("changed", refresh);
  stream.addEventListener("error", () => say("off", "Not live: trying again"));
})();
