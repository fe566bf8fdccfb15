/* A new password's rules, ticked while it is typed. The server decides; this only saves a round. */
(function () {
  "use strict";

  const LEAST = 8;
  const NAMES = ["username", "first_name", "last_name"];

  function likes(input) {
    const typed = NAMES.map(function (name) {
      const field = input.form.elements[name];
      return field ? field.value : "";
    });
    return input.dataset.strength.split(",").concat(typed)
      .map(function (word) { return word.trim().toLowerCase(); })
      .filter(function (word) { return word.length > 2; });
  }

  const RULES = [
    ["Al menos " + LEAST + " caracteres", function (text) { return text.length >= LEAST; }],
    ["No solo números", function (text) { return text !== "" && !/^\d+$/.test(text); }],
    ["No se parece a tu nombre ni a tu usuario", function (text, input) {
      const lower = text.toLowerCase();
      return text !== "" && !likes(input).some(function (word) { return lower.includes(word) && word.length * 2 > lower.length; });
    }],
  ];

  function kinds(text) {
    return [/[a-záéíóúñ]/, /[A-ZÁÉÍÓÚÑ]/, /\d/, /[^\wáéíóúñÁÉÍÓÚÑ]/].filter(function (kind) { return kind.test(text); }).length;
  }

  /* 0 to 3: the rules first, then how long and how varied it is. */
  function strength(text, kept) {
    if (!kept) return 0;
    if (text.length >= 14 || (text.length >= 11 && kinds(text) > 2)) return 3;
    return text.length >= 11 || kinds(text) > 2 ? 2 : 1;
  }

  const WORDS = ["Todavía no sirve", "Aceptable", "Buena", "Muy buena"];

  function watch(input) {
    const box = document.createElement("div");
    box.className = "mo-strength";
    const meter = document.createElement("div");
    meter.className = "mo-strength-meter";
    meter.append(document.createElement("span"));
    const word = document.createElement("p");
    word.setAttribute("role", "status");
    const list = document.createElement("ul");
    const items = RULES.map(function (rule) {
      const item = document.createElement("li");
      item.textContent = rule[0];
      list.append(item);
      return item;
    });
    const note = document.createElement("li");
    note.className = "mo-note";
    note.textContent = "Al guardar se revisa que no sea una de las más usadas";
    list.append(note);
    box.append(meter, word, list);
    (input.closest("[data-password]") || input.parentElement).after(box);

    function look() {
      const text = input.value;
      const met = RULES.map(function (rule) { return rule[1](text, input); });
      items.forEach(function (item, at) { item.classList.toggle("ok", met[at]); });
      const level = strength(text, met.every(Boolean));
      meter.dataset.level = String(level);
      word.textContent = text ? WORDS[level] : "";
    }
    input.addEventListener("input", look);
    look();
  }

  function start() { document.querySelectorAll("input[data-strength]").forEach(watch); }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
