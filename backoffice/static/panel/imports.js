/* A file that weighs too much is told before it travels, and nobody sends the same form twice. */
(function () {
  "use strict";

  function watch(form) {
    const input = form.querySelector("input[type=file]");
    const told = form.querySelector("[data-error]");
    const button = form.querySelector("[data-send]");

    function check() {
      const file = input.files[0];
      const heavy = Boolean(file && file.size > Number(form.dataset.mostBytes));
      input.setCustomValidity(heavy ? form.dataset.tooMuch : "");
      told.textContent = heavy ? form.dataset.tooMuch : "";
      input.closest(".mo-field").classList.toggle("mo-bad", heavy);
      return !heavy;
    }

    // In the capturing phase: unfold's own listener expects its own widget around the input, and breaks.
    document.addEventListener("change", function (event) {
      if (event.target !== input) return;
      event.stopPropagation();
      check();
    }, true);
    form.addEventListener("submit", function (event) {
      if (!check()) {
        event.preventDefault();
        return;
      }
      button.disabled = true;
      button.textContent = "Leyendo la planilla…";
    });
  }

  function once(form) {
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) return;
      form.querySelectorAll("button").forEach(function (button) { button.disabled = true; });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-import]").forEach(watch);
    document.querySelectorAll("form[data-once]").forEach(once);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload(); // back from the next page: its buttons work again
  });
})();
