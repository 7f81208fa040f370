// Warns some minutes before the session ends, and lets it go on with one press. What was typed stays.

export function watchSession() {
  const page = document.body.dataset;
  if (!page.signedInUntil) return;
  let ends = Date.parse(page.signedInUntil);
  const warned = Number(page.warnedBefore) * 1000;
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "ending");
  const title = document.createElement("h2");
  title.id = "ending";
  const words = document.createElement("p");
  const stay = document.createElement("button");
  stay.textContent = "Stay signed in";
  dialog.append(title, words, stay);
  document.body.append(dialog);

  stay.addEventListener("click", async () => {
    const answer = await fetch(page.stay, {
      method: "POST",
      headers: { Accept: "text/plain", "X-CSRFToken": page.token },
    });
    if (!answer.ok || answer.redirected) {
      words.textContent = "You are signed out. Send what you have typed all the same: you sign in again, and it is there to be sent.";
      return;
    }
    ends = Date.now() + Number(await answer.text()) * 1000;
    dialog.close();
  });

  setInterval(() => {
    const left = ends - Date.now();
    if (left > warned || dialog.open) return;
    title.textContent = left > 0 ? "You will be signed out soon" : "You are signed out";
    words.textContent = left > 0
      ? `In ${Math.max(1, Math.round(left / 60000))} minutes you are signed out. Nothing that you have typed is lost if you stay.`
      : "Send what you have typed all the same: you sign in again, and it is there to be sent.";
    dialog.showModal();
  }, 5000);
}
