// The simulator's API (backoffice/simulator/API.md), from this page.

const base = document.body.dataset.api;

export class Refused extends Error {}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(base + path, options);
  } catch {
    throw new Refused("No hay respuesta del servidor. ¿Sigue andando?");
  }
  if (answer.status === 204) return null;
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(body.error ?? `El servidor respondió ${answer.status}.`);
  return body;
}

export function get(path, query = {}) {
  const told = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const text = new URLSearchParams(told).toString();
  return call(text ? `${path}?${text}` : path);
}

export function post(path, body = {}) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

export function remove(path) {
  return call(path, { method: "DELETE" });
}

export function toBase64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(new Refused("No se pudo leer el archivo."));
    reader.readAsDataURL(blob);
  });
}
