// The text thread of one phone.

import { announce, keepAtEnd, make, setHidden, setOptions, setText } from "./dom.js";
import { isMain, labelled, shortTime } from "./words.js";

export class Thread {
  constructor(box, name) {
    this.box = box;
    this.name = name;
    this.summary = box.querySelector("summary");
    this.scroller = box.querySelector(".thread");
    this.list = box.querySelector("ol");
    this.form = box.querySelector("form");
    this.items = new Map();
    this.scroller.setAttribute("aria-label", `Texts on ${name}’s phone`);
    this.form.setAttribute("aria-label", `Write a text from ${name}’s phone`);
  }

  update(phone, lines, known, zone, isFirst) {
    setHidden(this.box, phone.landline);
    const count = phone.messages.length;
    setText(this.summary, count ? `Texts (${count})` : "Texts");
    setHidden(this.box.querySelector(".no-texts"), count > 0);
    keepAtEnd(this.scroller, () =>
      phone.messages.forEach((message) => this._show(message, lines, zone, isFirst)));
    // The line of one's own mentor or protege stands first, for that is whom one mostly writes to.
    const own = lines.filter((line) => known.has(line.number));
    const targets = [...own, ...lines.filter(isMain)];
    setOptions(this.form.elements.to,
      targets.map((line) => [line.number, labelled(line.number, lines)]));
  }

  _show(message, lines, zone, isFirst) {
    const incoming = message.direction === "in";
    const state = message.carrier ? "written by the phone company itself"
      : incoming ? "" : message.status;
    const found = this.items.get(message.id);
    if (found) {
      setText(found, state);
      return;
    }
    const item = make("li", `text ${message.direction}`);
    const peer = labelled(message.peer, lines);
    const about = `${incoming ? "From" : "To"} ${peer}, ${shortTime(message.at, zone)}`;
    const body = make("p", "body", message.body);
    body.dir = "auto";
    const note = make("p", "state soft", state);
    item.append(make("p", "about soft", about), body, note);
    this.items.set(message.id, note);
    this.list.append(item);
    this.scroller.tabIndex = 0;
    if (incoming && !isFirst) this._tell(message, peer);
  }

  _tell(message, peer) {
    this.box.open = true;
    announce(`${this.name} got a text from ${peer}: ${message.body}`);
  }
}
