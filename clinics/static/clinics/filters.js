/* On a wide page the filters begin open, unless they were closed before: the stock script remembers that by tab. */
"use strict";
{
  const all = document.querySelector("#changelist-filter > details");
  const known = JSON.parse(sessionStorage.getItem("django.admin.filtersState") || "{}");
  if (all && known[all.dataset.filterTitle] === undefined && window.matchMedia("(min-width: 1441px)").matches) {
    all.open = true;
  }
}
