// Small helpers that change the page only where it differs, so that focus, typed text and what a
// screen reader is reading stay where they are.

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

export function make(tag, className, text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

// Keep the options of a select equal to [value, text] pairs without losing what is chosen.
export function setOptions(select, pairs) {
  const same = pairs.length === select.options.length &&
    pairs.every(([value, text], at) =>
      select.options[at].value === value && select.options[at].text === text);
  if (same) return;
  const chosen = select.value;
  select.replaceChildren(...pairs.map(([value, text]) => new Option(text, value)));
  if (pairs.some(([value]) => value === chosen)) select.value = chosen;
}

// Scroll to the newest line only for a reader who was at the end already.
export function keepAtEnd(box, change) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
  change();
  if (atEnd) box.scrollTop = box.scrollHeight;
}

const announcer = document.getElementById("announcer");
const KEPT = 20;

// Say something once to a screen reader, without moving the focus.
export function announce(sentence) {
  announcer.append(make("p", "", sentence));
  while (announcer.childElementCount > KEPT) announcer.firstElementChild.remove();
}
