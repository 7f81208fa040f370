// Keys for those who like them: the page brings the list of them, and `?` shows it. A single key does
// nothing while somebody is in a field, and whoever speaks to their computer, or presses keys by
// mistake, turns them off on the help page (WCAG 2.1.4).

const CHOICE = "bridgeline-keys";

const areOn = () => localStorage.getItem(CHOICE) !== "off";

function offerChoice() {
  const place = document.querySelector("[data-keys]");
  if (!place) return;
  const words = document.createElement("p");
  const button = document.createElement("button");
  const tell = () => {
    words.textContent = areOn() ? "The keys are on in this browser." : "The keys are off in this browser.";
    button.textContent = areOn() ? "Turn them off" : "Turn them on";
  };
  button.addEventListener("click", () => {
    localStorage.setItem(CHOICE, areOn() ? "off" : "on");
    // From now on it is told; on opening the page it is only there to be read.
    words.setAttribute("role", "status");
    tell();
  });
  tell();
  place.append(words, button);
}

function lookFor(list) {
  const find = document.querySelector('[data-find], .filters input:not([type="hidden"])');
  if (find) find.focus();
  else location.assign(list.dataset.people);
}

export function listenForKeys() {
  offerChoice();
  const list = document.getElementById("keys");
  if (!list) return;
  const pages = new Map([...list.querySelectorAll("[data-to]")].map((each) => [each.dataset.press, each.dataset.to]));
  let before = "";
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (!areOn() || field || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = pages.get(`${before} then ${event.key}`);
    before = event.key;
    if (event.key === "?") {
      // A browser gives the focus back to where it was when the list is closed.
      if (list.open) list.close();
      else if (!document.querySelector("dialog[open]")) list.showModal();
    } else if (document.querySelector("dialog[open]")) {
      return;
    } else if (page) {
      location.assign(page);
    } else if (event.key === "/") {
      lookFor(list);
      event.preventDefault();
    }
  });
}
