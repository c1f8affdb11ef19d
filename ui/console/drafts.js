// What is typed on the page of a case is kept in this browser until it is stored, or its reader signs out.
//
// A draft has the reader, the case and the field as its key, so that a colleague at the same desk does not see it.
// A draft that was sent carries the token of its form; once the page names that token, it is stored, and the draft
// goes. Without storage in the browser, leaving the page asks first.
"use strict";

const DRAFTS = `draft ${document.body.dataset.reader} `;
const WEEK = 7 * 24 * 3600 * 1000;

function drafts() {
  const keys = Array.from({ length: localStorage.length }, (_, n) => localStorage.key(n));
  return keys.filter((key) => key.startsWith("draft "));
}

function draft(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

// Nobody comes back for these.
function dropOld() {
  for (const key of drafts()) {
    if (!(Date.now() - draft(key)?.at < WEEK)) localStorage.removeItem(key);
  }
}

function dropOwn() {
  for (const key of drafts()) if (key.startsWith(DRAFTS)) localStorage.removeItem(key);
}

function keepWords(panel) {
  const done = panel.dataset.done.split(" ");
  const fields = [...panel.querySelectorAll("textarea")];
  const key = (field) => `${DRAFTS}${panel.dataset.case} ${field.name}`;
  let lost = false;
  const keep = (field, form) => {
    try {
      if (field.value.trim() === "") localStorage.removeItem(key(field));
      else localStorage.setItem(key(field), JSON.stringify({ text: field.value, at: Date.now(), form }));
      lost = false;
    } catch {
      lost = field.value !== field.defaultValue;
    }
  };
  for (const field of fields) {
    const kept = draft(key(field));
    if (kept && done.includes(kept.form)) localStorage.removeItem(key(field));
    else if (kept && field.value === "") {
      field.value = kept.text;
      field.closest("details")?.setAttribute("open", "");
      panel.querySelector(".restored").hidden = false;
    }
    if (field.value !== "") keep(field);
    field.addEventListener("input", () => keep(field));
  }
  // The token stands for the text that was sent first: other text under it is refused, and stays a draft.
  const first = {};
  panel.querySelector("form").addEventListener("submit", (event) => {
    const sent = event.submitter?.dataset.sends;
    for (const field of fields.filter((field) => field.name === sent)) {
      first[sent] ??= field.value;
      keep(field, first[sent] === field.value ? event.target.elements.token.value : undefined);
    }
    lost = false;
  });
  addEventListener("beforeunload", (event) => {
    if (lost && panel.isConnected) event.preventDefault();
  });
}

try {
  dropOld();
  document.querySelector("form.who").addEventListener("submit", dropOwn);
} catch {
  // There is no storage in this browser.
}
const panel = document.getElementById("case");
if (panel) keepWords(panel);
