// What the page does by itself: it looks for news, warns before a session ends, knows some keys, plays
// recordings slower or faster, and offers passkeys.
import { followNews } from "./news.js";
import { watchSession } from "./session.js";
import { listenForKeys } from "./keys.js";
import { helpWithWording } from "./wording.js";
import { offerPasskeys } from "./passkeys.js";
import { addSpeeds } from "./player.js";

document.querySelector("[data-focus]")?.focus();
followNews();
watchSession();
listenForKeys();
helpWithWording();
addSpeeds();
offerPasskeys();
