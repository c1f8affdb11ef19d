// What the console can do beyond its pages: time that runs, keys, a list that stays where it was scrolled.
// Nothing here is needed: every page works without it.
"use strict";

const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// Time left, as the server writes it.
function timeLeft(due) {
  const minutes = Math.trunc((due * 1000 - Date.now()) / 60000);
  const late = due * 1000 < Date.now();
  const m = Math.abs(minutes);
  const time = m < 1440
    ? `${Math.trunc(m / 60)}:${String(m % 60).padStart(2, "0")}`
    : say(document.body.dataset.days, { d: Math.trunc(m / 1440), h: Math.trunc((m % 1440) / 60) });
  return {
    text: late ? say(document.body.dataset.late, { time }) : time,
    urgency: late ? "late" : minutes < 120 ? "soon" : "fine",
  };
}

// The clock of this computer may be wrong; the page was made by the server's. So time runs from what the
// page said, by as much as has passed since.
const ahead = Math.round(Date.now() / 1000) - Number(document.body.dataset.now);
function tick() {
  for (const cell of document.querySelectorAll("[data-due]")) {
    const { text, urgency } = timeLeft(Number(cell.dataset.due) + ahead);
    if (cell.textContent !== text) cell.textContent = text;
    cell.className = urgency;
  }
}

// What scrolls the list: beside a case its own pane, otherwise the page.
function scroller() {
  const pane = document.querySelector("main.with-case");
  return pane && getComputedStyle(pane).overflowY === "auto" ? pane : document.scrollingElement;
}

// Opening a case is a new page with the same list: the list stays where it was scrolled.
function keepPlace() {
  const list = `place${location.search}`;
  const from = document.referrer && new URL(document.referrer);
  const stayed = from && from.origin === location.origin && /^\/(inbox|cases\/)/.test(from.pathname);
  if (stayed && !location.hash) scroller().scrollTop = Number(sessionStorage.getItem(list) ?? 0);
  if (scroller() !== document.scrollingElement) {
    document.querySelector("tr.current")?.scrollIntoView({ block: "nearest" });
  }
  addEventListener("pagehide", () => sessionStorage.setItem(list, String(scroller().scrollTop)));
}

// A key goes to the search, another to the answer.
const KEYS = { "/": "search", a: "answer" };
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  const field = document.getElementById(KEYS[event.key] ?? "");
  if (!field || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});

// A second click on a slow line adds no second thing. What changes a case is safe without this.
const SLOW_MS = 10000;
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (event.timeStamp - Number(form.dataset.sentAt) < SLOW_MS) event.preventDefault();
    else form.dataset.sentAt = event.timeStamp;
  });
}

// The answer to a form stands at the address of its page: loading it again sends nothing again.
if (location.pathname !== document.body.dataset.here.split("?")[0]) {
  history.replaceState(null, "", document.body.dataset.here);
}
document.getElementById("notice")?.focus();
keepPlace();
tick();
setInterval(tick, 20000);
