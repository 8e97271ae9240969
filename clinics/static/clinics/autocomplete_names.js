/* The stock autocomplete shows boxes of its own without a name: they are given the name of the field's label. */
"use strict";
const nameBoxes = () => {
  for (const field of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${field.id}"]`);
    const boxes = field.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered");
    for (const box of label ? boxes : []) {
      label.id = label.id || `${field.id}_label`;
      const named = box.getAttribute("aria-labelledby") || "";
      if (!named.split(" ").includes(label.id)) {
        box.setAttribute("aria-labelledby", `${label.id} ${named}`.trim());
      }
    }
  }
};
new MutationObserver(nameBoxes).observe(document.documentElement, { childList: true, subtree: true });
