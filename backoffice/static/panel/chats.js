/* The desk stays fresh: new lines, ticks and whoever takes the case appear by themselves; what is typed is never lost. */
(function () {
  "use strict";

  const EVERY = 2000;
  const LIST_EVERY = 4000;
  const HIDDEN_EVERY = 10000;
  const title = document.title;
  const drafts = window.sessionStorage;

  const messages = () => document.getElementById("messages");
  const desk = () => document.getElementById("chat-desk");
  const list = () => document.getElementById("chat-list");
  const box = () => messages() && messages().closest("[data-to-end]");

  /* --- reading ------------------------------------------------------------------------------ */

  async function ask(url, values) {
    const address = new URL(url, location.href);
    Object.entries(values).forEach(([name, value]) => address.searchParams.set(name, value));
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (answer.status !== 200 || answer.redirected) return null;
      return new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return null; // the network is away; the next turn tries again
    }
  }

  let asking = null;

  /* One question at a time: who asks while another is under way waits for its end, and asks anew when it must. */
  async function refreshChat(force) {
    while (asking) {
      await asking;
      if (!force) return;
    }
    asking = readChat(force);
    try {
      await asking;
    } finally {
      asking = null;
    }
  }

  async function readChat(force) {
    const shown = messages();
    if (!shown || !shown.dataset.url) return;
    const values = { v: force ? "" : shown.dataset.v };
    if (!document.hidden) values.visto = "1";
    const news = await ask(shown.dataset.url, values);
    if (!news || !news.getElementById("messages")) return;
    reconcile(shown, news.getElementById("messages"));
    const fresh = news.getElementById("chat-desk");
    if (fresh && desk() && fresh.dataset.v !== desk().dataset.v) replaceDesk(fresh);
    const cases = document.getElementById("chat-cases");
    const now = news.getElementById("chat-cases");
    if (cases && now) cases.replaceWith(now);
  }

  /* Put each line in its place by its id, from the last to the first; what is there and looks the same stays. */
  function reconcile(shown, news) {
    let next = null;
    shown.querySelectorAll(":scope > .mo-empty").forEach((one) => one.remove());
    Array.from(news.children).reverse().forEach(function (line) {
      if (!line.id) return;
      const here = document.getElementById(line.id);
      if (here && here.dataset.v === line.dataset.v) {
        next = here;
        return;
      }
      if (here) here.replaceWith(line);
      else shown.insertBefore(line, next);
      next = line;
    });
    shown.dataset.v = news.dataset.v;
  }

  async function refreshList() {
    const shown = list();
    if (!shown) return;
    const news = await ask(shown.dataset.url, { v: shown.dataset.v });
    const fresh = news && news.getElementById("chat-list");
    if (!fresh || list() !== shown) return;
    const rows = shown.querySelector(".mo-desk-rows");
    const top = rows ? rows.scrollTop : 0;
    const focused = document.activeElement && shown.contains(document.activeElement) && document.activeElement.getAttribute("href");
    shown.replaceWith(fresh);
    fresh.querySelector(".mo-desk-rows").scrollTop = top;
    if (focused) {
      const same = Array.from(fresh.querySelectorAll("a")).find((link) => link.getAttribute("href") === focused);
      if (same) same.focus();
    }
    count();
  }

  function count() {
    const unread = Number((list() && list().dataset.unread) || 0);
    document.title = unread ? "(" + unread + ") " + title : title;
  }

  async function older(link) {
    const screen = box();
    const news = await ask(link.href, { parte: "1" });
    if (!news) return;
    const bottom = screen.scrollHeight - screen.scrollTop;
    const lines = Array.from(news.body.children);
    lines.forEach(function (line) {
      const twice = line.id && document.getElementById(line.id);
      if (twice) twice.remove(); // the day that both begin with
    });
    link.replaceWith.apply(link, lines);
    screen.scrollTop = screen.scrollHeight - bottom;
  }

  /* --- writing ------------------------------------------------------------------------------ */

  const nameOf = (field) => field.form.getAttribute("action") + " " + field.name;
  const typed = (root) => root.querySelectorAll("textarea, input[name=reason]");

  function replaceDesk(fresh) {
    const old = desk();
    const said = old.querySelector(".mo-desk-refused");
    old.replaceWith(fresh);
    if (!said.hidden) fresh.querySelector(".mo-desk-refused").replaceWith(said);
    restore();
  }

  function restore() {
    if (!desk()) return;
    typed(desk()).forEach(function (field) {
      const kept = drafts.getItem(nameOf(field));
      if (kept && !field.value) field.value = kept;
    });
  }

  function tell(text, done) {
    const place = desk() && desk().querySelector(".mo-desk-refused");
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
    place.classList.toggle("is-done", Boolean(done));
    if (done) setTimeout(function () { if (place.textContent === text) place.hidden = true; }, 4000);
  }

  async function send(form, submitter) {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    let answer;
    try {
      const reply = await fetch(form.getAttribute("action"), {
        method: "POST", body: new FormData(form, submitter), headers: { Accept: "application/json" },
      });
      answer = reply.ok && !reply.redirected ? await reply.json() : { refused: "No se pudo: volvé a cargar la página." };
    } catch {
      answer = { refused: "No hay conexión: lo que escribiste sigue acá. Probá de nuevo." };
    }
    delete form.dataset.busy;
    if (answer.refused) {
      tell(answer.refused, false);
    } else {
      typed(form).forEach((field) => drafts.removeItem(nameOf(field)));
      form.reset();
      showFile(form);
      const opened = form.closest("details");
      if (opened) opened.open = false;
      tell(answer.done, true);
    }
    await refreshChat(true);
    refreshList();
    if (!answer.refused && form.matches("[data-send]")) {
      const screen = box();
      screen.scrollTop = screen.scrollHeight;
      const again = desk() && desk().querySelector("[data-send] textarea");
      if (again) again.focus();
    }
  }

  function showFile(form) {
    const line = form.querySelector(".mo-file");
    if (!line) return;
    const file = form.querySelector("input[type=file]").files[0];
    line.hidden = !file;
    line.querySelector("[data-file-name]").textContent = file ? file.name + " · " + Math.max(1, Math.round(file.size / 1024)) + " KB" : "";
  }

  /* --- what people do ----------------------------------------------------------------------- */

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (!form.matches("[data-verb]") || event.defaultPrevented) return;
    event.preventDefault();
    if (form.matches("[data-send]") && !form.elements.text.value.trim() && !form.elements.archivo.files.length) return;
    send(form, event.submitter);
  });

  document.addEventListener("input", function (event) {
    const field = event.target;
    if (!desk() || !desk().contains(field)) return;
    if (field.type === "file") showFile(field.form);
    else if (field.form && field.name) drafts.setItem(nameOf(field), field.value);
  });

  /* Unfold looks for a text box beside each file input, and breaks where there is none. */
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-send] input[type=file]")) event.stopPropagation();
  }, true);

  document.addEventListener("keydown", function (event) {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !field.matches("[data-send] textarea")) return;
    if (window.matchMedia("(pointer: coarse)").matches) return; // on a telephone Enter is a new line
    event.preventDefault();
    field.form.requestSubmit();
  });

  document.addEventListener("click", function (event) {
    const back = event.target.closest("[data-older]");
    if (back) {
      event.preventDefault();
      older(back);
    }
    const drop = event.target.closest("[data-no-file]");
    if (drop) {
      drop.form.elements.archivo.value = "";
      showFile(drop.form);
    }
  });

  document.addEventListener("paste", function (event) {
    const form = event.target.closest && event.target.closest("[data-send]");
    if (!form || !event.clipboardData.files.length) return;
    event.preventDefault();
    form.elements.archivo.files = event.clipboardData.files;
    showFile(form);
  });

  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) {
      refreshChat(true);
      refreshList();
    }
  });

  function again(act, pause) {
    setTimeout(async function () {
      await act(false);
      again(act, pause);
    }, document.hidden ? HIDDEN_EVERY : pause);
  }

  /* Whoever reads at the end stays there when lines come, a picture loads or the desk grows. */
  function follow(screen) {
    let atEnd = true;
    screen.addEventListener("scroll", function () {
      atEnd = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 60;
    });
    const watcher = new ResizeObserver(function () { if (atEnd) screen.scrollTop = screen.scrollHeight; });
    watcher.observe(screen);
    watcher.observe(screen.firstElementChild);
  }

  restore();
  count();
  if (box()) follow(box());
  if (messages()) again(refreshChat, EVERY);
  if (list()) again(refreshList, LIST_EVERY);
})();
