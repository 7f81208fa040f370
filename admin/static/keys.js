// Keys for those who like them. A single key does nothing while somebody is in a field.

const PLACES = { t: "", p: "people", m: "matches", c: "contacts", a: "alerts", k: "tasks" };

export function listenForKeys() {
  let going = false;
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (field || event.ctrlKey || event.metaKey || event.altKey) return;
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
