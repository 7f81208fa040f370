// Words for what the page shows. Pure functions: facts in, text out.

export function spoken(number) {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (us) return `+1 ${us[1]} ${us[2]} ${us[3]}`;
  return /^\+?\d{3,15}$/.test(number) ? number : "a withheld number";
}

// What a person types becomes E.164 when it can; anything else goes to the carrier as it is, which
// then says in a sentence what is wrong with it.
export function dialled(typed) {
  const digits = typed.replace(/[\s().-]/g, "");
  if (/^[2-9]\d{9}$/.test(digits)) return `+1${digits}`;
  if (/^1[2-9]\d{9}$/.test(digits)) return `+${digits}`;
  return digits;
}

export function labelled(number, lines) {
  const line = lines.find((each) => each.number === number);
  return line ? `${spoken(number)} (${line.label})` : spoken(number);
}

export function isMain(line) {
  return /\bmain\b/i.test(line.label);
}

// A carrier may know our lines by their numbers alone. Then the first one is the main line, for that
// is the one that every programme begins with.
export function nameLines(numbers) {
  if (numbers.some(isMain)) return numbers;
  const named = (line) => /[a-z]/i.test(line.label);
  return numbers.map((line, at) => {
    if (at === 0) return { ...line, label: "main line" };
    return named(line) ? line : { ...line, label: "pair line" };
  });
}

export function status(phone, lines) {
  const call = phone.call;
  if (!call) return "Idle";
  if (call.state === "ringing-in") return `Ringing: ${spoken(call.shown)} is calling`;
  if (call.state === "ringing-out") return `Calling ${labelled(call.shown, lines)}`;
  if (call.state === "in-call") return `On a call with ${labelled(call.shown, lines)}`;
  return `${call.state.replaceAll("-", " ")}: ${labelled(call.shown, lines)}`;
}

export function aside(phone, lines) {
  const call = phone.call;
  if (!call) return phone.last_captions.length ? "What was heard in the last call:" : "";
  if (call.recording) return "Recording. What you say now is kept as a voice note; # ends it.";
  if (call.gathering) return "The line is waiting for a key or a word.";
  const line = lines.find((each) => each.number === call.shown);
  return call.state === "ringing-in" && line ? `This phone shows our ${line.label}.` : "";
}

export function role(person, phone) {
  if (!person) {
    if (phone.withheld) return "Shows no number when it calls";
    return phone.landline ? "Unknown to the programme · landline" : "Unknown to the programme";
  }
  const kind = { P: "Protege", M: "Mentor" }[person.code[0]] ?? "Staff";
  return [`${kind} ${person.code}`, person.note].filter(Boolean).join(" · ");
}

const SPEAKERS = { line: "Line", me: "You", other: "Other" };

export function speaker(who) {
  return SPEAKERS[who] ?? who;
}

export function length(seconds) {
  if (seconds === null || seconds === undefined) return "";
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return [minutes && `${minutes} min`, (rest || !minutes) && `${rest} s`].filter(Boolean).join(" ");
}

export function ending(entry) {
  const facts = [entry.outcome, entry.reason, length(entry.seconds), entry.two_way && "two-way"];
  return facts.filter(Boolean).join(", ");
}

export function pair(entry) {
  const who = entry.who || "Someone unknown";
  return entry.to ? `${who} to ${entry.to}` : who;
}

// The contact log writes "Tue, Mar 3, 2:05 pm", so the page writes its own times like that.
function timeParts(date, zone) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, weekday: "short", day: "numeric", month: "short", year: "numeric",
    hour: "numeric", minute: "2-digit",
  });
  const parts = Object.fromEntries(format.formatToParts(date).map((p) => [p.type, p.value]));
  return { ...parts, time: `${parts.hour}:${parts.minute} ${parts.dayPeriod.toLowerCase()}` };
}

export function shortTime(iso, zone) {
  const { weekday, time } = timeParts(new Date(iso), zone);
  return `${weekday} ${time}`;
}

export function longTime(date, zone) {
  const { weekday, day, month, year, time } = timeParts(date, zone);
  return `${weekday}, ${month} ${day}, ${year}, ${time}`;
}
