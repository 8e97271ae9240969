/* Keys for the page of a flag: j/k next and former, c confirm, d dismiss, 1-9 as what, l later, u undo, ? help.
   Everything they do can be done without them. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("decide-form");
  const typing = (target) => target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  const follow = (id) => { const link = document.getElementById(id); if (link) { link.click(); } };
  const choices = form ? [...form.querySelectorAll("input[name=decision]")] : [];
  const reach = (place) => {  // no further down than it has to be: the wording stays in sight
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  };
  const choose = (value) => {
    const found = choices.find((choice) => choice.value === value);
    if (found) { found.checked = true; reach(found); }
    return found;
  };
  const clear = () => choices.forEach((choice) => { choice.checked = false; });
  const dismissals = choices.filter((choice) => choice.value.startsWith("dismiss:"));
  const keys = {
    j: () => follow("next-flag"),
    k: () => follow("former-flag"),
    c: () => { if (choose("confirm")) { reach(form.querySelector("button[type=submit]")); } },
    d: () => { if (dismissals.length) { clear(); reach(dismissals[0]); } },  // as what, a digit or an arrow says
    l: () => { if (choose("defer")) { reach(form.querySelector("[name=until]")); } },
    u: () => { const undo = document.getElementById("undo-form"); if (undo) { undo.requestSubmit(); } },
    "?": () => { const help = document.getElementById("key-help"); if (help) { help.open = !help.open; } },
  };
  let sent = false;  // an impatient second Enter would meet the first one's decision as somebody else's
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("submit", (event) => {
    if (sent) { event.preventDefault(); }
    sent = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    const index = "123456789".indexOf(event.key);
    if (event.key.length === 1 && index >= 0 && dismissals[index]) {
      choose(dismissals[index].value);
      reach(form.querySelector("button[type=submit]"));
      event.preventDefault();
    } else if (keys[event.key]) {
      keys[event.key]();
      event.preventDefault();
    }
  });
});
