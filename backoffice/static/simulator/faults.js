// The small panel where things go wrong on purpose.

import { get, post, Refused, remove } from "./api.js";
import { el, icon, pretty, toast } from "./dom.js";

const KINDS = [
  ["duplicate", "Mensaje repetido", "El próximo mensaje le llega dos veces al bot.", "phone"],
  ["reorder", "Mensajes cambiados de orden", "El próximo llega después del que le sigue.", "phone"],
  ["delay", "Mensaje demorado", "El próximo llega 10 segundos tarde.", "phone", { seconds: 10 }],
  ["send_timeout", "Envío sin respuesta", "El mensaje del bot sale, pero el bot no se entera.", "phone"],
  ["send_lost", "Envío perdido", "El mensaje del bot no sale, y el bot no se entera.", "phone"],
  ["send_refused", "Envío rechazado", "La red no acepta el próximo mensaje del bot.", "phone"],
  ["rate_limit", "Demasiado rápido", "La red le pide al bot que espere 10 segundos.", "", { seconds: 10 }],
  ["temp_ban", "Suspensión de un minuto", "El número del bot queda suspendido.", "", { seconds: 60 }],
  ["logged_out", "Número desvinculado", "Hay que escanear el QR de nuevo.", ""],
  ["hide_number", "Número oculto", "El bot deja de ver el número de este teléfono.", "needed"],
  ["hide_number", "Número visible", "El bot vuelve a ver el número.", "needed", { privacy: "open" }],
  ["group_add_refused", "No se deja agregar", "Para sumarlo a un grupo hay que invitarlo.", "phone"],
  ["group_create_error", "No deja crear grupos", "El próximo grupo da «unknown error».", ""],
];

export class Faults {
  constructor(root, button, desk) {
    this.root = root;
    this.button = button;
    this.desk = desk;
    this.phone = "";
    button.addEventListener("click", () => this.toggle());
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.toggle(); });
  }

  toggle() {
    this.root.hidden = !this.root.hidden;
    this.button.setAttribute("aria-expanded", String(!this.root.hidden));
    if (this.root.hidden) this.button.focus();
    else this.draw().catch((error) => toast(error.message));
  }

  async draw() {
    const waiting = await get("faults");
    const choose = el("select", { "aria-label": "Teléfono", onchange: (event) => { this.phone = event.target.value; } }, el("option", { value: "" }, "Cualquier teléfono"), this.desk.phones().map((one) => el("option", { value: one.phone, selected: one.phone === this.phone }, one.name || pretty(one.phone))));
    this.root.replaceChildren(
      el("div", { class: "faults-head" }, el("h2", {}, "Hacé que algo falle"), el("button", { class: "round small", type: "button", "aria-label": "Cerrar", onclick: () => this.toggle() }, icon("close"))),
      el("p", { class: "faults-lead" }, "Así se prueba que el bot no pierde ni repite nada, aunque WhatsApp ande mal."),
      el("label", { class: "faults-who" }, "Para", choose),
      el("ul", { class: "faults-list" }, KINDS.map((kind) => this.row(kind))),
      this.waiting(waiting),
    );
    this.root.querySelector("select").focus();
  }

  row([kind, title, about, phone, more = {}]) {
    return el("li", {}, el("div", {}, el("b", {}, title), el("span", {}, about)), el("button", { class: "solid", type: "button", onclick: () => this.cause(kind, title, phone, more) }, "Provocar"));
  }

  waiting(rows) {
    if (!rows.length) return el("p", { class: "faults-none" }, "No hay fallas en espera.");
    const names = Object.fromEntries([...KINDS].reverse().map(([kind, title]) => [kind, title]));
    const line = (row) => `${names[row.kind] ?? row.kind}${row.times > 1 ? ` × ${row.times}` : ""}${row.phone ? ` · ${pretty(row.phone)}` : ""}`;
    const forget = async () => { await remove("faults"); await this.draw(); };
    return el("div", { class: "faults-waiting" }, el("b", {}, "En espera"), el("ul", {}, rows.map((row) => el("li", {}, line(row)))), el("button", { class: "plain", type: "button", onclick: forget }, "Olvidar todas"));
  }

  async cause(kind, title, phone, more) {
    if (phone === "needed" && !this.phone) { toast("Elegí primero un teléfono."); return; }
    try {
      await post("faults", { kind, phone: phone && this.phone ? this.phone : null, ...more });
      toast(`Listo: ${title.toLowerCase()}.`);
      await this.draw();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(error.message);
    }
  }
}
