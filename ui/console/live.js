// News of cases while the console is open: a line of news, a count in the title, a sound for calls for help.
//
// News is announced and shown when somebody asks for it; only an urgent case comes into the list by itself, and not
// under a hand that is on it. When the connection fails, the line of news says so, and it is tried again with growing
// pauses. A page that is not shown listens only if no other page of this browser that is not shown does: a browser
// has few connections to one server.
"use strict";

const line = document.getElementById("news");
const title = document.title;
const news = { fresh: new Map(), changed: new Set(), state: "live" };
let last = Number(document.body.dataset.after);

const SILENCE_MS = 40000; // The server says something at least every 15 s.
const LONGEST_PAUSE_MS = 30000;

function tell() {
  const fresh = [...news.fresh.values()];
  const urgent = fresh.filter((told) => told.urgent);
  const parts = [];
  const add = (text, n) => n && parts.push(say(text, { n }));
  if (news.state !== "live") parts.push(line.dataset[news.state]);
  add(line.dataset.urgent, urgent.length);
  add(line.dataset.new, fresh.length - urgent.length);
  add(line.dataset.changed, news.changed.size);
  const text = parts.join(" · ");
  const [span, link] = line.children;
  if (span.textContent !== text) span.textContent = text;
  // One new case is opened; of several, the urgent one first, and the list shows the others.
  const first = urgent[0] ?? (fresh.length === 1 ? fresh[0] : null);
  const view = document.body.dataset.view;
  const signIn = news.state === "ended";
  link.hidden = !signIn && fresh.length + news.changed.size === 0;
  link.textContent = signIn ? line.dataset.signIn : line.dataset.show;
  link.href = signIn
    ? `/login?back=${encodeURIComponent(document.body.dataset.here)}`
    : first ? `/cases/${first.case}${view}`
    : fresh.length ? `/inbox?since=${document.body.dataset.after}` : document.body.dataset.here;
  line.classList.toggle("shown", parts.length > 0);
  line.classList.toggle("urgent", urgent.length > 0);
  line.classList.toggle("deaf", news.state !== "live");
  document.title = fresh.length ? `${urgent.length ? "❗" : ""}(${fresh.length}) ${title}` : title;
}

function hear(told) {
  last = told.id;
  if (told.new) news.fresh.set(told.case, told);
  else if (!news.fresh.has(told.case)) news.changed.add(told.case);
  const open = document.getElementById("case");
  if (open && !told.new && String(told.case) === open.dataset.case) {
    document.getElementById("changed").hidden = false;
  }
  if (told.new && told.call) ring(told);
  if (told.new && told.urgent) bringIn();
  tell();
}

// A hand on the list: the pointer moved over it, or pressed, just now.
let handOnList = 0;
for (const kind of ["pointermove", "pointerdown"]) {
  document.getElementById("list")?.addEventListener(kind, (event) => { handOnList = event.timeStamp; });
}

// This page as it would be now; none if it is not for this reader any more.
async function pageAsItIsNow() {
  const signal = AbortSignal.timeout(SILENCE_MS / 4);
  const reply = await fetch(document.body.dataset.here, { cache: "no-store", signal });
  if (!reply.ok || reply.redirected) return null;
  return new DOMParser().parseFromString(await reply.text(), "text/html");
}

// Puts the list as it is now in the place of the old one. The focus stays on its case.
async function bringIn() {
  if (!document.getElementById("list")) return;
  if (performance.now() - handOnList < 600) return void setTimeout(bringIn, 200);
  const page = await pageAsItIsNow().catch(() => null);
  if (!page) return;
  renewList(page);
  renewNavigation(page);
}

// The counts of the navigation; not while the focus is there.
function renewNavigation(page) {
  const navigation = document.querySelector(".navigation");
  if (navigation.contains(document.activeElement)) return;
  navigation.replaceChildren(...page.querySelector(".navigation").childNodes);
}

function renewList(page) {
  const [list, now] = [document.getElementById("list"), page.getElementById("list")];
  if (!list || !now) return;
  const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
  const [pane, height] = [scroller(), list.offsetHeight];
  list.replaceChildren(...now.childNodes);
  if (pane.scrollTop > 0) pane.scrollTop += list.offsetHeight - height;
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  tick();
}

// Reads server-sent events until the stream ends. Says whether it was one.
async function listen(signal) {
  const silent = new AbortController();
  const headless = setTimeout(() => silent.abort(), SILENCE_MS);
  const either = AbortSignal.any([signal, silent.signal]);
  const reply = await fetch(`/live?after=${last}`, { signal: either, cache: "no-store" })
    .finally(() => clearTimeout(headless));
  if (reply.status === 401) return "ended";
  if (!reply.ok) return "deaf";
  news.state = "live";
  tell();
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let [rest, state] = ["", "live"];
  for (;;) {
    const silence = setTimeout(() => { state = "deaf"; reader.cancel(); }, SILENCE_MS);
    const { value, done } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return state;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    for (const told of lines) if (told.startsWith("data: ")) hear(JSON.parse(told.slice(6)));
  }
}

// Listens until it is told to stop.
async function keepListening(signal) {
  let pause = 0;
  while (!signal.aborted) {
    const begun = performance.now();
    const state = await listen(signal).catch(() => "deaf");
    if (signal.aborted) return;
    news.state = state;
    tell();
    // The server ends a stream after minutes. One that ends at once is as good as none.
    if (state === "live" && performance.now() - begun > 5000) pause = 0;
    else pause = Math.min(LONGEST_PAUSE_MS, pause * 2 || 1000);
    if (pause) await pauseFor(pause * (1 + Math.random() / 4), signal);
  }
}

// Ends early when the network is back.
function pauseFor(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    addEventListener("online", resolve, { once: true, signal });
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); });
  });
}

let listening = new AbortController();
let left = false;
function listenAsShown() {
  listening.abort();
  if (left) return;
  listening = new AbortController();
  const { signal } = listening;
  if (!document.hidden) keepListening(signal);
  else navigator.locks?.request("listens unseen", { signal }, () => keepListening(signal)).catch(() => {});
}
document.addEventListener("visibilitychange", listenAsShown);
// A page that still listened, or waited for its turn, would not be kept for the button Back.
addEventListener("pagehide", () => { left = true; listening.abort(); });

// A page that the browser kept for its button Back is out of date, and its reader may have signed out: it is shown
// when it is as it would be now. Loading it again would do, but a page that nobody touched may not sound.
async function comeBack() {
  left = false;
  document.documentElement.hidden = true;
  const page = await pageAsItIsNow().catch(() => null);
  if (!page) return location.reload();
  renewList(page);
  const [panel, now] = [document.getElementById("case"), page.getElementById("case")];
  if (panel && now) {
    panel.replaceWith(now);
    keepWords(now);
  }
  renewNavigation(page);
  Object.assign(document.body.dataset, page.body.dataset);
  last = Number(page.body.dataset.after);
  news.fresh.clear();
  news.changed.clear();
  tell();
  document.documentElement.hidden = false;
  listenAsShown();
}
addEventListener("pageshow", (event) => { if (event.persisted) comeBack(); });

// The sound: allowed once by a button, remembered in this browser. A browser lets a page sound only after a click
// or a key; until then the button says so.
const button = document.getElementById("sound");
let audio = null;
const allowed = () => localStorage.getItem("sound") === "on";

function showSound() {
  const state = !allowed() ? "off" : audio?.state === "running" ? "on" : "waits";
  button.hidden = false;
  button.textContent = button.dataset[state];
  button.className = state;
  button.setAttribute("aria-pressed", String(allowed()));
}

function prepareSound() {
  if (!allowed()) return;
  audio ??= new AudioContext();
  audio.onstatechange = showSound;
  audio.resume().then(showSound, showSound);
}

// Two notes; three times for an urgent call. Of several pages in this browser, one sounds.
function ring(told) {
  if (!allowed() || !audio) return;
  const sound = () => {
    for (let n = 0; n < (told.urgent ? 6 : 2); n += 1) note(n % 2 ? 659 : 880, audio.currentTime + n * 0.22);
  };
  if (!navigator.locks) return sound();
  navigator.locks.request(`rings ${told.id}`, { ifAvailable: true }, (mine) => {
    if (!mine) return null;
    sound();
    return new Promise((resolve) => { setTimeout(resolve, 3000); });
  });
}

function note(pitch, at) {
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.2);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + 0.2);
}

try {
  button.addEventListener("click", () => {
    localStorage.setItem("sound", allowed() && audio?.state === "running" ? "off" : "on");
    prepareSound();
    showSound();
    if (allowed()) ring({ id: "trial", urgent: false });
  });
  const touched = (event) => event.target !== button && prepareSound();
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched);
  prepareSound();
  showSound();
} catch {
  // There is no storage or no sound in this browser: the line of news remains.
}
listenAsShown();
