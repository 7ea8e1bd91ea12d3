"""Laws, illnesses, discoveries and works that bear a person's name, in the languages of the names model.

`Heller's Corollary`, `osservazione di Renard`, `Duchenne-Muskeldystrophie`, `John 11:43`: the word beside the name says
what it is. What belongs to somebody who is called by a given name (`Giulia's discovery`) is theirs.
"""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.stems import word_set

_LAWS = (
    r"laws?|theorems?|corollar(?:y|ies)|axioms?|postulates?|paradox(?:es)?|conjectures?|lemmas?|principles?|Gesetz|Satz"
    r"|Theorem|Paradoxon|Korollar|Axiom|Prinzip|lov|sætning|paradoks"
)
"""What belongs to nobody, whatever name it is called by."""
_FINDS = (
    r"[Dd]ilemma|[Ss]yndrome|[Dd]isease|[Cc]onstant|[Ee]quations?|[Mm]anoeuvre|[Mm]aneuver|[Cc]omet|[Tt]elescope|[Rr]azor"
    r"|[Rr]eflex|Maxims?|Observations?|Discover(?:y|ies)|Rules?|Number|Experiment|Scale|Test|Regel|Effekt|Syndrom|Krankheit"
    r"|Konstante|Zahl|Komet|[Ee]ffekt|[Ss]ygdom|[Kk]onstant|[Kk]omet|[Ll]igning"
)
"""What may be somebody's own in lower case, or where a given name stands before it."""
_LAWS_OF = (
    r"loi|théorème|principe|paradoxe|corollaire|axiome|ley|leyes|teorema|principio|paradoja|corolario|axioma|legge|leggi"
    r"|paradosso|corollario|assioma|postulato|wet|stelling|paradox|lei|leis|princípio|paradoxo|corolário"
)
_FINDS_OF = (
    r"règle|effet|syndrome|maladie|constante|nombre|méthode|algorithme|comète|équation|regla|efecto|síndrome|enfermedad"
    r"|número|método|algoritmo|cometa|ecuación|regola|osservazione|effetto|sindrome|malattia|morbo|costante|numero|metodo"
    r"|equazione|massima|regel|effect|syndroom|ziekte|getal|methode|algoritme|komeet|vergelijking|regra|efeito|doença|equação"
)
_OF = r"(?:de[ ]la|del|des?|da|do|di|della|von|van|af|d['’])"
_LAW_BEFORE: Final = re.compile(rf"(?<!\w)(?:{_LAWS_OF})[ ]{_OF}[ ]?\Z", re.IGNORECASE)
_FIND_BEFORE: Final = re.compile(rf"(?<!\w)(?:{_FINDS_OF})[ ]{_OF}[ ]?\Z", re.IGNORECASE)
_GENITIVE = r"(?:['’]s?|s['’]|s)(?:[ ][A-Za-zäöüæøå]{3,14}){0,2}[ ]"
_LAW_AFTER: Final = re.compile(rf"{_GENITIVE}(?i:{_LAWS})\b")
"""`Heller's First Law`, `Murphys Gesetz`, `Moores lov`."""
_FIND_AFTER: Final = re.compile(rf"(?:{_GENITIVE}|[ ])(?:{_FINDS})\b")
_COMPOUND: Final = re.compile(
    r"-(?:Gesetz|Syndrom|Krankheit|Effekt|Test|Reaktion|Verfahren|Algorithmus|Transformation|Verteilung|Zahl|Preis"
    r"|Index|Skala|Diagramm|Modell|Theorie|Prinzip|Methode|Funktion|Gleichung|[Ss]yndroom|[Zz]iekte|syndrome?t?"
    r"|[Mm]uskel\w+|[Dd]ystrophie|[Ll]eukämie|[Ll]ymphom\w*|[Aa]nämie)\b"
)
_VERSE: Final = re.compile(r",?[ ](?:\d{1,3}[,:.][ ]?\d{1,3}|[IVXLC]{1,6},[ ]?\d{1,3})(?:[-–]\d{1,3})?(?![\d:])")
"""`John 11:43`, `Galati, VI, 3`. A time has no letters before it that are a book's name."""
_BOOKS: Final = word_set(
    "matthew mark luke john acts romans james peter jude timothy titus philemon ruth samuel ezra nehemiah esther job"
    " isaiah jeremiah ezekiel daniel hosea joel amos obadiah jonah micah nahum habakkuk zephaniah haggai zechariah"
    " malachi joshua matthäus markus lukas johannes petrus jakobus judas timotheus jesaja jeremia hesekiel hiob josua"
    " sacharja matthieu marc luc jean jacques pierre tite ésaïe jérémie josué mateo marcos lucas juan santiago pedro"
    " tito isaías jeremías matteo marco luca giovanni giacomo pietro isaia geremia giosuè galati mattheüs marcus mateus"
    " joão tiago jeremias timoteo timóteo timothée"
)


_REACH: Final = 28


def is_eponym(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is a part of what a law, an illness, a verse or the like is called by."""
    content = text[start:end].lower()
    if content in _BOOKS and _VERSE.match(text, end):
        return True
    before = max(0, start - _REACH)
    if any(map(str.isspace, content)):
        return False
    if _LAW_AFTER.match(text, end) or _LAW_BEFORE.search(text, before, start):
        return True
    if content in lexicon().given_names:
        return False
    return any((_COMPOUND.match(text, end), _FIND_AFTER.match(text, end), _FIND_BEFORE.search(text, before, start)))
