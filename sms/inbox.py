"""A text has come in: an opt-out, a command, an answer, or words for the other side."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from mentoring.calendar.ladders import ABOUT_A_TALK, LASTING
from mentoring.calendar.later import ask_later
from mentoring.conversation_queries import waiting_conversation
from mentoring.conversations import ask_again, take, take_up
from mentoring.db import Session
from mentoring.effects import GAVE_UP, PUT_OFF, Connect, ToPerson
from mentoring.facts import language_of
from mentoring.flows.inputs import Text
from mentoring.models import Channel, Conversation, Line, OptOutKind, Person, Phone
from mentoring.optouts import refuse
from mentoring.partners import Partner, partners_of
from mentoring.people import add_phone, who_it_may_be
from mentoring.placeholders import plan_words
from mentoring.reception import shared_language, without_what_is_off
from mentoring.reminders import ask_again_in
from mentoring.routing import Reached, Refusal, Route
from mentoring.setbacks import ask_about_opt_out
from mentoring.tasks import open_task
from mentoring.texting_phones import take_as_texting
from mentoring.wrong_numbers import disown, own_again
from sms.crisis import answer_crisis, take_in_crisis
from sms.first_talks import take_first_time
from sms.for_whom import ask_for_whom
from sms.holds import explain_hold
from sms.keywords import Word
from sms.languages import LANGUAGE_WORDS, change_language, offer_of_languages
from sms.letters import Letter, Writer, reached_by
from sms.logged import log_refused_text, log_text_to_us
from sms.notes_in_writing import ask_for_writing
from sms.parting import part_by_text
from sms.passing_on import pass_on
from sms.references import take_reference
from sms.replies import Replies
from sms.returns import lifts_block, restore_texts
from sms.touch import take_wish
from sms.who import may_be_another, told_by
from sms.worries import take_worry

# T-LATER says in how many days we ask again.
_LATER = timedelta(days=2)
# On a pair line these are ordinary words between two people: no question of ours is open there.
_CHATTY = (Word.AGAIN, Word.LATER, Word.SLOW, Word.MENU, Word.TERMS, *LANGUAGE_WORDS)


def receive_text(session: Session, letter: Letter) -> None:
    """Handle one text once. Whatever it is, it is logged, kept or answered; nothing is lost."""
    reached = reached_by(session, letter)
    if reached is None:
        return
    if letter.number is None or reached.line is None:
        log_refused_text(session, letter, reached)
        return
    if reached.is_loop:
        log_refused_text(session, letter, replace(reached, way=Refusal.OUR_OWN_LINE))
        return
    phone = reached.phone
    if phone is None:
        phone = add_phone(session, letter.number, now=letter.now)
    take_as_texting(session, phone, written_at=letter.written_at, now=letter.now)
    _Desk(session, letter, reached, phone, reached.line).handle()


class _Desk:
    """Handles one text from one phone on one line."""

    def __init__(
        self, session: Session, letter: Letter, reached: Reached, phone: Phone, line: Line
    ) -> None:
        self.session = session
        self.letter = letter
        self.reached = reached
        self.phone = phone
        self.line = line
        self.now = letter.now
        self.replies = Replies(session, letter, phone=phone, line=line)
        # Between two people no question of ours is open, so there it is not looked for.
        on_its_way = self.route is not None
        self.waiting = None if on_its_way else waiting_conversation(session, phone, now=letter.now)
        if not self._may_answer(self.waiting):
            self.waiting = without_what_is_off(session, self.waiting, now=letter.now)
        # What goes on with this text: on a phone of several not what another one was asked.
        is_another = self.waiting is not None and may_be_another(session, letter, self.waiting)
        self.theirs = None if is_another else self.waiting
        if self.theirs is not None and self.theirs.person is None:
            self.replies.language = language_of(self.theirs)
        elif not on_its_way and phone.asks_who:
            self.replies.language = shared_language(phone)

    def _may_answer(self, waiting: Conversation | None) -> bool:
        """Tell whether these words answer a question as it was texted, be it called off or not."""
        was_texted = waiting is not None and waiting.channel is Channel.TEXT
        is_due = waiting is not None and waiting.effect != PUT_OFF
        return was_texted and is_due and self.letter.reading.word is None

    @property
    def route(self) -> Route | None:
        """The open match behind this phone and line, if any."""
        return self.reached.way if isinstance(self.reached.way, Route) else None

    @property
    def person(self) -> Person | None:
        """Who writes, when that is certain: by the match, as the only one, or as in this talk."""
        if self.route is not None:
            return self.route.mine.person
        if not self.phone.asks_who:
            return self.phone.only_person
        return told_by(self.waiting, goes_on=self.theirs is not None, now=self.now)

    @property
    def _writer(self) -> Writer:
        match_id = self.route.match.id if self.route else None
        return Writer(self.phone, self.person, self.line, match_id)

    def handle(self) -> None:
        """Do the first that fits: opt-out words, commands, the open pair line, the conversation."""
        if self.letter.flags.crisis:
            # Nobody knows yet in which language a stranger is served, but their own words tell it.
            language = self.letter.flags.language or self.replies.language
            answer_crisis(self.session, self.letter, self._writer, language=language)
        if not self._passes_on():
            log_text_to_us(self.session, self.letter, self.line, self.person)

    def _passes_on(self) -> bool:
        """Handle it; False when it was for the service itself."""
        if self._handle_opt_out() or self._is_disowned():
            return False
        if self._handle_reference() or self._handle_word():
            return False
        if self.route is not None:
            return self._handle_pair_line(self.route)
        if self.replies.are_too_many:
            return False
        if isinstance(self.reached.way, Refusal):
            self.refuse(self.reached.way)
            return True
        self._converse()
        return False

    def refuse(self, why: Refusal) -> None:
        """Pass nothing on, and say no more than anybody may know."""
        log_refused_text(self.session, self.letter, self.reached)
        if why is Refusal.HELD:
            explain_hold(self.session, self.letter, self.phone, self.line, self.replies)
        else:
            self.replies.refuse(why, person=self.person)

    def _handle_opt_out(self) -> bool:
        """Opt-outs and returns, for all our lines (S3). The carrier answers its own words."""
        word, own = self.letter.reading.carrier, self.letter.reading.word
        wants_back = word == "start" or own is Word.START
        was_disowned = wants_back and own_again(self.session, self.phone, now=self.now)
        if was_disowned or (wants_back and self.phone.texts_refused_at is not None):
            restore_texts(self.session, self.letter, self._writer, self.replies)
            return True
        # Texts are on, but the carrier may have blocked this one line: START lifts that.
        was_blocked = word == "start" and lifts_block(self.session, self._writer, now=self.now)
        # A YES from somebody who never opted out is an answer like any other.
        is_yes = self.letter.body.strip().strip(".!").lower() == "yes"
        if (word == "help" or was_blocked) and not is_yes:
            return True
        if word == "stop" or own is Word.STOP:
            # The carrier confirms its own words.
            if self._refuse_texts("text") and word != "stop":
                self.replies.prompt("T-STOP", person=self.person)
            return True
        if own is Word.START:
            self._begin()
            return True
        if own is Word.HELP:
            self.replies.prompt("T-HELP", person=self.person)
            return True
        return self._handle_wish_to_stop()

    def _begin(self) -> None:
        """START where nothing was stopped, as a first word perhaps: nobody else answers it."""
        if self.replies.are_too_many:
            return
        if self.route is not None:
            self.replies.prompt("T-START", person=self.person)
        elif isinstance(self.reached.way, Refusal):
            self.refuse(self.reached.way)
        else:
            self.again()

    def _handle_wish_to_stop(self) -> bool:
        wish = self.letter.reading.wish
        if wish is None:
            return False
        if wish.wrong_number:
            if disown(self.session, self.phone, how="by text", now=self.now):
                self.replies.prompt("T-WRONG", person=self.person)
            return True
        if self._refuse_texts("text sentence"):
            self.replies.prompt("T-STOP", person=self.person)
            if not wish.sure:
                self._task("S2", "may have asked us to stop texts. They are off. Please ask.")
        if self.route is not None and not wish.sure:
            # It may as well be said to the other one, whose texts nobody has stopped.
            pass_on(self.session, self.letter, self.route)
        return True

    def _refuse_texts(self, source: str) -> bool:
        """Stop our texts; False where they are stopped already, which is confirmed once (S2)."""
        fresh = refuse(
            self.session, self.phone, OptOutKind.TEXTS, source=source, line=self.line, now=self.now
        )
        if fresh:
            ask_about_opt_out(self.session, self.phone, now=self.now)
        return fresh

    def _is_disowned(self) -> bool:
        """Whoever wrote that theirs is a wrong number passes nothing on and is told nothing.

        They may be the one all the same: START brings them back, and a call for help is heard.
        """
        heard = self.letter.reading.word in (Word.PERSON, Word.WORRY)
        if not self.phone.disowned or not self.phone.people or heard:
            return False
        log_refused_text(self.session, self.letter, replace(self.reached, way=Refusal.WRONG_NUMBER))
        return True

    def _handle_reference(self) -> bool:
        is_stranger = self.route is None and not self.phone.people
        return is_stranger and take_reference(self.session, self.letter, self.phone, self.replies)

    def _handle_word(self) -> bool:
        word = self.letter.reading.word
        if word is None or (self.route is not None and word in _CHATTY):
            return False
        if word is Word.TOUCH:
            # While their line is open the words are meant for the other one as well.
            is_ours = take_wish(self.session, self.letter, self._writer, self.replies)
            return is_ours and self.route is None
        if word in LANGUAGE_WORDS:
            # The open question comes again, in that language.
            if not change_language(
                self.session, self.letter, self._writer, self.theirs, self.replies
            ):
                return False
            word = Word.AGAIN
        _HANDLERS[word](self)
        return True

    def person_wanted(self) -> None:
        """PERSON: staff answer within a working day (O8)."""
        self._task("O8", "asked for a person by text.")
        self.replies.prompt("T-PERS", person=self.person)

    def worry(self) -> None:
        """WORRY: staff make contact within a working day (O10), and a few questions follow."""
        take_worry(self.session, self.letter, self._writer)

    def plan(self) -> None:
        """PLAN: the plan of each match is read back, on a pair line that of its match."""
        mine = [(p.match_id, p.name) for p in self._partners()]
        for match_id, name in mine:
            prompt, known = plan_words(self.session, match_id, name, self.person)
            self.replies.prompt(prompt, person=self.person, **known)
        if not mine:
            self.ask_staff()

    def _partners(self) -> list[Partner]:
        """Return whom this person is matched with; on a pair line only the one behind it."""
        partners = partners_of(self.session, self.person.id) if self.person else []
        if self.route is None:
            return partners
        return [each for each in partners if each.match_id == self.route.match.id]

    def part(self) -> None:
        """PAUSE and FINISH: a rest at once; for the end it is asked first whether they are sure."""
        if not part_by_text(self.session, self.letter, self.person, self._partners()):
            self.ask_staff()

    def ask_staff(self) -> None:
        """CALL, and what we cannot do by ourselves: staff arrange it with both sides."""
        self._task("O8", f"texted {self.letter.reading.word}. Please arrange it with them.")
        self.replies.prompt("T-PERS", person=self.person)

    def later(self) -> None:
        """LATER: the open question waits. That we ask again is said only where it can be kept."""
        waiting, reminded = self.waiting, False
        if waiting is not None and waiting.invitation_id is not None:
            reminded = ask_later(self.session, waiting.invitation_id, at=self.now + _LATER)
        if waiting is not None and not reminded and waiting.flow in LASTING - ABOUT_A_TALK:
            question = self._question_by_text(waiting)
            reminded = ask_again_in(self.session, waiting, _LATER, question=question, now=self.now)
        self.replies.prompt("T-LATER" if reminded else "T-LATER0", person=self.person)

    def _question_by_text(self, waiting: Conversation) -> str:
        """Return the open question as texted; nothing where an answer would not be taken yet."""
        if waiting.channel is not Channel.TEXT or waiting.effect is not None:
            return ""
        return self.replies.in_one_text(ask_again(self.session, waiting))

    def slow(self) -> None:
        """SLOW: slower speech and longer waits on calls from now on."""
        self.phone.slow = True
        self.replies.prompt("T-SLOW", person=self.person)

    def terms(self) -> None:
        """TERMS: what was agreed to."""
        self.replies.prompt("T-TERMS", person=self.person)

    def again(self) -> None:
        """AGAIN and MENU: the open question once more, else the menu that fits."""
        waiting = self.theirs
        if waiting is not None and waiting.channel is Channel.TEXT and waiting.effect is None:
            waiting.touched_at = self.now
            self.replies.exchange(ask_again(self.session, waiting))
        else:
            self._greet()

    def _handle_pair_line(self, route: Route) -> bool:
        """Relay; but for an answer to what was asked here: a first time, or a note in writing."""
        if self.letter.is_empty:
            # The carrier takes no such text, and to the other one it would be a riddle.
            self.replies.prompt("T-EMPTY", person=self.person)
            return False
        asked_here = (ask_for_writing, take_first_time, ask_for_whom)
        if any(ask(self.session, self.letter, route, self.replies) for ask in asked_here):
            return False
        pass_on(self.session, self.letter, route)
        return True

    def _converse(self) -> None:
        """The main line: an answer to the open question, or a menu. Photos are seen by nobody."""
        waiting = self.theirs
        if self.letter.flags.crisis:
            # They have been answered. A menu or a miss would be the wrong thing to hear now.
            take_in_crisis(self.session, self.letter, waiting, self.replies)
            return
        if self.letter.media:
            self.replies.prompt("T-PHOTO0", person=self.person)
        if waiting is None:
            self._greet()
            return
        if waiting.channel is not Channel.TEXT or waiting.effect == PUT_OFF:
            # It was not asked here yet, so these words cannot be its answer: ask it first.
            exchange = take_up(
                self.session, waiting, channel=Channel.TEXT, call_sid=None, now=self.now
            )
            self.replies.exchange(exchange)
            return
        said = Text(self.letter.body)
        exchange = take(self.session, waiting, said, proof=self.letter.message_sid, now=self.now)
        self.replies.exchange(exchange)
        if isinstance(exchange.effect, ToPerson):
            gave_up = exchange.effect.reason == GAVE_UP
            self._task("O14" if gave_up else "O8", exchange.effect.reason + ".")
            self.replies.prompt("T-ERR2" if gave_up else "T-PERS", person=waiting.person)
        elif isinstance(exchange.effect, Connect):
            self.replies.pair_line(exchange.effect)

    def _greet(self) -> None:
        is_new = self.waiting is None and not self.phone.people and not self.replies.language
        if is_new:
            self.replies.text(offer_of_languages(self.session))
        self.replies.greet(self.waiting, person=self.person, body=self.letter.body)

    def _task(self, rule: str, words: str) -> None:
        # One call back is promised to a texter, however many tries were not understood meanwhile.
        once = rule == "O14"
        open_task(
            self.session,
            rule=rule,
            words=f"{who_it_may_be(self.person, self.phone)} {words}"[:200],
            key=None if once else f"{rule}:{self.letter.message_sid}",
            subject=(self.person.code if self.person else f"phone {self.phone.id}")
            if once
            else None,
            person=self.person,
            phone=self.phone,
            match_id=self.route.match.id if self.route else None,
            now=self.now,
        )


_HANDLERS: dict[Word, Callable[[_Desk], None]] = {
    Word.PERSON: _Desk.person_wanted,
    Word.WORRY: _Desk.worry,
    **dict.fromkeys((Word.AGAIN, Word.MENU), _Desk.again),
    Word.LATER: _Desk.later,
    Word.SLOW: _Desk.slow,
    Word.TERMS: _Desk.terms,
    Word.PLAN: _Desk.plan,
    **dict.fromkeys((Word.PAUSE, Word.FINISH), _Desk.part),
    Word.CALL: _Desk.ask_staff,
}
