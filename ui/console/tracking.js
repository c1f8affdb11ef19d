// What a visitor types is kept in this tab until it is sent. A text that may have been sent already keeps the token of
// its form, so that sending it again stores nothing twice.
"use strict";

function keepWords(form) {
  const { words, token } = form.elements;
  const key = `words ${document.querySelector(".number").textContent}`;
  const keep = (sent) => {
    if (words.value === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify({ text: words.value, token: sent }));
  };
  if (document.querySelector(".thanks")) sessionStorage.removeItem(key);
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept && words.value === "") {
    words.value = kept.text;
    token.value = kept.token ?? token.value;
  }
  words.addEventListener("input", () => keep());
  form.addEventListener("submit", () => keep(token.value));
}

try {
  keepWords(document.querySelector("form"));
} catch {
  // There is no storage in this browser.
}
