// The desk: which phones are on it, and the beat that keeps them up to date.

import { get, post, Refused } from "./api.js";
import { avatar, el, icon, onRow, pretty, settle, short, toast } from "./dom.js";
import { Faults } from "./faults.js";
import { Phone } from "./phone.js";

const BEAT = 1000;
const KEPT = "mostrador-simulator";
const MOST = 4;

const desk = document.getElementById("desk");
const strip = document.getElementById("phones");
const small = matchMedia("(max-width: 760px)");

const state = { phones: [], groups: [], open: [], current: null, chosen: false, link: { linked: true, name: "Bot" }, cursor: null };

const hands = {
  botName: () => state.link.name,
  linked: () => state.link.linked,
  groups: () => state.groups,
  phones: () => state.phones,
  closed: (phone) => close(phone),
  moved: () => { keep(); drawStrip(); },
};

// --- the desk ------------------------------------------------------------------------------
async function open(owner, { chat = undefined, focus = false } = {}) {
  let phone = state.open.find((one) => one.me === owner.phone);
  if (!phone) {
    phone = new Phone(owner, hands);
    if (state.open.length >= MOST) close(state.open[0]);
    state.open.push(phone);
    desk.querySelector(".welcome")?.remove();
    desk.append(phone.root);
    show(phone); // before its chat is drawn: what is not on screen cannot be scrolled to its end
    await phone.refresh();
    const only = phone.chats.length === 1 ? "bot" : null;
    const wanted = chat === undefined ? only : chat;
    if (wanted && phone.chats.some((one) => one.chat === wanted)) await phone.open(wanted, focus);
    return;
  }
  show(phone);
}

function show(phone) {
  state.current = phone;
  for (const one of state.open) one.root.classList.toggle("current", one === phone);
  if (!small.matches) phone?.root.scrollIntoView({ inline: "nearest", block: "nearest" });
  keep();
  drawStrip();
}

function close(phone) {
  state.open = state.open.filter((one) => one !== phone);
  phone.root.remove();
  if (!state.open.length) welcome();
  show(state.open.at(-1) ?? null);
}

function keep() {
  const open = state.open.map((phone) => ({ phone: phone.me, chat: phone.chat }));
  localStorage.setItem(KEPT, JSON.stringify({ open, current: state.current?.me ?? null }));
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? { open: null };
  } catch {
    return { open: null };
  }
}

function drawStrip() {
  settle(strip, state.phones.map((phone) => {
    const isOpen = state.open.some((one) => one.me === phone.phone);
    const name = phone.name || pretty(phone.phone);
    return el(
      "button",
      { class: `person ${isOpen ? "open" : ""} ${state.current?.me === phone.phone ? "current" : ""}`, type: "button", "aria-pressed": String(isOpen), data: { key: phone.phone } },
      avatar(name, phone.phone),
      el("span", { class: "person-text" }, el("b", {}, name), el("span", {}, about(phone))),
      phone.unread > 0 && el("span", { class: "badge", title: "Sin leer" }, String(phone.unread)),
    );
  }));
  if (!state.phones.length) strip.append(el("p", { class: "strip-empty" }, "Todavía no hay teléfonos. Escribí un número acá abajo y empezá."));
}

function about(phone) {
  if (!phone.name) return "Un desconocido";
  if (!phone.groups) return short(phone.phone);
  return `${short(phone.phone)} · ${phone.groups} ${phone.groups === 1 ? "grupo" : "grupos"}`;
}

function welcome() {
  desk.replaceChildren(...desk.querySelectorAll(".pairing"), el(
    "div",
    { class: "welcome" },
    icon("group"),
    el("h2", {}, "Elegí un teléfono"),
    el("p", {}, "Abrí uno de la lista y escribile al bot. Con dos abiertos a la vez, podés ser la clienta y el agente."),
  ));
}

// --- the bot's number ----------------------------------------------------------------------
function drawLink() {
  const pill = document.getElementById("state");
  pill.dataset.code = state.link.code;
  document.getElementById("state-text").textContent = state.link.state;
  const pairing = desk.querySelector(".pairing");
  const waits = !state.link.linked && state.link.code !== "temp_banned";
  if (!waits) { pairing?.remove(); return; }
  const address = `${document.body.dataset.qr}?${encodeURIComponent(state.link.qr)}`;
  if (pairing) {
    const image = pairing.querySelector("img");
    if (!image.src.endsWith(address)) image.src = address;
    return;
  }
  const scan = () => attempt(async () => { await post("scan"); toast("Listo: el bot está conectado."); await beat(); });
  desk.prepend(el(
    "article",
    { class: "pairing" },
    el("h2", {}, state.link.code === "logged_out" ? "El número se desvinculó" : "El bot todavía no tiene número"),
    el("p", {}, "En la vida real escanearías este código con el teléfono del negocio. Acá alcanza con un botón."),
    el("img", { class: "qr", src: address, alt: "Código QR para vincular el número del bot", width: 240, height: 240 }),
    el("button", { class: "solid big", type: "button", onclick: scan }, "Escanear"),
    el("small", {}, "El código se renueva solo. Lo que se escriba mientras tanto espera y llega al vincular."),
  ));
}

// --- the beat ------------------------------------------------------------------------------
async function beat() {
  const pulse = await get("pulse", { after: state.cursor });
  const typing = state.open.some((phone) => phone.chats.some((chat) => chat.typing));
  if (pulse === null && !typing && state.link.linked) return;
  if (pulse) state.cursor = pulse.cursor;
  [state.link, state.phones, state.groups] = await Promise.all([get("state"), get("phones"), get("groups")]);
  drawLink();
  for (const phone of state.open) {
    const owner = state.phones.find((one) => one.phone === phone.me);
    if (owner && JSON.stringify([owner.name, owner.privacy]) !== JSON.stringify([phone.owner.name, phone.owner.privacy])) phone.named(owner);
  }
  await Promise.all(state.open.map((phone) => phone.refresh()));
  if (pulse) state.phones = await get("phones");
  drawStrip();
}

async function attempt(act) {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
  }
}

async function forever() {
  for (;;) {
    if (!document.hidden) await attempt(beat);
    await new Promise((resolve) => { setTimeout(resolve, BEAT); });
  }
}

onRow(strip, (key) => {
  state.chosen = true;
  attempt(() => open(state.phones.find((phone) => phone.phone === key), { focus: true }));
});

document.getElementById("stranger").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = document.getElementById("stranger-number");
  const error = document.getElementById("stranger-error");
  try {
    const owner = await post("phones", { phone: field.value.trim() });
    field.value = "";
    error.hidden = true;
    if (!state.phones.some((one) => one.phone === owner.phone)) state.phones.push(owner);
    await open(owner, { chat: "bot", focus: true });
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    error.textContent = field.value.trim() ? "Escribilo con código de país, por ejemplo 5492615559999." : "Escribí un número.";
    error.hidden = false;
  }
});

document.getElementById("state").addEventListener("click", () => {
  if (state.link.linked && confirm("¿Desvincular el número del bot? Lo que escriban va a esperar hasta que escanees el QR.")) {
    attempt(async () => { await post("unlink"); await beat(); });
  }
});

async function start() {
  new Faults(document.getElementById("faults"), document.getElementById("open-faults"), hands);
  welcome();
  desk.inert = true; // while phones are laid out everything moves, and a click between two places is lost
  await attempt(beat);
  const before = kept();
  const known = (phone) => state.phones.find((one) => one.phone === phone);
  const wanted = before.open ?? state.phones.slice(0, small.matches ? 1 : 2).map(({ phone }) => ({ phone }));
  for (const { phone, chat } of wanted) if (known(phone)) await attempt(() => open(known(phone), { chat }));
  const current = state.open.find((phone) => phone.me === before.current) ?? state.open[0];
  if (current && !state.chosen) show(current); // whoever picked a phone meanwhile stays with it
  drawStrip();
  desk.inert = false;
  await forever();
}

start();
