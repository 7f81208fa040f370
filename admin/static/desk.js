// What the page does by itself: it looks for news, warns before a session ends, knows some keys, plays
// recordings slower or faster, and offers passkeys.
import { followNews } from "./news.js";
import { watchSession } from "./session.js";
import { listenForKeys } from "./keys.js";
import { helpWithWording } from "./wording.js";
import { offerPasskeys } from "./passkeys.js";
import { addSpeeds } from "./player.js";

function skipToThePage() {
  const main = document.getElementById("main");
  document.querySelector(".skip").addEventListener("click", (event) => {
    // An address that ends in #main would stay through forms, and take the focus from what went wrong.
    event.preventDefault();
    main.scrollIntoView();
    main.focus();
  });
}

skipToThePage();
document.querySelector("[data-focus]")?.focus();
followNews();
watchSession();
listenForKeys();
helpWithWording();
addSpeeds();
offerPasskeys();
