// What the page does by itself: it looks for news, warns before a session ends, and knows some keys.
import { followNews } from "./news.js";
import { watchSession } from "./session.js";
import { listenForKeys } from "./keys.js";
import { helpWithWording } from "./wording.js";

document.querySelector("[data-focus]")?.focus();
followNews();
watchSession();
listenForKeys();
helpWithWording();
