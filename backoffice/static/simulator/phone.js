// One phone on the desk: its list of chats and the chat that is open.

import { get, post, Refused } from "./api.js";
import { bubble, dayMark, tick } from "./bubbles.js";
import { Composer } from "./composer.js";
import { avatar, clock, day, el, icon, onRow, pretty, rich, settle, toast } from "./dom.js";

// `owner`: {phone, name}; `desk`: botName(), linked(), groups(), closed(phone), moved()
export class Phone {
  constructor(owner, desk) {
    this.owner = owner;
    this.desk = desk;
    this.chat = null;
    this.chats = [];
    this.messages = new Map();
    this.cursor = null;
    this.screen = el("div", { class: "screen" });
    this.list = el("div", { class: "chat-list" });
    onRow(this.list, (key) => this.open(key, true));
    this.stuck = true; // whoever looks at the last message keeps seeing the last one
    this.sizes = new ResizeObserver(() => this.stick());
    this.caption = el("div", { class: "caption" });
    this.root = el("article", { class: "phone", "aria-label": `Teléfono de ${this.name}`, data: { phone: owner.phone } }, this.caption, el("div", { class: "device" }, this.screen));
    this.named(owner);
  }

  get me() { return this.owner.phone; }
  get name() { return this.owner.name || pretty(this.owner.phone); }
  get botName() { return this.desk.botName(); }

  named(owner) {
    this.owner = owner;
    const hidden = owner.privacy === "hidden" ? " · número oculto" : "";
    this.caption.replaceChildren(
      avatar(this.name, owner.phone),
      el("div", { class: "caption-text" }, el("b", {}, this.name), el("span", {}, (owner.name ? pretty(owner.phone) : "Un desconocido") + hidden)),
      el("button", { class: "round small", type: "button", title: "Guardar este teléfono", "aria-label": `Guardar el teléfono de ${this.name}`, onclick: () => this.desk.closed(this) }, icon("close")),
    );
  }

  // --- the list of chats
  async refresh() {
    const chats = await get("chats", { phone: this.me });
    const changed = JSON.stringify(chats) !== JSON.stringify(this.chats);
    this.chats = chats;
    if (this.chat === null) { if (changed || !this.screen.firstChild) this.drawList(); return; }
    await this.pull();
    this.drawTyping();
  }

  drawList() {
    const rows = this.chats.map((chat) => el(
      "button",
      { class: "chat-row", type: "button", data: { key: chat.chat } },
      avatar(chat.name, chat.chat, chat.chat === "bot" ? "bot" : "group"),
      el("span", { class: "chat-text" }, el("b", {}, chat.name), el("span", { class: chat.typing ? "is-typing" : "" }, chat.typing ? "escribiendo…" : chat.last ? rich(chat.last) : chat.chat === "bot" ? "Tocá para escribirle" : "Sin mensajes todavía")),
      el("span", { class: "chat-side" }, chat.at && el("time", {}, day(chat.at) === "Hoy" ? clock(chat.at) : day(chat.at)), chat.unread > 0 && el("span", { class: "badge" }, String(chat.unread))),
    ));
    if (this.list.parentNode !== this.screen) this.screen.replaceChildren(el("div", { class: "chat-head list-head" }, el("b", {}, "Chats")), this.list);
    settle(this.list, rows);
  }

  // --- one chat
  // `focus` only when somebody asked for it: else the cursor would be taken from where they write.
  async open(chat, focus = false) {
    this.chat = chat;
    this.messages = new Map();
    this.cursor = null;
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", tabIndex: 0, onscroll: () => this.look() });
    this.stuck = true;
    this.sizes.disconnect();
    this.sizes.observe(this.log);
    this.composer = new Composer({ me: this.me, botName: this.botName, send: (message) => this.send(message) });
    this.screen.replaceChildren(this.head(), this.log, this.composer.root);
    this.desk.moved();
    await this.pull();
    this.drawTyping();
    if (focus && matchMedia("(pointer: fine)").matches) this.composer.box.focus();
  }

  head() {
    const isBot = this.chat === "bot";
    const row = this.chats.find((chat) => chat.chat === this.chat);
    const name = row?.name ?? (isBot ? this.botName : "Grupo");
    this.under = el("span", {}, this.about());
    this.others = el("span", { class: "badge others", title: "Sin leer en otros chats", hidden: true });
    return el(
      "div",
      { class: "chat-head" },
      el("button", { class: "round small", type: "button", title: "Volver a los chats", "aria-label": "Volver a los chats", onclick: () => this.back() }, icon("back")),
      this.others,
      avatar(name, this.chat, isBot ? "bot" : "group"),
      el("div", { class: "caption-text" }, el("b", {}, name), this.under),
    );
  }

  about() {
    if (this.chat === "bot") return this.desk.linked() ? "en línea" : "sin conexión: lo que escribas espera";
    const group = this.desk.groups().find((one) => one.id === this.chat);
    if (!group) return "grupo";
    const names = group.members.map((member) => (member.phone === this.me ? "Vos" : member.name.split(" ")[0]) + (member.admin ? " ★" : ""));
    return [...names, group.bot ? this.botName : ""].filter(Boolean).join(", ");
  }

  drawTyping() {
    const typing = this.chats.find((chat) => chat.chat === this.chat)?.typing;
    this.under.textContent = typing ? "escribiendo…" : this.about();
    this.under.className = typing ? "is-typing" : "";
    const waiting = this.chats.filter((chat) => chat.chat !== this.chat).reduce((sum, chat) => sum + chat.unread, 0);
    this.others.textContent = String(waiting);
    this.others.hidden = waiting === 0;
  }

  async back() {
    this.chat = null;
    this.screen.replaceChildren();
    this.desk.moved();
    await this.refresh();
  }

  async pull() {
    const chat = this.chat;
    const page = await get("messages", { phone: this.me, chat, after: this.cursor });
    if (chat !== this.chat) return;
    this.cursor = page.cursor;
    for (const message of page.messages) this.messages.set(message.id, message);
    for (const { id, status } of page.ticks) this.tick(id, status);
    if (page.messages.length || !this.log.firstChild) this.draw();
  }

  tick(id, status) {
    const message = this.messages.get(id);
    if (!message || message.status === status) return;
    message.status = status;
    const row = [...this.log.querySelectorAll(".row.mine")].find((one) => one.dataset.id === id);
    row?.querySelector(".tick")?.replaceWith(tick(status));
  }

  draw() {
    const context = {
      me: this.me,
      isGroup: this.chat !== "bot",
      botName: this.botName,
      find: (id) => this.messages.get(id),
      quote: (message) => this.composer.cite(message),
    };
    const nodes = [];
    let before = null;
    for (const message of this.messages.values()) {
      if (!before || day(before.at) !== day(message.at)) nodes.push(dayMark(message.at));
      nodes.push(bubble(message, before, context));
      before = message;
    }
    if (!nodes.length) nodes.push(el("p", { class: "nothing" }, this.chat === "bot" ? "Escribile «Hola» y mirá qué contesta." : "Todavía nadie escribió en este grupo."));
    this.log.replaceChildren(...nodes);
    this.stick();
    for (const image of this.log.querySelectorAll("img")) image.addEventListener("load", () => this.stick(), { once: true });
  }

  look() {
    if (this.log.clientHeight) this.stuck = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
  }

  stick() {
    if (this.stuck) this.log.scrollTop = this.log.scrollHeight;
  }

  async send({ text, media, quoted_id }) {
    const id = `web-${crypto.randomUUID()}`;
    const chat = this.chat;
    const shown = media && media.base64 ? { ...media, url: `data:${media.mimetype};base64,${media.base64}`, size: Math.round(media.base64.length * 0.75) } : media;
    this.messages.set(id, { id, from: this.me, text, media: shown, quoted_id, at: new Date().toISOString(), status: "pending" });
    this.stuck = true;
    this.draw();
    try {
      await post("messages", { from: this.me, chat, text, media: media ?? null, quoted_id, id });
      this.tick(id, "sent");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.messages.delete(id);
      if (chat === this.chat) { this.draw(); this.composer.box.value = text; }
      toast(error.message);
    }
  }
}
