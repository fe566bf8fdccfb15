// Attachments for whoever has none at hand: drawn and sounded here.

export function samplePhoto() {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 480;
  const draw = canvas.getContext("2d");
  const sky = draw.createLinearGradient(0, 0, 0, 480);
  sky.addColorStop(0, "#d9e6e3");
  sky.addColorStop(1, "#b7ccc6");
  draw.fillStyle = sky;
  draw.fillRect(0, 0, 640, 480);
  draw.fillStyle = "#8a6f55";
  draw.fillRect(0, 370, 640, 110);
  draw.strokeStyle = "#26302e";
  draw.lineWidth = 12;
  for (const x of [170, 470]) {
    draw.beginPath();
    draw.moveTo(x, 270);
    draw.lineTo(x - 20, 90);
    draw.stroke();
  }
  draw.fillStyle = "#1d2725";
  draw.beginPath();
  draw.roundRect(110, 250, 420, 130, 22);
  draw.fill();
  const lights = ["#4ade80", "#4ade80", "#ef4444", "#2d3936", "#2d3936"];
  lights.forEach((color, index) => {
    draw.fillStyle = color;
    draw.beginPath();
    draw.arc(180 + index * 70, 310, 11, 0, Math.PI * 2);
    draw.fill();
  });
  draw.fillStyle = "#9fb2ad";
  draw.font = "20px system-ui, sans-serif";
  ["PON", "LAN", "LOS", "WIFI", "TEL"].forEach((name, index) => draw.fillText(name, 160 + index * 70, 352));
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(new File([blob], "router.jpg", { type: "image/jpeg" })), "image/jpeg", 0.85));
}

// One second of two soft notes, as WAV.
export function sampleAudio() {
  const rate = 8000;
  const frames = rate;
  const view = new DataView(new ArrayBuffer(44 + frames * 2));
  const words = (at, text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  words(0, "RIFF");
  view.setUint32(4, 36 + frames * 2, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  words(36, "data");
  view.setUint32(40, frames * 2, true);
  for (let frame = 0; frame < frames; frame += 1) {
    const half = (frame * 2) % frames;
    const note = frame < frames / 2 ? 440 : 554;
    view.setInt16(44 + frame * 2, Math.sin((frame / rate) * note * 2 * Math.PI) * 6000 * (1 - half / frames), true);
  }
  return Promise.resolve(new File([view.buffer], "nota-de-voz.wav", { type: "audio/wav" }));
}
