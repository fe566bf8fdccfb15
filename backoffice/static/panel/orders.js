/* Orders: «+» asks for the rest of a row once, and a filter that is chosen is sent at once. */
(function () {
  "use strict";

  async function fill(button, cell) {
    let answer;
    try {
      answer = await fetch(button.dataset.more, { headers: { "X-Requested-With": "fetch" } });
    } catch {
      answer = null;
    }
    if (!answer || !answer.ok || answer.redirected) {
      cell.textContent = "No se pudo traer. Cerralo y probá de nuevo.";
      return;
    }
    cell.innerHTML = await answer.text(); // ours, escaped by the template
    button.dataset.filled = "1";
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-more]");
    if (!button) return;
    const row = document.getElementById(button.getAttribute("aria-controls"));
    const opens = row.hidden;
    row.hidden = !opens;
    button.setAttribute("aria-expanded", String(opens));
    button.firstElementChild.textContent = opens ? "remove" : "add";
    if (opens && !button.dataset.filled) {
      row.firstElementChild.textContent = "Un momento…";
      fill(button, row.firstElementChild);
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("#orders-form [data-sends]")) event.target.form.requestSubmit();
  });

  // Filters that are empty say nothing in the address.
  document.addEventListener("submit", function (event) {
    if (event.target.id !== "orders-form") return;
    event.target.querySelectorAll("[name]").forEach(function (input) { input.disabled = !input.value; });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("#orders-form [name]").forEach(function (input) { input.disabled = false; });
  });
})();
