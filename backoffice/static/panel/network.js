/* Forms of the network: only the fields that the choice above them needs. Without this script all of them are seen. */
(function () {
  "use strict";

  function showNeeded(select) {
    select.form.querySelectorAll("[data-for]").forEach(function (part) {
      part.hidden = !part.dataset.for.split(" ").includes(select.value);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("select[data-shows]").forEach(showNeeded);
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-shows]")) showNeeded(event.target);
  });
})();
