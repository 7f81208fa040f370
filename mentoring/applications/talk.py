"""What staff ask in the talk with everybody who applies, and the codes of the answers.

Matching compares the three ways of working; "either" of advice is alike with both of its ends.
"""

# The profile keys of the ways of working, each with its two ends.
WAYS_OF_WORKING = {
    "advice": ("straight", "gentle"),
    "planning": ("plan", "try"),
    "pace": ("chatty", "brief"),
}
TALK_ANSWERS = {
    "motive": ("give_back", "share_skill", "shared_background", "meet_people", "asked_by_agency"),
    **WAYS_OF_WORKING,
    "advice": (*WAYS_OF_WORKING["advice"], "either"),
    # Whether those who wait may hear of a mentor in a sentence, without a surname.
    "described": ("yes", "no"),
}
