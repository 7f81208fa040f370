// Lets a recording be heard slower or faster. Without it there are the browser's own controls.

const SPEEDS = [0.75, 1, 1.25, 1.5];

export function addSpeeds() {
  const player = document.querySelector("[data-player]");
  if (!player) return;
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  label.htmlFor = "speed";
  label.textContent = "Speed";
  const select = document.createElement("select");
  select.id = "speed";
  for (const speed of SPEEDS) {
    select.append(new Option(`${speed}x`, speed, speed === 1, speed === 1));
  }
  select.addEventListener("change", () => {
    player.playbackRate = Number(select.value);
  });
  field.append(label, select);
  player.after(field);
}
