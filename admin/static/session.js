// Warns some minutes before the session ends, and lets it go on with one press. What was typed stays.
// Each warning comes once: whoever closes it is typing, and is not disturbed again before the end.

const KEPT = "Send what you have typed all the same: you sign in again, and it is there to be sent.";

export function watchSession() {
  const page = document.body.dataset;
  if (!page.signedInUntil) return;
  let ends = Date.parse(page.signedInUntil);
  // What was told last: that it ends soon, that it cannot go on, or that it is over.
  let told = "";
  const warned = Number(page.warnedBefore) * 1000;
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "ending");
  const title = document.createElement("h2");
  title.id = "ending";
  const words = document.createElement("p");
  // Readers may keep silent about a window that opens over the field in which somebody is, and about
  // its title and button, so this sentence says it all.
  words.setAttribute("role", "alert");
  const button = document.createElement("button");
  dialog.append(title, words, button);
  document.body.append(dialog);

  function tell(what, heading, sentence, press) {
    told = what;
    title.textContent = heading;
    button.textContent = press;
    if (!dialog.open) dialog.showModal();
    // What changes in an alert is told, and what it holds when it appears is not by every reader.
    words.textContent = sentence;
  }

  function tellOver() {
    tell("over", "You are signed out", `You are signed out. ${KEPT}`, "Close");
  }

  async function stay() {
    const answer = await fetch(page.stay, {
      method: "POST",
      headers: { Accept: "text/plain", "X-CSRFToken": page.token },
    });
    if (!answer.ok || answer.redirected) {
      tellOver();
      return;
    }
    ends = Date.now() + Number(await answer.text()) * 1000;
    if (ends - Date.now() > warned) {
      told = "";
      dialog.close();
    } else {
      tell("last", "This session cannot go on", `This session cannot go on: after 12 hours everybody signs in again. ${KEPT}`, "Close");
    }
  }

  button.addEventListener("click", () => (told === "soon" ? stay() : dialog.close()));

  setInterval(() => {
    const left = ends - Date.now();
    if (left <= 0) {
      if (told !== "over") tellOver();
    } else if (left <= warned && !told) {
      const minutes = Math.max(1, Math.round(left / 60000));
      const when = minutes === 1 ? "In a minute" : `In ${minutes} minutes`;
      tell("soon", "You will be signed out soon", `${when} you are signed out. Press Enter to stay. Nothing that you have typed is lost.`, "Stay signed in");
    }
  }, 5000);
}
