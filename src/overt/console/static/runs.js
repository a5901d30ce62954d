// Keeps the figures current. Without this script the page still works: reload it.
"use strict";
(() => {
  const live = document.getElementById("live");
  const text = document.getElementById("live-text");
  const runs = document.getElementById("runs");
  const EVERY = 5000;

  function say(state, words) {
    live.className = "live " + state;
    text.textContent = words;
  }
  async function refresh() {
    try {
      const answer = await fetch("/runs/rows", { cache: "no-store" });
      if (answer.status === 401) { say("off", "Signed out: sign in again"); return; }
      if (!answer.ok) throw new Error(answer.status);
      runs.innerHTML = await answer.text();
      say("on", "Live");
    } catch { say("off", "Not current: trying again"); }
    setTimeout(refresh, EVERY);
  }
  setTimeout(refresh, EVERY);
})();
