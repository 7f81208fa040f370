// What the page does by itself: it looks for news, warns before a session ends, knows some keys, and
// plays recordings slower or faster.
import { followNews } from "./news.js";
import { watchSession } from "./session.js";
import { listenForKeys } from "./keys.js";
import { helpWithWording } from "./wording.js";
import { addSpeeds } from "./player.js";

document.querySelector("[data-focus]")?.focus();
followNews();
watchSession();
listenForKeys();
helpWithWording();
addSpeeds();
