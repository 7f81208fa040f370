// The contact log and the tasks for staff. Rows are added and corrected in place, never redrawn.

import { announce, make, setHidden, setText } from "./dom.js";
import { ending, pair } from "./words.js";

const SHORT = 30;

export class ContactLog {
  constructor() {
    this.body = document.getElementById("entries");
    this.all = document.getElementById("all-entries");
    this.rows = new Map();
    this.seen = false;
    this.isLong = false;
    this.all.addEventListener("click", () => {
      this.isLong = !this.isLong;
      this._limit();
    });
  }

  // The newest entry has the highest id and stands first.
  update(entries) {
    const inOrder = [...entries].sort((a, b) => Number(a.id) - Number(b.id));
    inOrder.forEach((entry) => this._show(entry));
    setHidden(document.getElementById("no-entries"), entries.length > 0);
    this._limit();
    this.seen = true;
  }

  _show(entry) {
    if (!this.rows.has(entry.id)) {
      this.rows.set(entry.id, this._addRow());
      const words = [entry.kind, pair(entry), ending(entry)].join(", ");
      if (this.seen) announce(`New in the contact log: ${words}`);
    }
    const cells = this.rows.get(entry.id).children;
    const values = [entry.at, pair(entry), entry.kind, entry.line || "no line", ending(entry)];
    values.forEach((value, at) => setText(cells[at], value));
  }

  // The roles are written out because the narrow layout takes them away with `display`.
  _addRow() {
    const row = make("tr", "");
    row.setAttribute("role", "row");
    ["when", "pair", "what", "line", "ending"].forEach((name) => {
      const cell = make("td", name);
      cell.setAttribute("role", "cell");
      row.append(cell);
    });
    this.body.prepend(row);
    return row;
  }

  _limit() {
    const rows = Array.from(this.body.children);
    rows.forEach((row, at) => setHidden(row, !this.isLong && at >= SHORT));
    setHidden(this.all, rows.length <= SHORT);
    setText(this.all, this.isLong ? `Show the latest ${SHORT}` : `Show all ${rows.length} entries`);
  }
}

export class Tasks {
  constructor() {
    this.list = document.getElementById("tasks");
    this.items = new Map();
    this.seen = false;
  }

  update(tasks) {
    const open = new Set(tasks.map((task) => task.id));
    for (const [id, item] of this.items) {
      if (open.has(id)) continue;
      item.remove();
      this.items.delete(id);
    }
    tasks.forEach((task) => this._show(task));
    setHidden(document.getElementById("no-tasks"), tasks.length > 0);
    this.seen = true;
  }

  _show(task) {
    if (!this.items.has(task.id)) {
      const item = make("li", "");
      item.append(make("span", "words"), " ", make("span", "due soft"));
      this.items.set(task.id, item);
      this.list.append(item);
      if (this.seen) announce(`New for staff: ${task.words}`);
    }
    const [words, due] = this.items.get(task.id).children;
    setText(words, task.words);
    setText(due, task.due ? `by ${task.due}` : "");
  }
}
