// One chat's messages, as WhatsApp would show them.

import { clock, day, el, hueOf, icon, pretty, rich, size } from "./dom.js";

const TICKS = { pending: ["clock", "Enviando"], sent: ["tick", "Enviado"], delivered: ["ticks", "Entregado"], read: ["ticks", "Leído"] };

export function who(message, me, botName) {
  if (message.from === me) return "Vos";
  if (message.from === "bot") return botName;
  return message.name && !message.name.startsWith("+") ? message.name : pretty(message.from);
}

const KINDS = {
  image: "📷 Foto", audio: "🎤 Audio", video: "🎬 Video", document: "📄 Documento", location: "📍 Ubicación",
  sticker: "🏷️ Sticker", poll: "📊 Encuesta", contact: "👤 Contacto",
  reaction: "👍 Reacción", call: "📞 Llamada perdida", revoked: "🚫 Mensaje eliminado", ephemeral: "⏱️ Mensajes temporales",
};

export function snippet(message) {
  if (message.text) return message.text.replace(/\s*\n\s*/g, "\n").slice(0, 140);
  return KINDS[message.media?.kind] ?? "Mensaje";
}

// `context`: me, isGroup, botName, find(id), quote(message)
export function bubble(message, before, context) {
  const mine = message.from === context.me;
  const follows = before && before.from === message.from && day(before.at) === day(message.at);
  const node = el("div", { class: `row ${mine ? "mine" : "theirs"} ${follows ? "follows" : ""}`, data: { id: message.id } });
  const body = el("div", { class: "bubble" });
  if (context.isGroup && !mine && !follows) body.append(sender(message, context));
  if (message.quoted_id) body.append(quoted(context.find(message.quoted_id), context));
  if (message.media) body.append(attachment(message.media));
  if (message.text) body.append(el("div", { class: "text" }, rich(message.text)));
  body.append(el("span", { class: "meta" }, clock(message.at), mine && tick(message.status)));
  const reply = el("button", { class: "reply", type: "button", title: "Responder citando", "aria-label": "Responder citando este mensaje", onclick: () => context.quote(message) }, icon("reply"));
  body.addEventListener("click", (event) => {
    if (!event.target.closest("a, audio, video, button") && !String(getSelection())) context.quote(message);
  });
  node.append(body, reply);
  return node;
}

function sender(message, context) {
  const name = el("div", { class: "sender" }, who(message, context.me, context.botName));
  name.style.setProperty("--hue", hueOf(message.from));
  return name;
}

function quoted(message, context) {
  const node = el(
    "div",
    { class: "quoted" },
    el("b", {}, message ? who(message, context.me, context.botName) : "Mensaje anterior"),
    el("span", {}, message ? rich(snippet(message)) : "No está en este teléfono"),
  );
  node.style.setProperty("--hue", hueOf(message?.from ?? "?"));
  return node;
}

export function tick(status) {
  const [name, label] = TICKS[status] ?? TICKS.sent;
  return el("span", { class: `tick tick-${status}`, title: label, role: "img", "aria-label": label }, icon(name));
}

function attachment(media) {
  if (media.kind === "image") {
    return el("a", { class: "photo", href: media.url, target: "_blank", rel: "noopener" }, el("img", { src: media.url, alt: media.filename, loading: "lazy" }));
  }
  if (media.kind === "audio") return el("audio", { class: "audio", controls: true, preload: "metadata", src: media.url });
  if (media.kind === "video") return el("video", { class: "photo", controls: true, preload: "metadata", src: media.url });
  if (media.kind === "location") return place(media);
  if (!media.url) return el("div", { class: "text" }, el("em", {}, KINDS[media.kind] ?? "Mensaje"));
  return el(
    "a",
    { class: "file", href: media.url, target: "_blank", rel: "noopener", download: media.filename },
    icon("file"),
    el("span", { class: "file-name" }, media.filename, el("small", {}, `${extension(media)} · ${size(media.size)}`)),
  );
}

function extension(media) {
  const dot = media.filename.lastIndexOf(".");
  return dot > 0 ? media.filename.slice(dot + 1).toUpperCase() : media.mimetype;
}

function place(media) {
  const point = `${media.latitude.toFixed(5)}, ${media.longitude.toFixed(5)}`;
  return el(
    "div",
    { class: "place" },
    el("div", { class: "place-map" }, icon("pin")),
    el("div", { class: "place-text" }, el("b", {}, media.name || "Ubicación"), media.address && el("span", {}, media.address), el("small", {}, point)),
  );
}

export function dayMark(iso) {
  return el("div", { class: "day" }, el("span", {}, day(iso)));
}
