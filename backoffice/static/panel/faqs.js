/* Frequent questions: put in order by dragging, or with the arrow buttons. Each change is kept at once. */
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", function () {
    const board = document.querySelector("[data-faqs]");
    if (!board) return;
    const told = board.querySelector("[data-told]");
    let dragged = null;
    let saving = Promise.resolve();

    function categories() {
      return Array.from(board.querySelectorAll("[data-category]"));
    }

    async function send() {
      const form = new FormData();
      form.append("csrfmiddlewaretoken", board.querySelector("[name=csrfmiddlewaretoken]").value);
      form.append("area", board.dataset.area);
      categories().forEach(function (category, place) {
        form.append("categoria", category.dataset.category);
        category.querySelectorAll("[data-faq]").forEach(function (row) { form.append("pregunta-" + place, row.dataset.faq); });
      });
      let kept = false;
      try {
        kept = (await fetch(board.dataset.url, { method: "POST", body: form, redirect: "manual" })).status === 204;
      } catch {
        kept = false; // the network is away
      }
      if (!kept) {
        window.alert("No se pudo guardar el orden. Volvemos a mostrar el que estaba.");
        window.location.reload();
      }
      return kept;
    }

    // One after the other, so that the last order is the one that stays.
    function save(row) {
      saving = saving.then(send).then(function (kept) {
        if (!kept) return;
        const rows = Array.from(row.parentElement.children);
        const category = row.closest("[data-category]").dataset.category;
        told.textContent = "Guardado: lugar " + (rows.indexOf(row) + 1) + " de " + rows.length + " en " + category + ".";
      });
    }

    function move(row, down) {
      const beside = down ? row.nextElementSibling : row.previousElementSibling;
      if (beside) {
        beside[down ? "after" : "before"](row);
        return true;
      }
      const all = categories();
      const other = all[all.indexOf(row.closest("[data-category]")) + (down ? 1 : -1)];
      if (!other) return false;
      other.querySelector(".mo-drop")[down ? "prepend" : "append"](row);
      return true;
    }

    board.addEventListener("click", function (event) {
      const button = event.target.closest("[data-up], [data-down]");
      if (!button) return;
      const row = button.closest("[data-faq]");
      if (move(row, "down" in button.dataset)) {
        button.focus();
        save(row);
      }
    });

    board.addEventListener("dragstart", function (event) {
      dragged = event.target.closest("[data-faq]");
      if (!dragged) return;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.dataset.faq);
      dragged.classList.add("mo-dragged");
    });
    board.addEventListener("dragover", function (event) {
      const list = dragged && event.target.closest("[data-category]");
      if (!list) return;
      event.preventDefault();
      const row = event.target.closest("[data-faq]");
      if (row === dragged) return;
      if (!row) {
        list.querySelector(".mo-drop").append(dragged);
        return;
      }
      const box = row.getBoundingClientRect();
      row[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
    });
    board.addEventListener("drop", function (event) { event.preventDefault(); });
    board.addEventListener("dragend", function () {
      if (!dragged) return;
      const row = dragged;
      dragged = null;
      row.classList.remove("mo-dragged");
      save(row);
    });
  });
})();
