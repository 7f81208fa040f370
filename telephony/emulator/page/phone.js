// One phone: a card that is built once and afterwards changed only where the phone has changed.

import { Captions } from "./captions.js";
import { make, setHidden, setText } from "./dom.js";
import { Thread } from "./thread.js";
import { hasVoice, hush, readAloud } from "./voice.js";
import { aside, dialled, isMain, role, spoken, status } from "./words.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const KEY_NAMES = { "*": "* star", "#": "# pound" };
const template = document.getElementById("card");
let cards = 0;

export class Phone {
  // `act(number, verb, body)` returns a promise; `remove(phone)` puts the card away.
  constructor({ number, name, person, act, remove }) {
    Object.assign(this, { number, name, person, act });
    this.card = template.content.firstElementChild.cloneNode(true);
    this.queue = Promise.resolve();
    this.known = new Set([person?.line, ...(person?.lines ?? [])].filter(Boolean));
    this.call = null;
    this.lines = [];
    this.seen = false;
    this._nameParts();
    this._makeKeypad();
    this.captions = new Captions(this.find(".captions"), name, (text, language) => {
      if (this.aloud.checked) readAloud(text, language);
    });
    this.thread = new Thread(this.find(".texts"), name);
    this._listen(remove);
  }

  find(selector) {
    return this.card.querySelector(selector);
  }

  focus() {
    this.find(".name").focus();
    this.card.scrollIntoView({ block: "nearest" });
  }

  openTexts() {
    this.thread.box.open = true;
  }

  update(phone, lines, zone) {
    const had = this.call;
    this.call = phone.call;
    this.lines = lines;
    this._learnLines(phone);
    setText(this.find(".role"), role(this.person, phone));
    setText(this.find(".aside"), aside(phone, lines));
    setText(this.find(".status"), status(phone, lines));
    const state = phone.call?.state ?? "idle";
    if (this.card.dataset.state !== state) this.card.dataset.state = state;
    if (phone.call?.sid !== had?.sid) setText(this.find(".pressed"), "");
    if (had && !phone.call && this.aloud.checked) hush();
    this.captions.update(phone, !this.seen);
    this.thread.update(phone, lines, this.known, zone, !this.seen);
    this._showControls(phone);
    this.seen = true;
  }

  // A line that rang or wrote to this phone is one that its owner can call back.
  _learnLines(phone) {
    const heardFrom = phone.messages.map((message) => message.peer);
    if (phone.call) heardFrom.push(phone.call.shown);
    const ours = this.lines.filter((line) => !isMain(line));
    ours.filter((line) => heardFrom.includes(line.number))
      .forEach((line) => this.known.add(line.number));
  }

  _showControls(phone) {
    const state = phone.call?.state;
    const ringing = state === "ringing-in";
    const focused = document.activeElement;
    setHidden(this.find(".when-ringing"), !ringing);
    setHidden(this.find(".when-idle"), Boolean(state));
    setHidden(this.find(".when-calling"), !state || ringing);
    setHidden(this.find(".hang-up"), !state || ringing);
    setHidden(this.find(".landline"), !phone.landline);
    this._showPairLines();
    // The button just used may be gone now; the status line beside it says what came of it.
    if (this.card.contains(focused) && focused.closest("[hidden]")) this.find(".status").focus();
  }

  _showPairLines() {
    const box = this.find(".pair-lines");
    const shown = new Set(Array.from(box.children, (button) => button.dataset.number));
    const ours = this.lines.filter((line) => this.known.has(line.number));
    ours.filter((line) => !shown.has(line.number)).forEach((line) => {
      const button = make("button", "", "Call my pair line ");
      button.type = "button";
      button.dataset.number = line.number;
      button.append(make("span", "small", spoken(line.number)),
        make("span", "unseen", ` on ${this.name}’s phone`));
      button.addEventListener("click", () => this.dial(line.number));
      box.append(button);
    });
  }

  _nameParts() {
    const id = `phone-${(cards += 1)}`;
    const name = this.find(".name");
    name.id = id;
    name.textContent = this.name;
    this.card.setAttribute("aria-labelledby", id);
    setText(this.find(".number"), spoken(this.number));
    this.find(".remove").append(make("span", "unseen", ` ${this.name}’s phone`));
    // A list of all buttons has them without their phone, and several phones may ring at once.
    for (const one of [".main-line", ".answer", ".decline", ".hang-up", ".say button",
      ".write button"]) {
      this.find(one).append(make("span", "unseen", ` on ${this.name}’s phone`));
    }
    this.find(".keypad").setAttribute("aria-label", `Keypad of ${this.name}’s phone`);
    this.aloud = this.find(".aloud input");
    setHidden(this.find(".aloud"), !hasVoice);
  }

  _makeKeypad() {
    this.find(".keypad").append(...KEYS.map((key) => {
      const button = make("button", "key", key);
      button.type = "button";
      if (KEY_NAMES[key]) button.setAttribute("aria-label", KEY_NAMES[key]);
      button.addEventListener("click", () => this.press(key));
      return button;
    }));
  }

  _listen(remove) {
    const on = (selector, event, what) => this.find(selector).addEventListener(event, what);
    on(".remove", "click", () => remove(this));
    on(".answer", "click", () => this.do("answer"));
    on(".decline", "click", () => this.do("reject"));
    on(".hang-up", "click", () => this.do("hangup"));
    on(".main-line", "click", () => this.dial(this.lines.find(isMain)?.number ?? ""));
    on(".dial", "submit", (event) => {
      event.preventDefault();
      this.dial(dialled(event.target.elements.to.value));
    });
    on(".say", "submit", (event) => this._send(event, "words", "say", { confidence: 0.95 }));
    on(".write", "submit", (event) =>
      this._send(event, "body", "text", { to: event.target.elements.to.value }));
    on(".aloud input", "change", () => this.aloud.checked || hush());
    this.card.addEventListener("keydown", (event) => this._typed(event));
  }

  // Digits typed on a keyboard are keys of the phone, except where one writes text.
  _typed(event) {
    const keyed = KEYS.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
    const calling = this.call && this.call.state !== "ringing-in";
    if (!keyed || !calling || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    this.press(event.key);
  }

  press(key) {
    const pressed = this.find(".pressed");
    setText(pressed, `${pressed.textContent || "Keys pressed:"} ${key}`);
    return this.do("press", { keys: key });
  }

  dial(to) {
    return this.do("dial", { to });
  }

  // What was typed leaves its box only when it has arrived, so that nobody types it twice.
  async _send(event, field, verb, body) {
    event.preventDefault();
    const box = event.target.elements[field];
    const sent = box.value;
    if (!sent.trim()) return;
    const arrived = await this.do(verb, { ...body, [field]: sent });
    if (arrived && box.value === sent) box.value = "";
  }

  // Keys pressed quickly arrive in their order: each request waits for the one before it.
  do(verb, body) {
    const problem = this.find(".problem");
    this.queue = this.queue.then(async () => {
      setText(problem, "");
      try {
        await this.act(this.number, verb, body);
        return true;
      } catch (error) {
        setText(problem, error.message);
        return false;
      }
    });
    return this.queue;
  }
}
