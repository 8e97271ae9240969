/* The stock admin's lists to choose from have no name for the ear: give each that of its own field. */
"use strict";
(function () {
    function nameOf(select) {
        const label = select.labels && select.labels[0];
        return select.getAttribute("aria-label") || (label ? label.textContent.trim().replace(/:$/, "") : select.name);
    }
    function nameAll() {
        document.querySelectorAll("select.admin-autocomplete").forEach(function (select) {
            const box = select.nextElementSibling;
            if (!box || !box.classList.contains("select2")) {
                return;
            }
            box.querySelectorAll("[role=combobox], [role=textbox]").forEach(function (part) {
                part.setAttribute("aria-label", nameOf(select));
                part.removeAttribute("aria-labelledby");
            });
        });
    }
    document.addEventListener("DOMContentLoaded", function () {  // the lists are built later, and with each new row
        new MutationObserver(nameAll).observe(document.body, {childList: true, subtree: true});
        nameAll();
    });
}());
