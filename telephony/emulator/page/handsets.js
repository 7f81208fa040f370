// The page: it looks at the two sources, and gives every part what concerns it.

import { Cast, fillPicker } from "./cast.js";
import { Clock } from "./clock.js";
import { ContactLog, Tasks } from "./contact_log.js";
import { announce, make, setHidden, setText } from "./dom.js";
import { Phone } from "./phone.js";
import { Source, post } from "./wire.js";
import { isMain, nameLines, spoken } from "./words.js";

const LOOK_WHEN_GONE_MS = 2000;
const GONE = "The demo is not answering. What you see may be old. " +
  "This page tries again by itself until the demo is back.";
const NONE_LEFT = "There is no number left for another phone of that kind.";

const settings = document.body.dataset;
const lookEveryMs = Number(settings.lookEvery);
const byId = (id) => document.getElementById(id);
const phonesSource = new Source(`${settings.phones}/state`);
const logSource = new Source(settings.log);
const cast = new Cast();
const contactLog = new ContactLog();
const tasks = new Tasks();
const clock = new Clock(settings.clock, settings.zone, settings.zoneName, look);
const cards = new Map();
const introduced = new Set();
let carrier = { phones: [], numbers: [] };
let wanted = null;
let looking = null;
let timer = 0;

// One look at a time. Asked during a look, the page looks once more: the answer under way may be
// older than what its reader has just done.
function look() {
  clearTimeout(timer);
  if (looking) {
    looking.again ??= looking.done.then(look);
    return looking.again;
  }
  looking = {};
  looking.done = lookOnce();
  return looking.done;
}

async function lookOnce() {
  let isHere = false;
  try {
    isHere = await readBoth();
  } finally {
    looking = null;
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, isHere ? lookEveryMs : LOOK_WHEN_GONE_MS);
  }
}

async function readBoth() {
  const [state, log] = await Promise.allSettled([phonesSource.read(), logSource.read()]);
  const isHere = state.status === "fulfilled" && log.status === "fulfilled";
  if (isHere && byId("gone").textContent) {
    // A demo that was started again has forgotten the phones that were added here.
    introduced.clear();
    announce("The demo is answering again.");
  }
  setText(byId("gone"), isHere ? "" : GONE);
  // One source may have answered just before the demo went away; what it knew is old as well.
  if (!isHere) [phonesSource, logSource].forEach((source) => source.forget());
  if (log.value) takeLog(log.value);
  if (state.value) takeState(state.value);
  if (log.value || state.value) showPhones();
  clock.tick();
  return isHere;
}

function takeLog(log) {
  if (JSON.stringify(cast.people) !== JSON.stringify(log.people)) {
    cast.people = log.people;
    fillPicker(byId("who"), log.people);
  }
  contactLog.update(log.entries);
  tasks.update(log.tasks);
  clock.set(log.clock);
}

function takeState(state) {
  carrier = { ...state, numbers: nameLines(state.numbers) };
  clock.set(state.clock);
  const pairLine = carrier.numbers.find((line) => !isMain(line));
  if (pairLine) setText(byId("a-pair-line"), spoken(pairLine.number));
}

function showPhones() {
  if (!cast.people.length || !carrier.numbers.length) return;
  cast.begin(carrier.phones);
  const byNumber = new Map(carrier.phones.map((phone) => [phone.number, phone]));
  for (const number of cast.shown) {
    const phone = byNumber.get(number);
    if (phone) showPhone(phone);
    else introduce(number);
  }
  setHidden(byId("waiting"), cards.size > 0);
  showRinging();
}

function showPhone(phone) {
  let card = cards.get(phone.number);
  if (!card) {
    const { number } = phone;
    const person = cast.person(number);
    card = new Phone({ number, name: cast.name(phone), person, act, remove });
    cards.set(number, card);
    byId("cards").insertBefore(card.card, cardAfter(number));
  }
  card.update(phone, carrier.numbers, settings.zone);
  if (wanted?.number === phone.number) {
    if (wanted.texts) card.openTexts();
    wanted = null;
    card.focus();
  }
}

// The carrier learns of several phones at once, in any order; the cards stand as they were chosen.
function cardAfter(number) {
  const later = cast.shown.slice(cast.shown.indexOf(number) + 1);
  return later.map((each) => cards.get(each)?.card).find(Boolean) ?? null;
}

// Each new phone is told to the carrier once; the next look then finds it there.
async function introduce(number) {
  if (introduced.has(number)) return;
  introduced.add(number);
  try {
    await post(`${settings.phones}/add`, cast.introduction(number));
    look();
  } catch (error) {
    introduced.delete(number);
    cast.leaveOut(number);
    announce(error.message);
  }
}

async function act(number, verb, body) {
  const phone = carrier.phones.find((each) => each.number === number);
  const sent = verb === "dial" ? { ...body, withheld: Boolean(phone?.withheld) } : body;
  try {
    await post(`${settings.phones}/${encodeURIComponent(number)}/${verb}`, sent);
  } finally {
    look();
  }
}

function remove(phone) {
  cast.hide(phone.number);
  cards.delete(phone.number);
  const next = phone.card.nextElementSibling ?? phone.card.previousElementSibling;
  phone.card.remove();
  (next?.querySelector(".name") ?? byId("who")).focus();
  announce(`${phone.name}’s phone is put away. You can add it again.`);
  showRinging();
}

function show(key, texts = false) {
  const number = cast.shown && cast.show(key, carrier.phones);
  setText(byId("add-problem"), number ? "" : NONE_LEFT);
  if (!number) return;
  wanted = { number, texts };
  showPhones();
}

// A strip names every phone that rings, for the phone itself may be far down the page or put away.
function showRinging() {
  const strip = byId("ringing");
  const ringing = carrier.phones.filter((phone) => phone.call?.state === "ringing-in");
  const names = new Set(ringing.map((phone) => phone.number));
  for (const item of Array.from(strip.children)) {
    if (names.has(item.dataset.number)) continue;
    const hadFocus = item.contains(document.activeElement);
    item.remove();
    if (hadFocus) cards.get(item.dataset.number)?.focus();
  }
  const present = new Set(Array.from(strip.children, (item) => item.dataset.number));
  strip.append(...ringing.filter((phone) => !present.has(phone.number)).map(ringItem));
  setHidden(strip, ringing.length === 0);
}

function ringItem(phone) {
  const item = make("p", "");
  const name = cast.name(phone);
  item.dataset.number = phone.number;
  const button = make("button", "", "Go to it");
  button.type = "button";
  button.addEventListener("click", () => show(phone.number));
  button.setAttribute("aria-label", `Go to it: ${name}’s phone`);
  item.append(make("span", "", `${name}’s phone is ringing`), button);
  announce(cards.has(phone.number) ? `${name}’s phone is ringing.`
    : `${name}’s phone rings; it is not on the page yet.`);
  return item;
}

byId("add").addEventListener("submit", (event) => {
  event.preventDefault();
  show(byId("who").value);
});
document.querySelectorAll("[data-show]").forEach((button) =>
  button.addEventListener("click", () => show(button.dataset.show, "texts" in button.dataset)));
document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden) look();
});
byId("tour").open = window.matchMedia("(min-width: 60rem)").matches;
setHidden(byId("ringing"), true);
look();
