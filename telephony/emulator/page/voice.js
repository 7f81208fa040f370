// The browser's own voice. It is off until a reader turns it on for a phone.

export const hasVoice = "speechSynthesis" in window;

export function readAloud(text, language) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = language || document.documentElement.lang;
  window.speechSynthesis.speak(words);
}

export function hush() {
  if (hasVoice) window.speechSynthesis.cancel();
}
