// Keys for those who like them. A single key does nothing while somebody is in a field, and whoever
// speaks to their computer, or presses keys by mistake, turns them off on the help page (WCAG 2.1.4).

const CHOICE = "bridgeline-keys";
const PLACES = { t: "", p: "people", m: "matches", c: "contacts", a: "alerts", k: "tasks", l: "lines", s: "settings" };

const areOn = () => localStorage.getItem(CHOICE) !== "off";

function offerChoice() {
  const place = document.querySelector("[data-keys]");
  if (!place) return;
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  const button = document.createElement("button");
  const tell = () => {
    words.textContent = areOn() ? "The keys are on in this browser." : "The keys are off in this browser.";
    button.textContent = areOn() ? "Turn them off" : "Turn them on";
  };
  button.addEventListener("click", () => {
    localStorage.setItem(CHOICE, areOn() ? "off" : "on");
    tell();
  });
  tell();
  place.append(words, button);
}

export function listenForKeys() {
  offerChoice();
  let going = false;
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (!areOn() || field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (going && event.key in PLACES) {
      location.assign(`/desk/${PLACES[event.key]}`);
    } else if (event.key === "?") {
      location.assign("/desk/help");
    } else if (event.key === "/") {
      const find = document.querySelector("[data-find], .filters input");
      if (find) find.focus();
      else location.assign("/desk/people");
      event.preventDefault();
    }
    going = event.key === "g";
  });
}
