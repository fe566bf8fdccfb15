// Small hands for the page: elements without innerHTML, so that nothing anybody writes is ever markup.

const page = document.body.dataset;

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Show `rows` (each with its `data-key`) in `parent`, each in the node it already had: one that is replaced between
// press and release never hears its click.
export function settle(parent, rows) {
  const had = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = rows.map((row) => renewed(had.get(row.dataset.key), row));
  const inPlace = nodes.length === parent.children.length && nodes.every((node, at) => parent.children[at] === node);
  if (!inPlace) parent.replaceChildren(...nodes);
}

function renewed(node, row) {
  if (!node) return row;
  if (node.isEqualNode(row)) return node;
  for (const { name, value } of row.attributes) node.setAttribute(name, value);
  node.replaceChildren(...row.childNodes);
  return node;
}

// Tell `act` the key of the row that was clicked.
export function onRow(parent, act) {
  parent.addEventListener("click", (event) => {
    const row = event.target.closest("[data-key]");
    if (row) act(row.dataset.key);
  });
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${page.icons}#${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  svg.append(use);
  return svg;
}

const HUES = [172, 262, 24, 212, 340, 92, 292, 44];

export function hueOf(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return HUES[sum % HUES.length];
}

export function avatar(name, key, kind = "person") {
  const node = el("span", { class: `avatar avatar-${kind}` });
  if (kind === "bot") node.append(el("img", { src: page.logo, alt: "" }));
  else if (kind === "group") node.append(icon("group"));
  else node.append(initials(name));
  node.style.setProperty("--hue", hueOf(key));
  return node;
}

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words.length ? (words[0][0] + (words[1]?.[0] ?? "")).toUpperCase() : "?";
}

// 5492612345678 → +54 9 261 234-5678
export function pretty(phone) {
  const argentine = /^549(11|\d{3})(\d{3,4})(\d{4})$/.exec(phone);
  return argentine ? `+54 9 ${argentine[1]} ${argentine[2]}-${argentine[3]}` : `+${phone}`;
}

// 5492612345678 → 261 234-5678
export function short(phone) {
  return pretty(phone).replace(/^\+54 9 /, "");
}

export function clock(iso) {
  return new Date(iso).toLocaleTimeString("es-AR", { hour: "2-digit", minute: "2-digit", hour12: false });
}

export function day(iso) {
  const date = new Date(iso);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
  if (days === 0) return "Hoy";
  if (days === 1) return "Ayer";
  return date.toLocaleDateString("es-AR", { day: "numeric", month: "long" });
}

export function size(bytes) {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

// WhatsApp's marks: *negrita*, _cursiva_, ~tachado~, `fijo`, and addresses that can be clicked.
const MARKS = /(https?:\/\/[^\s<>"]+)|(?<![\p{L}\p{N}])([*_~`])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])/gu;
const TAGS = { "*": "strong", _: "em", "~": "s", "`": "code" };

export function rich(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(MARKS)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    if (match[1]) nodes.push(el("a", { href: match[1], target: "_blank", rel: "noopener noreferrer" }, match[1]));
    else nodes.push(el(TAGS[match[2]], {}, match[2] === "`" ? match[3] : rich(match[3])));
    from = match.index + match[0].length;
  }
  nodes.push(text.slice(from));
  return nodes;
}

let hiding = 0;

export function toast(text) {
  const node = document.getElementById("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { node.hidden = true; }, 5000);
}
