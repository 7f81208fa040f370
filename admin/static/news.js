// Keeps the moving part of a page up to date, and says in words what is new. Focus never moves: while
// somebody is inside that part, the new one waits until they have left it.

function isTyped() {
  const fields = [...document.querySelectorAll("input:not([type=hidden]), textarea")];
  return fields.some((field) => field.value !== field.defaultValue);
}

export function followNews() {
  const part = document.querySelector("[data-news]");
  if (!part) return;
  const announcer = document.getElementById("news");
  // What is new already when the page first looks is told as well.
  let version = "", said = part.dataset.said, waiting = null;

  function show() {
    if (waiting === null || part.contains(document.activeElement)) return;
    part.innerHTML = waiting;
    waiting = null;
  }

  async function look() {
    if (document.hidden) return;
    const answer = await fetch(`${part.dataset.news}?version=${version}`, {
      headers: { "X-By-Itself": "1" },
    });
    if (answer.status === 401) {
      // What somebody has typed is not taken from them: sent, it is kept while they sign in again.
      if (!isTyped()) location.reload();
      return;
    }
    if (answer.status !== 200) return;
    const news = await answer.json();
    version = news.version;
    waiting = news.html;
    show();
    // Whoever is in that part still sees the old one, and hears why.
    const later = waiting === null ? "" : " This page shows it when you leave the part that you are in.";
    if (news.said !== said) announcer.textContent = news.said + later;
    said = news.said;
  }

  part.addEventListener("focusout", () => setTimeout(show));
  setInterval(() => look().catch(() => {}), Number(part.dataset.every) * 1000);
  look().catch(() => {});
}
