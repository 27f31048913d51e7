"""More training texts from those there are: words left out, words swapped for others.

After Wei and Zou 2019, "EDA: Easy Data Augmentation". The synonyms were chosen by hand
for film reviews. Lesson 07 develops the functions; a test holds the notebook and this
module to the same code.
"""

import re

from course_utils import batch_checks
from course_utils.call_guard import guarded

NEGATION = re.compile(r"\W*(no|not|never|nor|none|nothing|without|hardly|\w+n't)\W*")
GROUPS = """
movie film picture
movies films pictures
director filmmaker
story plot
stories plots
tale yarn
viewer spectator
great superb terrific wonderful
good fine solid
bad poor weak
terrible dreadful horrible
boring dull tedious dreary
funny hilarious witty
comic comical humorous
clever smart bright
charming likable winning
moving touching poignant
strong powerful potent
beautiful gorgeous lovely
strange peculiar weird
silly foolish ridiculous
stupid brainless mindless
predictable foreseeable
pointless senseless
shallow superficial
slow sluggish
quick fast rapid
big large
little small tiny
sad sorrowful
happy cheerful joyful
scary frightening spooky
exciting enthralling engrossing
fascinating gripping riveting
sometimes occasionally
often frequently
nearly practically virtually
very really truly
completely totally thoroughly
perhaps maybe possibly
show display
shows displays
begins starts
ends finishes
however nevertheless
comedy farce
whole full
"""  # as good or as bad as each other, and with the same article (a or an) before them
SYNONYMS = {
    word: [other for other in group.split() if other != word]
    for group in GROUPS.split("\n")
    for word in group.split()
}


def is_negation(word):
    """Return whether a word, punctuation around it allowed, turns what follows."""
    return NEGATION.fullmatch(word.lower()) is not None


def drop_words(text, chance, share=0.1):
    """Leave out each word with probability `share`; negations and the last one stay.

    text: str. chance: random.Random. Returns str.
    """
    words = text.split()
    kept = [w for w in words if is_negation(w) or chance.random() >= share]
    return " ".join(kept or words[-1:])


def swap_synonyms(text, chance, share=0.5):
    """Swap each word that has synonyms for one of them, with probability `share`.

    text: str. chance: random.Random. Returns str, case and punctuation as they were.
    """
    parts = re.split(r"(\w+)", text)  # words, and what stands between them
    for place, word in enumerate(parts):
        others = SYNONYMS.get(word.lower(), [])
        if others and chance.random() < share:
            other = chance.choice(others)
            parts[place] = other.capitalize() if word[0].isupper() else other
    return "".join(parts)


drop_words = guarded(drop_words, batch_checks.check_rewriting)
swap_synonyms = guarded(swap_synonyms, batch_checks.check_rewriting)
