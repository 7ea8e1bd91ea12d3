"""What is called after a person, or like one: laws and diseases, brands, programming languages and products."""

from __future__ import annotations

import re
from typing import Final

from promptguard.detectors.names.code_names import is_code_name
from promptguard.detectors.names.eponyms import is_eponym
from promptguard.detectors.names.lexicon import lexicon
from promptguard.detectors.names.organisations import is_called_organisation
from promptguard.detectors.stems import word_set

_THINGS = (
    r"laws?|theorems?|lemmas?|conjectures?|methods?|algorithms?|equations?|rules?|principles?|paradox(?:es)?|constants?"
    r"|inequalit(?:y|ies)|transforms?|transformations?|distributions?|formulas?|formulae|effects?|razor|criteri(?:on|a)"
    r"|triangles?|hypothes[ie]s|postulates?|integrals?|polynomials?|ciphers?|calculus|elimination|decomposition|cat"
    r"|exact test|coefficients?|gesetz|satz|verfahren"
)
_NAMED = (
    r"theorems?|lemmas?|conjectures?|algorithms?|equations?|inequalit(?:y|ies)|transforms?|transformations?"
    r"|distributions?|ciphers?|calculus|matri(?:x|ces)|polynomials?|series|sequences?|integrals?|interpolation"
    r"|elimination|decomposition|priors?|kernels?|sampling|machines?|constant|syndrome|hypothesis|paradox"
    r"|salads?|pizzas?|melba|correlation|regression|method|filters?"
)
_ILLNESSES = r"diseases?|syndromes?|palsy|lymphomas?|dementia|krankheit"
_AFTER: Final = re.compile(
    rf"(?:['’]s?|s['’])(?:[ ][a-z]{{3,14}}){{0,3}}[ ](?:{_THINGS})\b|[ ](?:{_NAMED})\b"
    r"|[ ](?:[Ii]nternational[ ])?[Aa]irport\b"
)
"""After `Moore's law`, `Bayes' theorem`, `Fourier transform`, `Charlotte Douglas airport`."""
_CALLED_SO: Final = re.compile(
    r"[ ](?:releases?|branch|builds?|milestone|sprint|iteration|squad|cluster|nodes?|namespace|repo(?:sitory)?"
    r"|environment|pipeline|theme|fonts?|salads?|pizzas?|dressing|sauce|soup|tests?|method|trials?|process"
    r"|correlation|regression"
    r"|estimator|score|scale|chart|diagram|plot|functions?|operator|counter|codes?)\b"
)
_ARTICLE: Final = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Oo]ur|[Tt]his|[Ee]ach|[Pp]er|[Dd]er|[Dd]as|[Dd]ie)[ ]\Z")
_LANGUAGES: Final = word_set(
    "english german french spanish italian dutch portuguese polish czech danish swedish norwegian finnish russian"
    " ukrainian turkish arabic hebrew chinese mandarin cantonese japanese korean hindi urdu greek latin hungarian"
    " romanian bulgarian croatian serbian slovak slovenian thai vietnamese indonesian malay persian farsi catalan"
    " basque welsh irish gaelic swahili tamil telugu bengali"
)
_LANGUAGE_BEFORE: Final = re.compile(
    r"\b(?:to|into|in|from|and|or|speaks?|speaking|plain|simple|business|formal|fluent|native|basic|written|good|read"
    r"|reads)[ ]\Z",
    re.IGNORECASE,
)
_ILLNESS: Final = re.compile(rf"(?:['’]s?)?[ ](?:{_ILLNESSES})\b")
"""After `Crohn's disease`; that of somebody who is called by a given name is theirs."""
_BEFORE: Final = re.compile(
    r"\b(?:loi|th[ée]or[èe]me|maladie|syndrome|ley|teorema|enfermedad|legge|malattia|morbus|satz|gesetz|wet"
    r"|stelling)[ ](?:de[ ]la[ ]|des?[ ]|d['’]|di[ ]|von[ ]|van[ ])?\Z",
    re.IGNORECASE,
)
_BRANDS: Final = re.compile(
    r"(?<!\w)(?:john deere|dr\.? pepper|dr\.? martens|doc martens|mercedes[- ]benz|johnson & johnson"
    r"|ben (?:&|and) jerry['’]?s|jack daniel['’]?s|jim beam|johnnie walker|captain morgan|calvin klein|ralph lauren"
    r"|tommy hilfiger|hugo boss|louis vuitton|christian dior|yves saint laurent|giorgio armani|michael kors|kate spade"
    r"|marc jacobs|jimmy choo|est[ée]e lauder|elizabeth arden|mary kay|max factor|helena rubinstein|harley[- ]davidson"
    r"|pro max|tom (?:&|and|und|et|y|e|en|og) jerry"
    r"|\b\w+ (?:united|rovers|wanderers|hotspur|albion)|(?:real|atl[eé]tico) madrid|bayern (?:m[üu]nchen|munich)"
    r"|(?:ac|inter) milan"
    r"|aston martin|alfa romeo|rolls[- ]royce|land rover|charles schwab|j\.?p\.? ?morgan|morgan stanley|goldman sachs"
    r"|merrill lynch|wells fargo|ernst (?:&|and) young|booz allen|eli lilly|procter (?:&|and) gamble"
    r"|smith (?:&|and) wesson|black (?:&|and) decker|marks (?:&|and) spencer|tiffany (?:&|and) co"
    r"|barnes (?:&|and) noble|wendy['’]s|arby['’]s|denny['’]s|macy['’]s|kohl['’]s"
    r"|lowe['’]s|sainsbury['’]s|mcdonald['’]s|levi['’]s"
    r"|king['’]s cross"
    r"|abercrombie (?:&|and) fitch|papa john['’]?s|jimmy john['’]?s|tim hortons?|carl['’]?s jr|trader joe['’]?s"
    r"|sara lee|betty crocker|oscar mayer|mr\.? clean|mr\.? bean|lorem ipsum(?: dolor)?(?: sit amet)?|dolor sit amet"
    r"|monte carlo|santa claus|thomas cook|sherwin[- ]williams|hewlett[- ]packard|warner bro(?:s|thers)"
    r"|madame tussauds|victoria['’]?s secret|jack wolfskin|don julio|jose cuervo|uncle ben['’]?s|levi strauss"
    r"|addison[- ]wesley|mcgraw[- ]hill|prentice hall|simon & schuster|houghton mifflin|harper ?collins"
    r"|faber (?:&|and) faber|breitkopf (?:&|und) härtel|thomson reuters|baker (?:&|and) mckenzie|baker tilly"
    r"|grant thornton"
    r"|walter de gruyter|o['’]reilly media|daimler[- ]benz|thyssenkrupp|moody['’]s"
    r"|fry['’]s electronics"
    r"|dunkin['’] donuts|krispy kreme|ronald mcdonald|mickey mouse|saint laurent|pierre cardin"
    r"|miss dior|van cleef (?:&|and) arpels|dolce (?:&|and) gabbana|jean paul gaultier"
    r"|oscar de la renta"
    r"|arial black|arial narrow|comic sans|times new roman|gill sans|franklin gothic|lucida grande|trebuchet ms"
    r"|john (?:q\. )?(?:doe|public)|jane doe|joe (?:bloggs|public|sixpack|average)|(?:max|erika) mustermann"
    r"|otto normalverbraucher|jan modaal|juan p[ée]rez ficticio|red hat|raspberry pi|visual basic|apache spark)(?!\w)",
    re.IGNORECASE,
)
_BRAND_WORDS: Final = frozenset(re.findall(r"[^\W\d_]{2,}", _BRANDS.pattern))
"""Most names have none of them, and need no look at a hundred brands."""
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
_MAX_BRAND_LENGTH: Final = 24

_OWNED: Final = re.compile(
    r"(?:\b(?:an?|the|my|your|his|her|our|their|this|that|new|old|used|ein(?:en?|em)?|der|den|dem|mein(?:en?|em)?|une?"
    r"|le|el|il|een|en)[ ])\Z",
    re.IGNORECASE,
)
_MAKES: Final = word_set(
    "dell ford lincoln mercedes chevrolet chrysler dodge bentley lancia opel porsche ferrari renault citroën audi"
    " peugeot maserati bugatti lotus morgan austin rover tesla honda toyota suzuki mazda royce harley gibson fender"
    " steinway rolex cartier omega bosch siemens philips hoover singer lenovo acer garmin boeing cessna lexus kia"
)
"""Makers whose name stands for what they make: `a Dell`, `the new Ford`; with a surname behind it, it is a person."""
_SURNAME_AFTER: Final = re.compile(r"[ ][A-ZÀ-Þ][a-zà-ÿ'’-]+")

_ADJECTIVES: Final = re.compile(
    r"(?:frank[ ](?:discussions?|talks?|exchanges?|conversations?|assessments?|feedback|admission|advice|opinions?"
    r"|answers?|reviews?|accounts?|dialogue)|grace[ ](?:periods?|notes?)|mark[ ](?:schemes?|sheets?|up|down)"
    r"|rose[ ](?:water|gold|hip)|pat[ ]down|rich[ ](?:text|content|media|snippets?)|jack[ ](?:hammers?|pots?)"
    r"|bill[ ](?:payments?|of)|will[ ]power|penny[ ]stocks?"
    r"|faith[ ]groups?|hope[ ]chests?|joy[ ]stick|chase[ ]down|victor[ ]ludorum)\b",
    re.IGNORECASE,
)
"""Words that are names too, before what makes them words again."""

_CALLED_LIKE_PERSONS: Final = word_set(
    "ada julia ruby crystal pascal basic dylan amber ember jade elm eve io logo sage stan octave lisa sinatra"
    " meteor jasmine mocha karma chai celery chef salt nomad consul cypress capybara cucumber racket clojure nim"
    " zig mojo carbon flask angular svelte scala perl delphi fortran simula eiffel miranda erlang lua tcl haxe"
    " hugo jekyll gatsby pelican nikola zola harbor rancher maria redis cassandra percona presto trino hudi"
    " iceberg druid airflow luigi dagster prefect flink storm samza hive pig mahout nutch tika camel karaf felix"
    " roller derby geronimo joomla magento wagtail mercedes alexa"
)
"""Names of languages and tools that people bear too: told apart by what the sentence is about."""
_TECHNICAL: Final = re.compile(
    r"\b(?:programming|languages?|code|coding|script|scripts|function|class|algorithm|compiler|compile|framework"
    r"|librar(?:y|ies)|package|module|syntax|developers?|programs?|snippet|api|sdk|database|schema|query|queries|server"
    r"|install|deploy|docker|kubernetes|python|java|javascript|typescript|rust|golang|c\+\+|php|sql|rails|django|react"
    r"|test(?:s|ing)? (?:suite|framework|runner)|benchmark|runtime|repl|regex|snake_case|camelcase|pascalcase"
    r"|unit tests?"
    r"|dealer(?:ship)?|sedan|van|truck|engine|programmiersprache|langage|lenguaje|linguaggio|taal)\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.!?](?=\s)|\n")
_REACH: Final = 160


def is_no_person(text: str, start: int, end: int) -> bool:
    """Whether text[start:end], written like a person's name, is the name of something else by what stands around it."""
    if _ILLNESS.match(text, end) and text[start:end].lower() not in lexicon().given_names:
        return True
    if _AFTER.match(text, end) or _BEFORE.search(text, max(0, start - 24), start):
        return True
    if _ADJECTIVES.match(text, start) and " " not in text[start:end]:
        return True
    if is_version_called_so(text, start, end) or _is_spoken(text, start, end):
        return True
    if in_brand(text, start, end) or _is_make(text, start, end) or _is_language(text, start, end):
        return True
    return is_eponym(text, start, end) or is_code_name(text, start, end) or is_called_organisation(text, start, end)


def is_version_called_so(text: str, start: int, end: int) -> bool:
    """Whether it is one word that something else is called by: `the Jordan release`, `a Caesar salad`."""
    if any(map(str.isspace, text[start:end])) or not _CALLED_SO.match(text, end):
        return False
    return _ARTICLE.search(text, max(0, start - 8), start) is not None


def _is_spoken(text: str, start: int, end: int) -> bool:
    """Whether it is a language, where one is spoken of: `translate it to German`."""
    if text[start:end].lower() not in _LANGUAGES or _SURNAME_AFTER.match(text, end):
        return False
    return _LANGUAGE_BEFORE.search(text, max(0, start - 12), start) is not None


def _is_make(text: str, start: int, end: int) -> bool:
    """Whether it is what somebody owns or drives: `my Dell`, `a Mercedes`."""
    if text[start:end].lower() not in _MAKES or _SURNAME_AFTER.match(text, end):
        return False
    return _OWNED.search(text, max(0, start - 12), start) is not None


def in_brand(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is a brand or a part of one: `Dr Pepper`, `Johnson & Johnson`."""
    if _BRAND_WORDS.isdisjoint(_LETTERS.findall(text[start:end].lower())):
        return False
    low = max(0, start - _MAX_BRAND_LENGTH)
    return any(
        brand.start() <= start and end <= brand.end()
        for brand in _BRANDS.finditer(text, low, min(len(text), end + _MAX_BRAND_LENGTH))
    )


def _is_language(text: str, start: int, end: int) -> bool:
    if text[start:end].lower() not in _CALLED_LIKE_PERSONS:
        return False
    before = [cut.end() for cut in _SENTENCE.finditer(text, max(0, start - _REACH), start)]
    after = _SENTENCE.search(text, end, end + _REACH)
    low, high = (before or [max(0, start - _REACH)])[-1], after.start() if after else end + _REACH
    sentence = text[low:start] + " " + text[end:high]
    lists = lexicon()
    return _TECHNICAL.search(sentence) is not None or any(
        word.lower() in lists.namesakes for word in re.findall(r"[A-Za-z]+", sentence)
    )
