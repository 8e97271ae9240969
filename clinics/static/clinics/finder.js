/* The search page answers a tick at once: htmx fetches the very page that the form's button leads to, and puts its form
   in the place of this one. What the visitor has opened, and where he was, stays. */
"use strict";
(function () {
    const opened = new Map();
    let place = null;

    function finder() {
        return document.getElementById("finder");
    }
    function topOf(element) {
        return element.getBoundingClientRect().top;
    }
    function folds() {  // a facet is known by the name of its boxes
        return Array.from(finder().querySelectorAll("details")).map(function (fold) {
            const box = fold.classList.contains("facet") ? fold.querySelector("input") : null;
            return [box ? box.name : fold.className, fold];
        });
    }
    function keepPlace() {
        const active = document.activeElement;
        place = finder().contains(active)
            ? {name: active.name, value: active.value, box: active.type === "checkbox", top: topOf(active)}
            : null;
        folds().forEach(function ([name, fold]) { opened.set(name, fold.open); });
    }
    function returnToPlace() {
        folds().forEach(function ([name, fold]) {
            if (opened.has(name)) {
                fold.open = opened.get(name);
            }
        });
        const results = document.getElementById("results");
        document.getElementById("told").textContent = results.dataset.told;
        if (place) {
            focusOn(Array.from(finder().elements).find(function (field) {
                return place.name && field.name === place.name && (!place.box || field.value === place.value);
            }), results);
        }
    }
    function focusOn(field, results) {  // from a button one goes on to what it found
        if (!field) {
            results.tabIndex = -1;
            results.focus();
            return;
        }
        if (!place.box) {
            field.value = place.value;  // what was typed meanwhile
        }
        field.focus({preventScroll: true});
        scrollBy({top: topOf(field) - place.top, behavior: "instant"});  // though the page was short meanwhile
    }
    function leaveOutTheEmpty(event) {  // of the address, which visitors share
        const body = event.detail.ctx.request.body;
        Array.from(new Set(body.keys())).forEach(function (name) {
            const given = body.getAll(name).filter(function (value) { return value !== ""; });
            body.delete(name);
            given.forEach(function (value) { body.append(name, value); });
        });
    }
    function goThere(event) {  // what is no page of results, the browser shows in its own way
        const request = event.detail.ctx && event.detail.ctx.request;
        if (request && !request.signal.aborted) {
            location.assign(request.action);
        }
    }
    document.addEventListener("submit", function (event) {  // to another page, as the browser goes there
        const to = event.submitter && new URL(event.submitter.formAction);
        if (to && to.pathname !== new URL(event.target.action).pathname) {
            event.stopPropagation();
        }
    }, true);
    document.addEventListener("htmx:config:request", leaveOutTheEmpty);
    document.addEventListener("htmx:before:request", function () { finder().setAttribute("aria-busy", "true"); });
    document.addEventListener("htmx:finally:request", function () { finder().removeAttribute("aria-busy"); });
    document.addEventListener("htmx:before:swap", keepPlace);
    document.addEventListener("htmx:after:swap", returnToPlace);
    document.addEventListener("htmx:response:error", goThere);
    document.addEventListener("htmx:error", goThere);
}());
