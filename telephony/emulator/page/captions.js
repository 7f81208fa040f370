// What one phone hears, newest last, as a log that a screen reader follows by itself.

import { keepAtEnd, make, setText } from "./dom.js";
import { speaker } from "./words.js";

export class Captions {
  constructor(box, name, onHeard) {
    this.box = box;
    this.name = name;
    this.onHeard = onHeard;
    this.call = null;
    this.lines = new Map();
    box.setAttribute("aria-label", `What ${name} hears`);
  }

  // After a call its captions stay to be read, until the next call begins.
  update(phone, isFirst) {
    const captions = phone.call ? phone.call.captions : phone.last_captions;
    const isOther = phone.call ? phone.call.sid !== this.call : this._isOtherCall(captions);
    if (isOther) {
      this.lines.clear();
      this.box.replaceChildren();
    }
    if (phone.call) this.call = phone.call.sid;
    keepAtEnd(this.box, () => captions.forEach((caption) => this._show(caption, isFirst)));
  }

  // A whole call may begin and end between two looks: then none of its captions is known yet.
  _isOtherCall(captions) {
    return this.lines.size > 0 && captions.length > 0 && !this.lines.has(captions[0].id);
  }

  _show(caption, isFirst) {
    const known = this.lines.get(caption.id);
    if (known) {
      setText(known, caption.text);
      return;
    }
    const line = make("p", `caption ${caption.who}`);
    const words = make("span", "words", caption.text);
    // A screen reader and the browser's voice change over to the language that is spoken.
    if (caption.language) words.lang = caption.language;
    // Several phones may talk at once, and a screen reader tells a line without its log. So each
    // line says whose phone it is on, also when more words come to it.
    line.setAttribute("aria-atomic", "true");
    line.append(make("span", "unseen", `${this.name}’s phone:`), " ",
      make("span", "speaker", speaker(caption.who)), " ", words);
    this.lines.set(caption.id, words);
    this.box.append(line);
    // Once it holds text the log may scroll, so the keyboard must be able to reach it.
    this.box.tabIndex = 0;
    if (!isFirst && caption.who !== "me") this.onHeard(caption.text, words.lang);
  }
}
