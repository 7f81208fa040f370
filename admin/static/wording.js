// Checks wording while it is written, and reads it aloud. Without scripts the same checks come by the
// button "Check it", and what is heard stands in words.

const WAIT = 400;

function checkWhileWriting() {
  const form = document.querySelector("form[data-check]");
  const place = form?.querySelector("[data-checked]");
  if (!place) return;
  const announcer = document.getElementById("news");
  let timer = 0, asked = 0;

  // A screen reader tells what changes in a part that stays, not a part that is put in anew.
  function tell() {
    const told = [...place.querySelectorAll("[data-verdict]")].map((each) => each.textContent).join(" ");
    if (announcer.textContent !== told) announcer.textContent = told;
  }

  async function check() {
    const turn = ++asked;
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-By-Itself": "1" },
    });
    if (!answer.ok || answer.redirected) return;
    const words = await answer.text();
    // What was asked before the last key was pressed is out of date.
    if (turn !== asked) return;
    place.innerHTML = words;
    tell();
    offerVoice(place);
  }

  form.addEventListener("input", (event) => {
    if (event.target.name === "note") return;
    clearTimeout(timer);
    timer = setTimeout(() => check().catch(() => {}), WAIT);
  });
}

function offerVoice(root) {
  if (!("speechSynthesis" in window)) return;
  for (const said of root.querySelectorAll("[data-speak]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = `Hear it in ${said.dataset.speak}`;
    button.addEventListener("click", () => {
      speechSynthesis.cancel();
      // Each part is an utterance of its own, so there is a pause between them as in a call.
      for (const part of said.querySelectorAll("[data-said]")) {
        const words = new SpeechSynthesisUtterance(part.textContent);
        words.lang = said.lang;
        speechSynthesis.speak(words);
      }
    });
    said.after(button);
  }
}

export function helpWithWording() {
  checkWhileWriting();
  offerVoice(document);
}
