/* The panel's own behaviour: live console, confirmations, chat at its end. No dependency. */
(function () {
  "use strict";

  const KINDS = { connection: "conexión", message: "mensaje", error: "error", agent: "agente", mode: "modo" };
  const KEEP = 400;

  function startConsole(box) {
    const screen = box.querySelector(".mo-console");
    const seen = new Set();
    const hidden = new Set();
    let cursor = "";
    let paused = false;

    function show(line) {
      if (seen.has(line.key)) return;
      seen.add(line.key);
      const row = document.createElement("p");
      row.className = line.kind;
      row.hidden = hidden.has(line.kind);
      const time = document.createElement("time");
      time.textContent = line.at;
      const kind = document.createElement("span");
      kind.className = "k";
      kind.textContent = KINDS[line.kind] || line.kind;
      const text = document.createElement("span");
      text.textContent = line.text;
      row.append(time, kind, text);
      screen.append(row);
    }

    async function poll() {
      if (paused || document.hidden) return;
      let answer;
      try {
        answer = await fetch(box.dataset.console + "?after=" + cursor, { headers: { Accept: "application/json" } });
      } catch {
        return; // the network is away; the next turn tries again
      }
      if (answer.status !== 200) return;
      const news = await answer.json();
      const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40;
      const quiet = screen.querySelector(".mo-quiet");
      if (quiet) quiet.remove();
      cursor = news.cursor;
      news.lines.forEach(show);
      while (screen.children.length > KEEP) screen.firstElementChild.remove();
      if (atEnd) screen.scrollTop = screen.scrollHeight;
    }

    box.querySelectorAll("[data-kind]").forEach(function (button) {
      button.addEventListener("click", function () {
        const kind = button.dataset.kind;
        const off = hidden.has(kind) ? (hidden.delete(kind), false) : (hidden.add(kind), true);
        button.setAttribute("aria-pressed", String(!off));
        screen.querySelectorAll("p." + kind).forEach(function (row) { row.hidden = off; });
      });
    });
    const pause = box.querySelector("[data-pause]");
    pause.addEventListener("click", function () {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
      pause.firstElementChild.textContent = paused ? "play_arrow" : "pause";
      pause.lastElementChild.textContent = paused ? "Seguir" : "Pausar";
      if (!paused) poll();
    });
    poll();
    setInterval(poll, 2000);
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-console]").forEach(startConsole);
    const erred = document.querySelector("[data-section] .mo-error");
    const aimed = erred || (location.hash && document.querySelector(location.hash));
    const section = aimed && aimed.closest("[data-section]");
    if (section) {
      section.open = true;
      aimed.scrollIntoView({ block: "center" });
    }
    document.querySelectorAll("[data-to-end]").forEach(function (box) { box.scrollTop = box.scrollHeight; });
    document.querySelectorAll("td[data-label], th[data-label]").forEach(function (cell) {
      cell.dataset.label = cell.dataset.label.charAt(0).toUpperCase() + cell.dataset.label.slice(1);
    });
  });

  // New messages keep the reader at the end, unless they scrolled up to read.
  let followed = null;
  document.addEventListener("htmx:beforeSwap", function () {
    const box = document.querySelector("[data-to-end]");
    followed = box && box.scrollHeight - box.scrollTop - box.clientHeight < 80 ? box : null;
  });
  // News asked for before somebody opened a form must not close it; they come again when it is closed.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.target.id === "groups-live" && event.target.querySelector("details[open]")) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (followed) followed.scrollTop = followed.scrollHeight;
  });

  // Opening hours: slots are added from a template and taken away.
  document.addEventListener("click", function (event) {
    const day = event.target.closest("[data-day]");
    if (!day) return;
    const box = day.querySelector("[data-slots]");
    const template = box.querySelector("template");
    if (event.target.closest("[data-add]")) {
      box.insertBefore(template.content.cloneNode(true), template);
      const inputs = box.querySelectorAll("input");
      inputs[inputs.length - 2].focus();
    } else if (event.target.closest("[data-remove]")) {
      event.target.closest("[data-slot]").remove();
    } else {
      return;
    }
    box.querySelector("[data-closed]").hidden = Boolean(box.querySelector("[data-slot]"));
  });

  // A menu option's form shows only what its action uses.
  function showOnly(form) {
    const action = form.querySelector("[data-action]").value;
    form.querySelectorAll("[data-only]").forEach(function (part) {
      part.hidden = !part.dataset.only.split(" ").includes(action) && !part.querySelector(".mo-error");
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-action]")) showOnly(event.target.form);
  });
  document.addEventListener("htmx:load", function (event) {
    const form = event.target.matches("[data-option-form]") ? event.target : event.target.querySelector("[data-option-form]");
    if (form) {
      showOnly(form);
      form.querySelector("input:not([type=hidden])").focus();
    }
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    const close = event.target.closest("[data-close]");
    if (close) close.closest("form").remove();
    const copy = event.target.closest("[data-copy]");
    if (copy) copyText(document.querySelector(copy.dataset.copy), copy);
  });

  async function copyText(box, button) {
    try {
      await navigator.clipboard.writeText(box.textContent.trim());
      button.textContent = "Copiado";
    } catch { // not allowed without https: leave it selected, one Ctrl+C away
      window.getSelection().selectAllChildren(box);
    }
  }

  document.addEventListener("submit", function (event) {
    const question = event.target.dataset && event.target.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
})();
