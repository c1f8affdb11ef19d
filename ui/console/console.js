// What the console can do beyond its pages: news while it is open, time that runs, a key for the search.
// Nothing here is needed: every page works without it. Nothing is moved under anybody's hand either: news
// is announced, and shown when somebody asks for it.
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

function listen() {
  const news = document.getElementById("news");
  const open = document.getElementById("case");
  const seen = { fresh: new Set(), changed: new Set() };
  const source = new EventSource(`/live?after=${document.body.dataset.after}`);
  source.addEventListener("case", (event) => {
    const told = JSON.parse(event.data);
    if (told.new) seen.fresh.add(told.case);
    else if (!seen.fresh.has(told.case)) seen.changed.add(told.case);
    if (open && !told.new && String(told.case) === open.dataset.case) {
      document.getElementById("changed").hidden = false;
    }
    if (!news) return;
    const parts = [];
    if (seen.fresh.size) parts.push(say(news.dataset.new, { n: seen.fresh.size }));
    if (seen.changed.size) parts.push(say(news.dataset.changed, { n: seen.changed.size }));
    news.querySelector("span").textContent = parts.join(" · ");
    news.querySelector("a").hidden = false;
    news.classList.add("shown");
  });
  addEventListener("pagehide", () => source.close());
}

// Opening a case is a new page with the same list: the list stays where it was scrolled.
function keepPlace() {
  const list = `place${location.search}`;
  const from = document.referrer && new URL(document.referrer);
  const stayed = from && from.origin === location.origin && /^\/(inbox|cases\/)/.test(from.pathname);
  if (stayed && !location.hash) scrollTo(0, Number(sessionStorage.getItem(list) ?? 0));
  addEventListener("pagehide", () => sessionStorage.setItem(list, String(scrollY)));
}

// Nobody loses an answer by a click beside it.
function keepWords() {
  let sending = false;
  for (const form of document.forms) form.addEventListener("submit", () => { sending = true; });
  addEventListener("beforeunload", (event) => {
    const written = [...document.querySelectorAll(".case textarea")].some((t) => t.value !== t.defaultValue);
    if (written && !sending) event.preventDefault();
  });
}

addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("search").focus();
  }
});

document.getElementById("notice")?.focus();
keepPlace();
keepWords();
tick();
setInterval(tick, 20000);
listen();
