// Where one writes: text, quote, attachments.

import { Refused, toBase64 } from "./api.js";
import { snippet, who } from "./bubbles.js";
import { el, icon, rich, toast } from "./dom.js";
import { sampleAudio, samplePhoto } from "./samples.js";

const BIGGEST = 16 * 1024 * 1024;

// `view`: me, botName, send({text, media, quoted_id})
export class Composer {
  constructor(view) {
    this.view = view;
    this.quote = null;
    this.box = el("textarea", { class: "write", rows: 1, placeholder: "Escribí un mensaje", "aria-label": "Mensaje", maxLength: 65536, onkeydown: (event) => this.key(event), oninput: () => this.grow() });
    this.quoteBar = el("div", { class: "quote-bar", hidden: true });
    this.menu = el("div", { class: "attach-menu", hidden: true, role: "menu" }, this.choices());
    this.clip = el("button", { class: "round", type: "button", title: "Adjuntar", "aria-label": "Adjuntar", "aria-haspopup": "menu", onclick: () => this.toggle() }, icon("clip"));
    this.root = el(
      "form",
      { class: "composer", onsubmit: (event) => this.submit(event) },
      this.quoteBar,
      this.menu,
      el("div", { class: "composer-row" }, this.clip, this.box, el("button", { class: "round send", type: "submit", title: "Enviar", "aria-label": "Enviar" }, icon("send"))),
    );
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    if (event.key === "Escape") { this.cite(null); this.menu.hidden = true; }
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 120)}px`;
  }

  submit(event) {
    event.preventDefault();
    const text = this.box.value;
    if (!text.trim()) return;
    this.box.value = "";
    this.grow();
    this.go({ text });
  }

  go(message) {
    this.view.send(message.media ? { text: "", ...message, quoted_id: this.quote?.id ?? null } : { ...message, quoted_id: this.quote?.id ?? null });
    this.cite(null);
    this.box.focus();
  }

  cite(message) {
    this.quote = message;
    this.quoteBar.hidden = !message;
    if (!message) return;
    this.quoteBar.replaceChildren(
      el("div", { class: "quoted" }, el("b", {}, who(message, this.view.me, this.view.botName)), el("span", {}, rich(snippet(message)))),
      el("button", { class: "round small", type: "button", "aria-label": "No citar", onclick: () => this.cite(null) }, icon("close")),
    );
    this.box.focus();
  }

  toggle() {
    this.menu.hidden = !this.menu.hidden;
    if (!this.menu.hidden) this.menu.querySelector("button").focus();
  }

  choices() {
    const pick = (kind, accept) => () => this.pick(kind, accept);
    const rows = [
      ["image", "Foto", pick("image", "image/*")],
      ["file", "Documento", pick("document", "")],
      ["mic", "Audio", pick("audio", "audio/*")],
      ["pin", "Ubicación", () => this.place()],
      ["image", "Foto de prueba (un router)", async () => this.file("image", await samplePhoto())],
      ["mic", "Audio de prueba", async () => this.file("audio", await sampleAudio(), true)],
    ];
    return rows.map(([name, label, act]) => el("button", { type: "button", role: "menuitem", onclick: () => { this.menu.hidden = true; act(); } }, icon(name), label));
  }

  pick(kind, accept) {
    const input = el("input", { type: "file", accept });
    input.addEventListener("change", () => { if (input.files[0]) this.file(kind, input.files[0]); });
    input.click();
  }

  async file(kind, file, voice = false) {
    if (file.size > BIGGEST) { toast("El archivo es demasiado grande: el máximo es 16 MB."); return; }
    if (!file.size) { toast("El archivo está vacío."); return; }
    try {
      const base64 = await toBase64(file);
      const text = this.box.value.trim();
      this.box.value = "";
      this.go({ text, media: { kind, filename: file.name, mimetype: file.type || "application/octet-stream", voice, base64 } });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(error.message);
    }
  }

  place() {
    const field = (name, value, label) => el("input", { name, value, "aria-label": label, placeholder: label, required: true });
    const latitude = field("latitude", "-32.88946", "Latitud");
    const longitude = field("longitude", "-68.84584", "Longitud");
    const name = field("name", "Mi casa", "Nombre");
    const send = () => {
      const [lat, lon] = [Number(latitude.value.replace(",", ".")), Number(longitude.value.replace(",", "."))];
      if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) { toast("Esas coordenadas no existen."); return; }
      this.quoteBar.hidden = true;
      this.go({ text: "", media: { kind: "location", latitude: lat, longitude: lon, name: name.value } });
    };
    this.quoteBar.hidden = false;
    this.quoteBar.replaceChildren(
      el("div", { class: "place-form" }, name, latitude, longitude, el("button", { class: "solid", type: "button", onclick: send }, "Enviar ubicación")),
      el("button", { class: "round small", type: "button", "aria-label": "Cancelar", onclick: () => this.cite(null) }, icon("close")),
    );
    name.focus();
  }
}
