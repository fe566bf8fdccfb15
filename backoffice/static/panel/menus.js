/* The menu editor: options are dragged or taken elsewhere with the keyboard. And the trial talk. No dependency of its own. */
(function () {
  "use strict";

  function move(item, menu, place) {
    const token = document.querySelector("#menu-editor [name=csrfmiddlewaretoken]").value;
    htmx.ajax("POST", item.dataset.move, {
      target: "#menu-editor",
      swap: "outerHTML",
      values: { menu: menu, lugar: Math.max(0, place), csrfmiddlewaretoken: token },
    });
  }

  /* What could not be moved goes back to where it is. */
  ["htmx:responseError", "htmx:sendError"].forEach(function (failure) {
    document.addEventListener(failure, function (event) {
      if (/\/mover\/$/.test(event.detail.requestConfig.path)) location.reload();
    });
  });

  function itemsOf(list) {
    return Array.from(list.children).filter(function (child) { return child.dataset.option; });
  }

  document.addEventListener("option-moved", function (event) {
    const item = document.getElementById("option-" + event.detail.option);
    if (item) move(item, event.detail.menu, event.detail.place);
  });

  /* Where an arrow takes an option: {list, place}, or null at the end of the road. */
  function destination(item, key) {
    const list = item.parentElement;
    const items = itemsOf(list);
    const place = items.indexOf(item);
    if (key === "ArrowUp") return place > 0 ? { list: list, place: place - 1 } : null;
    if (key === "ArrowDown") return place < items.length - 1 ? { list: list, place: place + 1 } : null;
    if (key === "ArrowRight") {
      const inside = place > 0 && items[place - 1].querySelector("[data-inside] [data-menu]");
      return inside ? { list: inside, place: itemsOf(inside).length } : null;
    }
    const outer = list.closest("[data-option]");
    return outer ? { list: outer.parentElement, place: itemsOf(outer.parentElement).indexOf(outer) + 1 } : null;
  }

  document.addEventListener("keydown", function (event) {
    if (!event.target.matches("[data-handle]") || !/^Arrow(Up|Down|Left|Right)$/.test(event.key)) return;
    event.preventDefault();
    const item = event.target.closest("[data-option]");
    const to = destination(item, event.key);
    if (to) move(item, to.list.dataset.menu, to.place);
  });

  document.addEventListener("click", function (event) {
    const step = event.target.closest("[data-step]");
    if (step) {
      const item = step.closest("[data-option]");
      const to = destination(item, step.dataset.step === "1" ? "ArrowDown" : "ArrowUp");
      if (to) move(item, to.list.dataset.menu, to.place);
    }
    const chosen = event.target.closest("[data-choose]");
    if (chosen) {
      const form = document.querySelector("[data-talk]");
      form.elements.opcion.value = chosen.dataset.choose;
      form.elements.texto.value = chosen.textContent.trim();
      form.requestSubmit();
    }
  });

  /* After the editor was drawn again, whoever moved or saved an option is still there. */
  document.addEventListener("htmx:afterSettle", function () {
    const editor = document.getElementById("menu-editor");
    const focus = editor && editor.dataset.focus && document.getElementById(editor.dataset.focus);
    if (focus) {
      editor.dataset.focus = "";
      focus.classList.add("mo-moved");
      const handle = focus.querySelector("[data-handle]");
      if (handle) handle.focus({ preventScroll: true });
      focus.scrollIntoView({ block: "nearest" });
    }
    const talk = document.getElementById("talk");
    if (talk) talk.scrollTop = talk.scrollHeight;
  });

  /* What was sent leaves the box at once, so that the next line can be typed; it comes back if it was not taken. */
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!event.target.matches("[data-talk]")) return;
    const fields = event.target.elements;
    event.target.dataset.sent = fields.texto.value;
    fields.texto.value = "";
    fields.opcion.value = "";
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (!event.target.matches("[data-talk]")) return;
    const box = event.target.elements.texto;
    if (!event.detail.successful && !box.value) box.value = event.target.dataset.sent;
    box.focus();
  });
})();
