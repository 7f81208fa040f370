// The demo's clock: real time plus what was pushed. It runs on here between two answers.

import { announce, setText } from "./dom.js";
import { longTime } from "./words.js";
import { post } from "./wire.js";

const DAY = 86400;
const MORNING_HOUR = 9;

export class Clock {
  constructor(address, zone, zoneName, onMoved) {
    Object.assign(this, { address, zone, onMoved });
    this.face = document.getElementById("now");
    this.problem = document.getElementById("clock-problem");
    this.base = null;
    this.moving = false;
    setText(document.getElementById("zone"), zoneName);
    document.querySelectorAll("[data-advance]").forEach((button) =>
      button.addEventListener("click", () => this._push(button.dataset.advance)));
  }

  set(iso) {
    this.base = Date.parse(iso) - performance.now();
    this.tick();
  }

  now() {
    return new Date(this.base + performance.now());
  }

  tick() {
    if (this.base === null) return;
    setText(this.face, longTime(this.now(), this.zone));
  }

  async _push(by) {
    if (this.moving || this.base === null) return;
    this.moving = true;
    setText(this.problem, "");
    try {
      const seconds = by === "morning" ? untilMorning(this.now(), this.zone) : Number(by);
      const moved = await post(this.address, { advance: seconds });
      this.set(moved.clock);
      await this.onMoved();
      announce(`The clock is now at ${longTime(this.now(), this.zone)}`);
    } catch (error) {
      setText(this.problem, error.message);
    } finally {
      this.moving = false;
    }
  }
}

function secondsOfDay(date, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(date);
  const read = (type) => Number(parts.find((part) => part.type === type).value);
  return read("hour") * 3600 + read("minute") * 60 + read("second");
}

// A night in which the clocks change is an hour longer or shorter, so the result is looked at and
// corrected once.
export function untilMorning(now, zone) {
  const seconds = DAY - secondsOfDay(now, zone) + MORNING_HOUR * 3600;
  const there = new Date(now.getTime() + seconds * 1000);
  return seconds + MORNING_HOUR * 3600 - secondsOfDay(there, zone);
}
