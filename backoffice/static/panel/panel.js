/* The panel's own behaviour: live console, confirmations, chat at its end. No dependency. */
(function () {
  "use strict";

  const KINDS = { connection: "conexión", message: "mensaje", error: "error", agent: "agente", mode: "modo" };
  const KEEP = 400; // lines on the screen; more only while somebody reads the old ones
  const MOST = 4000;

  /** Whether somebody is selecting text inside `box`: nothing may be taken from under it. */
  function isSelecting(box) {
    const selection = window.getSelection();
    return Boolean(selection && !selection.isCollapsed && box.contains(selection.anchorNode));
  }

  function startConsole(box) {
    const screen = box.querySelector(".mo-console");
    const find = box.querySelector("[data-find]");
    const told = box.querySelector("[data-told]");
    const seen = new Set();
    const hidden = new Set();
    let cursor = "";
    let paused = false;
    let term = "";

    function isShown(row) {
      return !hidden.has(row.dataset.kind) && (!term || row.dataset.found === term || row.textContent.toLowerCase().includes(term));
    }

    function rowOf(line) {
      const row = document.createElement("p");
      row.className = line.kind;
      row.dataset.kind = line.kind;
      const time = document.createElement("time");
      time.textContent = line.at;
      const kind = document.createElement("span");
      kind.className = "k";
      kind.textContent = KINDS[line.kind] || line.kind;
      const text = document.createElement("span");
      text.textContent = line.text;
      row.append(time, kind, text);
      row.dataset.key = line.key;
      return row;
    }

    function show(line) {
      if (seen.has(line.key)) return;
      seen.add(line.key);
      const row = rowOf(line);
      row.hidden = !isShown(row);
      screen.append(row);
    }

    function filter() {
      const rows = screen.querySelectorAll("p[data-key]");
      let shown = 0;
      rows.forEach(function (row) {
        row.hidden = !isShown(row);
        if (!row.hidden) shown += 1;
      });
      told.textContent = rows.length && !shown ? "Nada de lo que pasó en el día coincide." : "";
    }

    function trim() {
      const rows = screen.querySelectorAll("p[data-key]");
      for (let place = 0; place < rows.length - KEEP; place += 1) {
        seen.delete(rows[place].dataset.key);
        rows[place].remove();
      }
    }

    async function ask(query) {
      try {
        const answer = await fetch(box.dataset.console + query, { headers: { Accept: "application/json" } });
        return answer.status === 200 && !answer.redirected ? await answer.json() : null;
      } catch {
        return null; // the network is away; the next turn tries again
      }
    }

    async function poll() {
      if (paused || document.hidden) return;
      const news = await ask("?after=" + cursor);
      if (!news || paused) return;
      const atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 40 && !isSelecting(screen);
      const quiet = screen.querySelector(".mo-quiet");
      if (quiet) quiet.remove();
      cursor = news.cursor;
      news.lines.forEach(show);
      if (atEnd) {
        trim();
        screen.scrollTop = screen.scrollHeight;
      } else if (screen.children.length > MOST) {
        trim();
      }
    }

    /** What is typed is looked for on the screen at once, and then in the whole day. */
    let typing = 0;
    async function search() {
      const wanted = find.value.trim().toLowerCase();
      term = wanted;
      filter();
      if (!wanted) screen.scrollTop = screen.scrollHeight;
      if (wanted.length < 2) return;
      const found = await ask("?q=" + encodeURIComponent(wanted));
      if (!found || term !== wanted) return;
      const present = new Map();
      screen.querySelectorAll("p[data-key]").forEach(function (row) { present.set(row.dataset.key, row); });
      const older = [];
      found.lines.forEach(function (line) {
        const row = present.get(line.key) || rowOf(line);
        row.dataset.found = wanted;
        if (!present.has(line.key) && !seen.has(line.key)) {
          seen.add(line.key);
          older.push(row);
        }
      });
      screen.prepend(...older);
      filter();
    }

    find.addEventListener("input", function () {
      clearTimeout(typing);
      typing = setTimeout(search, 300);
    });
    box.querySelectorAll("[data-kind].mo-filter").forEach(function (button) {
      button.addEventListener("click", function () {
        const kind = button.dataset.kind;
        const off = hidden.has(kind) ? (hidden.delete(kind), false) : (hidden.add(kind), true);
        button.setAttribute("aria-pressed", String(!off));
        filter();
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
  // The dashboard's news wait while somebody selects text in it, and leave open what was open.
  let opened = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.target.id !== "live") return;
    if (isSelecting(event.target)) event.detail.shouldSwap = false;
    opened = Array.from(event.target.querySelectorAll("details[open][id]"), function (box) { return box.id; });
  });
  document.addEventListener("htmx:afterSwap", function () {
    opened.forEach(function (id) {
      const box = document.getElementById(id);
      if (box) box.open = true;
    });
    opened = [];
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

  // The library that searches in long lists makes its own box, and gives it no name.
  function nameSearches() {
    document.querySelectorAll(".select2-selection:not([aria-label])").forEach(function (box) {
      const select = box.closest(".select2").previousElementSibling;
      const label = select && select.labels && select.labels[0];
      const name = label ? label.textContent.trim().replace(/\s*\*$/, "") : "Elegir";
      [box, ...box.querySelectorAll("[role=textbox]")].forEach((part) => part.setAttribute("aria-label", name));
    });
  }
  document.addEventListener("DOMContentLoaded", function () { // after the admin's own, which makes the boxes
    if (window.django && window.django.jQuery) window.django.jQuery(() => setTimeout(nameSearches));
  });
  document.addEventListener("formset:added", () => setTimeout(nameSearches));
})();
