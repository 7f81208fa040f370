// Who may hold a phone: the seeded people, and callers that the programme has never met.

import { spoken } from "./words.js";

const FIRST_PHONES = ["P05", "M06", "P01", "M02", "P02", "stranger", "withheld"];
const KEPT_AS = "bridgeline-phones";

// Numbers for callers nobody knows, taken from the fictional block above the seeded people.
const AREA = "+1515555";
const STRANGERS = {
  stranger: { label: "A stranger", kind: "person", from: 160, until: 160 },
  withheld: { label: "A withheld number", kind: "withheld", from: 161, until: 164 },
  landline: { label: "A landline", kind: "landline", from: 165, until: 169 },
  new: { label: "A new caller", kind: "person", from: 170, until: 189 },
};

export class Cast {
  constructor() {
    this.people = [];
    this.shown = null;
  }

  // The first look chooses the phones to begin with: those of this tab's last visit, else the tour's.
  begin(phones) {
    if (this.shown) return;
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "[]");
    const known = new Set([...phones, ...this.people].map((each) => each.number));
    const restored = kept.filter((number) => known.has(number));
    this.shown = [];
    if (restored.length) this.shown = restored;
    else FIRST_PHONES.forEach((key) => this.show(key, phones));
  }

  person(number) {
    return this.people.find((each) => each.number === number);
  }

  name(phone) {
    const label = phone.label === phone.number ? "" : phone.label;
    return this.person(phone.number)?.name ?? (label || spoken(phone.number));
  }

  // Show a seeded person by code, a phone by number, or somebody new; null when there is nobody.
  show(key, phones) {
    const number = this._numberFor(key, phones);
    if (!number) return null;
    if (!this.shown.includes(number)) this.shown.push(number);
    this._keep();
    return number;
  }

  hide(number) {
    this.leaveOut(number);
    this._keep();
  }

  // Not for good: a phone whose request was cut off by a reload is tried again after it.
  leaveOut(number) {
    this.shown = this.shown.filter((each) => each !== number);
  }

  // What the carrier must be told about a phone that it has not met.
  introduction(number) {
    const person = this.person(number);
    if (person) {
      const kind = person.landline ? "landline" : "person";
      return { number, label: person.name, kind };
    }
    const last = Number(number.slice(AREA.length + 1));
    const blocks = Object.values(STRANGERS);
    const found = blocks.find((each) => each.from <= last && last <= each.until) ?? STRANGERS.new;
    const order = last > found.from ? ` ${last - found.from + 1}` : "";
    return { number, label: found.label + order, kind: found.kind };
  }

  _numberFor(key, phones) {
    if (key.startsWith("+")) return key;
    const block = STRANGERS[key];
    if (!block) return this.people.find((each) => each.code === key)?.number;
    const numbers = Array.from({ length: block.until - block.from + 1 },
      (_, at) => `${AREA}0${block.from + at}`);
    if (key === "stranger") return numbers[0];
    const taken = new Set([...phones.map((phone) => phone.number), ...this.shown]);
    // When all are in use, one comes back that was put away here or belongs to another tab.
    return numbers.find((number) => !taken.has(number))
      ?? numbers.find((number) => !this.shown.includes(number));
  }

  _keep() {
    sessionStorage.setItem(KEPT_AS, JSON.stringify(this.shown));
  }
}

// The options of "Add a phone": everybody the programme knows by role, then the unknown.
export function fillPicker(select, people) {
  const groups = [
    ["Somebody unknown", [["new", "A new caller"], ["landline", "A landline"],
      ["withheld", "A withheld number"], ["stranger", "The stranger"]]],
    ["Proteges", byLetter(people, (letter) => letter === "P")],
    ["Mentors", byLetter(people, (letter) => letter === "M")],
    ["Staff", byLetter(people, (letter) => letter !== "P" && letter !== "M")],
  ];
  select.replaceChildren(...groups.filter(([, pairs]) => pairs.length).map(([label, pairs]) => {
    const group = document.createElement("optgroup");
    group.label = label;
    group.append(...pairs.map(([value, text]) => new Option(text, value)));
    return group;
  }));
}

// Who has no code is a stranger, and stands among the unknown already.
function byLetter(people, test) {
  return people.filter((each) => each.code && test(each.code[0]))
    .map((each) => [each.code, `${each.name} (${each.code})`]);
}
