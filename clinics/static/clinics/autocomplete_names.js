/* The stock autocomplete shows a box of its own without a name: it is given the name of the field's label. */
"use strict";
window.addEventListener("load", () => {
  for (const field of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${field.id}"]`);
    if (label) {
      label.id = label.id || `${field.id}_label`;
      for (const box of field.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
        box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") || ""}`.trim());
      }
    }
  }
});
