"""Words before the name of a place that make it somebody's: where a person lives, was born, comes from or goes to.

The name of a country or city says nothing of anybody; "she lives in Lyon" does. Each language has cues of two
strengths: after a strong one any name of a place counts, after a weak one only a name that is nothing else, and only
where the sentence speaks of a person.
"""

from __future__ import annotations

from dataclasses import dataclass

PARTICLES = r"(?:(?:van|von|der|den|de|del|della|di|da|do|dos|du|le|la|el|al|bin|zu|ten|ter)[ ]){0,2}"
"""Within names of persons: `Ana van der Example`."""

_PERSON = rf"(?-i:\b\p{{Lu}}\p{{Ll}}+[ ]{PARTICLES}\p{{Lu}}[\p{{L}}'’-]+)"


@dataclass(frozen=True, slots=True)
class Cues:
    """Regexes for one language, to be matched without regard to case."""

    strong: str
    """Residence, birth, moving, seat."""
    weak: str
    """Being somewhere, travelling, sending."""
    faint: str
    """Words after which only the name of a country or region counts."""
    particles: str
    """What may stand between a cue and a name: articles, directions."""
    labels: str
    """Names of fields that hold a place."""
    lower_case_prefilter: str
    """The cues after which a country counts that is written without a capital."""
    prefilter: str
    """A plain regex that stands in every cue, for the prefilter: words, another word perhaps, a preposition.

    Hyperscan 5.4.12 misses matches of the cues themselves when they stand beside others in one database.
    """


CUES: dict[str, Cues] = {
    "en": Cues(
        strong=(
            r"(?:born)[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]in|"
            r"(?:liv(?:e|es|ed|ing)|resid(?:e|es|ed|ing)|residents?|settled|born(?:[ ]and[ ](?:raised|bred))?|raised"
            r"|gr[eo]w(?:ing|s)?[ ]up|relocat(?:e|es|ed|ing)|mov(?:e|es|ed|ing)|emigrated|immigrated"
            r"|headquartered|based"
            r"|located|nati(?:ve|onal)|citizens?|hails?|home[ ]?town|home[ ]city|originally|my[ ](?:family|parents|wife"
            r"|husband|son|daughter|brother|sister|boss|boyfriend|girlfriend|mother|father)(?:[ ]is|[ ]are)?)"
            r"(?:[ ](?:here|back|away|over|down|up|out|now|just|there|permanently|currently|again))?"
            r"[ ](?:in|at|near|outside|from|to|of|around)"
            r"|home[ ](?:town|city)(?:[ ](?:is|of))?|hometown(?:[ ](?:is|of))?"
        ),
        weak=(
            rf"{_PERSON}[ ]from|"
            r"(?:\d|ans|Jahre)[ -]"
            r"(?:year[ -])?old[ ]\w{3,14}[ ]from|"
            r"(?:I[ ]am|I['’]?m|we[ ]are|we['’]re|he['’]s|she['’]s|they['’]re|he[ ]is|she[ ]is|they[ ]are)"
            r"(?:[ ](?:currently|now|originally|still|here|staying|stuck|also))?[ ](?:in|from|near)"
            r"|(?:is|are|am|was|were|com(?:e|es|ing)|came|client|customer|friend|colleague|patient|guest|family|people"
            r"|arriv(?:e|es|ed|ing))(?:[ ](?:here|back|over|originally|this[ ]\w{3,9}))?[ ]from"
            r"|(?:travel(?:s|l?ed|l?ing)?|fl(?:y|ies|ew|ying|own)|trips?|go(?:es|ing)?|went|head(?:ed|ing|s)?"
            r"|com(?:e|es|ing)|came|return(?:s|ed|ing)?|driv(?:e|es|ing)|drove|ship(?:s|ped|ping)?|deliver(?:s|ed|y)?"
            r"|sen[dt](?:ing)?|mail(?:ed|ing)?|flights?|transfer(?:red)?|posted|deployed)"
            r"(?:[ ](?:here|back|over|down|up|out|on[ ]\w{6,9}|it|this|them))?[ ](?:to|from)"
            r"|(?:arriv(?:e|es|ed|ing)|stay(?:s|ed|ing)?|work(?:s|ed|ing)?|stud(?:y|ies|ied|ying)|vacation(?:ing)?"
            r"|holidays?|married|wedding|meeting|conference|office|house|apartment|flat|hotel|branch|store|client|clients)"
            r"(?:[ ](?:here|back|over|is|currently))?[ ](?:in|near)"
            r"|visit(?:s|ed|ing)?"
        ),
        faint=r"from",
        particles=(
            r"the|downtown|central|upstate|greater|sunny|beautiful|rural|suburban|north(?:ern)?|south(?:ern)?"
            r"|east(?:ern)?|west(?:ern)?|city[ ]of|town[ ]of"
        ),
        labels=(
            r"city|town|site|branch|country|state|province|county|location|place[ _]of[ _]birth|birth[ _]?place"
            r"|residence|hometown"
            r"|nationality|country[ _]of[ _](?:birth|residence|origin)|(?:billing|shipping|home)[ _](?:city"
            r"|country|state)"
        ),
        lower_case_prefilter=r"(?:live|lives|lived|living|born|originally|citizen|native|resident|moved|i.?m|am)(?:\s(?:here|back|currently|now))?\s(?:in|from|to|of)",
        prefilter=(
            r"\d{1,4}[ ]in|"
            r"(?:live|lives|lived|living|resid\w{1,6}|settled|born|bred|raised|up|relocat\w{1,3}|mov\w{1,3}|emigrated|immigrated"
            r"|headquartered|based|located|native|national|citizens?|hails?|town|city|hometown|originally|family|parents|wife|husband|son"
            r"|daughter|brother|sister|boss|boyfriend|girlfriend|mother|father|am|are|is|was|were|i.?m|we.?re|he.?s|she.?s|they.?re"
            r"|com\w{1,3}|came|clients?|customer|friend|colleague|patient|guest|people|arriv\w{1,3}|travel\w{0,4}|fl[yie]\w{0,4}|flown"
            r"|trips?|go|goes|going|went|head\w{0,3}|return\w{0,3}|driv\w{1,3}|drove|ship\w{0,4}|deliver\w{0,3}|sen[dt]\w{0,3}|mail\w{0,3}"
            r"|flights?|transfer\w{0,3}|posted|deployed|stay\w{0,3}|work\w{0,3}|stud\w{1,4}|vacation\w{0,3}|holidays?|married|wedding"
            r"|meeting|conference|office|house|apartment|flat|hotel|branch|store)(?:\s\w{1,12}){0,2}\s(?:in|at|near|outside|from|to|of|around)"
            r"|from|visit\w{0,3}|home[ ]?(?:town|city)(?:[ ](?:is|of))?"
        ),
    ),
    "de": Cues(
        strong=(
            r"(?:geb(?:oren|\.))[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]in|"
            r"(?:wohn(?:e|t|en|haft|ten|te)|lebe?(?:t|n|nd|te|ten)?|geboren|aufgewachsen|umgezogen|zieh(?:e|t|en)|gezogen"
            r"|stamm(?:e|t|en)|ansässig|gemeldet|sesshaft|übersiedelt|beheimatet|wohnsitz)"
            r"(?:[ ](?:jetzt|heute|aktuell|derzeit|seit[ ]\w{1,10}|nun|hier))?[ ](?:in|aus|nach|bei|von|zu)"
            r"|(?:bin|ist|sind|geboren|kommt|komme|kommen)[ ]aus"
        ),
        weak=(
            rf"{_PERSON}[ ](?:aus)|"
            r"(?:patient(?:in)?|kund(?:e|in)|mandant(?:in)?|mieter(?:in)?|kolleg(?:e|in)|freund(?:in)?|nachbar(?:in)?"
            r"|bewerber(?:in)?)[ ]aus|"
            r"(?:bin|sind|wurde|wuchs|gehe?|geht|liegt|arbeite(?:t|n)?|studier(?:e|t|en)|büro|filiale|urlaub|kunde|kundin|termin|wohnung|haus)"
            r"(?:[ ](?:gerade|derzeit|jetzt|aktuell))?[ ](?:in|bei)"
            r"|(?:reise|fahre|fahren|fährt|fliege|fliegen|fliegt|flug|umzug|versand|lieferung|schicken)[ ]nach"
        ),
        faint=r"aus",
        particles=r"der|die|dem|den|das|münchner|berliner|nord|süd|ost|west",
        labels=(
            r"ort|wohnort|standort|stadt|land|bundesland|geburtsort|kanton|gemeinde|staat|staatsangehörigkeit|wohnhaft|geburtsland"
        ),
        lower_case_prefilter=r"(?:wohne|wohnt|lebe|lebt|komme|kommt|bin|geboren)\s(?:in|aus)",
        prefilter=(
            r"\d{1,4}[ ]in|"
            r"aus|(?:wohn\w{0,6}|leb\w{0,4}|geboren|aufgewachsen|umgezogen|zieh\w{1,2}|gezogen|stamm\w{1,2}|ansässig|gemeldet|sesshaft"
            r"|übersiedelt|beheimatet|bin|ist|sind|wurde|wuchs|geht?e?|liegt|komm\w{1,2}|arbeite\w{0,1}|studier\w{1,2}|büro|filiale|urlaub|kund\w{1,2}|termin|haus"
            r"|reise|fahre\w?|fährt|flieg\w{1,2}|flug|umzug|versand|lieferung|schicken)(?:\s\w{1,12}){0,2}\s(?:in|aus|nach|bei|von|zu)"
        ),
    ),
    "fr": Cues(
        strong=(
            r"(?:n[ée]e?)[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]à|"
            r"(?:habit(?:e|es|ons|ent|ait|ez|er|ant)|vi(?:s|t|vons|vent|vait|vre)|résid(?:e|ons|ent|ant|er)|née?s?"
            r"|domiciliée?s?|déménagé?(?:e|er|ons|ent)?|originaires?|demeurant|installée?s?|basée?s?|grandi|située?s?)"
            r"(?:[ ](?:actuellement|maintenant|encore|désormais|toujours|près))?"
            r"[ ](?:à|au|en|aux|de|du|des|dans|vers|depuis|d['’])"
            r"|(?:vien(?:s|t|nent))[ ](?:de|du|des|d['’])"
        ),
        weak=(
            r"(?:suis|sommes|travaill(?:e|es|ons|ent)|étudi(?:e|ent)|séjour|vacances|bureau|agence|client|cliente)"
            r"[ ](?:à|au|en|aux)"
            r"|(?:vais|va|allons|partir?|pars|voyage|vol|livraison|envoyer|livrer)[ ](?:à|au|en|aux|vers|pour)"
            r"|(?:patiente?|cliente?|locataire|collègue|amie?|voisine?|candidate?)[ ](?:de|du|d['’])"
        ),
        faint=r"(?:retour|origine|nationalité)[ ](?:de|du|d['’])",
        particles=r"la|le|les|l['’]",
        labels=r"ville|pays|commune|lieu[ _]de[ _]naissance|pays[ _]de[ _]naissance|localité|département|nationalité",
        lower_case_prefilter=r"(?:habite|vis|vit|viens|vient|née?)\s(?:en|au|à|du|de)",
        prefilter=(
            r"\d{1,4}[ ]à|"
            r"(?:retour|origine|nationalité|habit\w{1,3}|vi[sv]\w{0,4}|vit|vien\w{1,5}|résid\w{1,3}|née?s?|domicilié\w{0,2}|déménag\w{0,4}|originaires?|demeurant"
            r"|installé\w{0,2}|basé\w{0,2}|grandi|situé\w{0,2}|suis|sommes|travaill\w{1,3}|étudi\w{1,3}|séjour|vacances|bureau|agence"
            r"|cliente?|patiente?|locataire|collègue|amie?|voisine?|candidate?|vais|va|allons|partir?|pars|voyage|vol|livraison|envoyer|livrer)(?:\s\w{1,12})?\s"
            r"(?:à|au|en|aux|de|du|des|dans|vers|depuis|pour|d)"
        ),
    ),
    "es": Cues(
        strong=(
            r"(?:nacid[oa])[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]en|"
            r"(?:viv(?:o|e|es|en|imos|ía|ir|iendo)|resid(?:o|e|en|ente|entes|ía)|nac(?:í|ió|ido|ida)|domiciliad[oa]s?"
            r"|mud(?:é|ó|ado|arme|arse|amos)|originari[oa]s?|natural|criad[oa]|empadronad[oa])"
            r"(?:[ ](?:ahora|actualmente|cerca))?[ ](?:en|de|a|desde)"
            r"|(?:soy|somos|vengo|viene|vienen|procedente)[ ]de"
        ),
        weak=(
            r"(?:estoy|está|estamos|trabaj(?:o|a|an|amos)|estudi(?:o|a|an)|oficina|sucursal|cliente|vacaciones"
            r"|piso)[ ]en"
            r"|(?:viaj(?:o|a|ar|amos)|voy|va|vamos|vuelo|enviar|envío)[ ]a"
            r"|(?:paciente|client[ea]|inquilin[oa]|compañer[oa]|amig[oa]|vecin[oa]|candidat[oa])[ ]de"
        ),
        faint=r"desde",
        particles=r"la|el|las|los",
        labels=(
            r"ciudad|poblaci[óo]n|pa[íi]s|provincia|localidad|municipio|lugar[ _]de[ _]nacimiento|estado|nacionalidad"
        ),
        lower_case_prefilter=r"(?:vivo|vive|soy|nací|vengo)\s(?:en|de)",
        prefilter=(
            r"\d{1,4}[ ]en|"
            r"desde|(?:viv\w{1,5}|resid\w{1,5}|nac\w{1,3}|domiciliad\w{1,2}|mud\w{1,4}|originari\w{1,2}|natural|criad\w|empadronad\w|soy|somos"
            r"|ven\w{2}|viene\w?|procedente|est\w{1,4}|trabaj\w{1,4}|estudi\w{1,2}|oficina|sucursal|client[ea]|paciente|inquilin\w|compañer\w|amig\w|vecin\w|candidat\w|vacaciones|piso|viaj\w{1,4}|voy|va|vamos|vuelo"
            r"|enviar|envío)(?:\s\w{1,12})?\s(?:en|de|a|desde)"
        ),
    ),
    "it": Cues(
        strong=(
            r"(?:nat[oa])[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]a|"
            r"(?:abit(?:o|a|i|ano|iamo|ava)|viv(?:o|e|i|ono|iamo|eva)|risied(?:o|e|ono)|resident[ei]|nat[oaie]"
            r"|trasferit[oaie]|domiciliat[oaie]|originari[oae]|cresciut[oaie]|con[ ]sede)"
            r"(?:[ ](?:ora|adesso|attualmente|vicino))?[ ](?:a|ad|in|di|da|presso|nel|nella|negli|dal|dalla)"
            r"|(?:vengo|viene|vengono|proveniente)[ ](?:da|dal|dalla|dall['’])"
        ),
        weak=(
            r"(?:sono|siamo|lavor(?:o|a|ano|iamo)|studi(?:o|a|ano)|ufficio|filiale|cliente|vacanza|appartamento)[ ]"
            r"(?:a|ad|in|nel|nella)"
            r"|(?:viaggi(?:o|a|are)|vado|va|andiamo|volo|spedire|inviare)[ ](?:a|ad|in)"
            r"|(?:paziente|cliente|inquilin[oa]|colleg[ah]|amic[oa]|candidat[oa])[ ](?:di|da)"
        ),
        faint=r"proveniente[ ]da",
        particles=r"il|la|lo|gli|le",
        labels=(
            r"citt[àa]|comune|paese|provincia|luogo[ _]di[ _]nascita|stato|nazione|nazionalit[àa]|residenza"
            r"|localit[àa]"
        ),
        lower_case_prefilter=r"(?:abito|vivo|vengo|nato|nata)\s(?:in|da)",
        prefilter=(
            r"\d{1,4}[ ]a|"
            r"(?:abit\w{1,4}|viv\w{1,4}|risied\w{1,3}|resident\w|nat[oaie]|trasferit\w|domiciliat\w|originari\w|cresciut\w|sede"
            r"|ven\w{2,4}|viene|proveniente|sono|siamo|lavor\w{1,4}|studi\w{1,3}|ufficio|filiale|cliente|paziente|inquilin\w|colleg\w|amic\w|candidat\w|vacanza|appartamento|viaggi\w{1,3}"
            r"|vado|va|andiamo|volo|spedire|inviare)(?:\s\w{1,12})?\s(?:a|ad|in|di|da|presso|nel|nella|negli|dal|dalla|dall)"
        ),
    ),
    "nl": Cues(
        strong=(
            r"(?:geb(?:oren|\.))[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ](?:in|te)|"
            r"(?:woon(?:t|achtig|de)?|wonen|leef(?:t|de)?|geboren|opgegroeid|verhuis(?:d|t|de)|verhuizen|afkomstig"
            r"|gevestigd|ingeschreven)(?:[ ](?:nu|momenteel|nog|vlakbij))?[ ](?:in|uit|te|naar|bij|op)"
            r"|(?:kom|komt|komen)[ ]uit"
        ),
        weak=(
            rf"{_PERSON}[ ](?:uit)|"
            r"(?:ben|zijn|werk(?:t|en)?|studeer(?:t)?|kantoor|filiaal|klant|vakantie|appartement)[ ](?:in|te)"
            r"|(?:reis|reist|ga|gaat|gaan|vlieg|vliegt|vlucht|verzenden|sturen)[ ]naar"
            r"|(?:patiënte?|klant|huurder|collega|vriend(?:in)?|buur(?:man|vrouw)|kandidaat)[ ]uit"
        ),
        faint=r"uit",
        particles=r"de|het|den",
        labels=r"woonplaats|plaats|stad|land|geboorteplaats|gemeente|provincie|nationaliteit|geboorteland",
        lower_case_prefilter=r"(?:woon|woont|kom|komt|geboren)\s(?:in|uit)",
        prefilter=(
            r"\d{1,4}[ ](?:in|te)|"
            r"uit|(?:woon\w{0,7}|wonen|leef\w{0,2}|geboren|opgegroeid|verhui\w{2,4}|afkomstig|gevestigd|ingeschreven|kom\w{0,2}|ben|zijn"
            r"|werk\w{0,2}|studeer\w?|kantoor|filiaal|klant|vakantie|appartement|reist?|gaa?\w{0,2}|vlieg\w?|vlucht|verzenden|sturen)"
            r"(?:\s\w{1,12})?\s(?:in|uit|te|naar|bij|op)"
        ),
    ),
    "da": Cues(
        strong=(
            r"(?:f(?:ødt|\.))[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]i|"
            r"(?:bor|boede|boet|bo|født|opvokset|flytte(?:r|t|de)?|stammer|bosat|bosiddende|hjemmehørende)"
            r"(?:[ ](?:nu|stadig|her|tæt))?[ ](?:i|fra|til|på|ved)"
            r"|(?:kommer|er)[ ]fra"
        ),
        weak=(
            rf"{_PERSON}[ ](?:fra)|"
            r"(?:arbejder|studerer|opholder|kontor|afdeling|kunde|ferie|lejlighed|jeg[ ]er|vi[ ]er)[ ]"
            r"(?:mig[ ])?(?:i|på)"
            r"|(?:rejser|rejse|tager|flyver|flyet|sendes|sende)[ ]til"
            r"|(?:patienten?|kunden?|lejeren?|kollegaen?|naboen?)[ ]fra"
        ),
        faint=r"fra",
        particles=r"det|den",
        labels=r"by|bopæl|fødested|land|kommune|fødeland|statsborgerskab",
        lower_case_prefilter=r"(?:bor|født|kommer)\s(?:i|fra)",
        prefilter=(
            r"\d{1,4}[ ]i|"
            r"fra|(?:bor|boede|boet|bo|født|opvokset|flyt\w{1,4}|stammer|bosat|bosiddende|hjemmehørende|kommer|er|arbejder|studerer"
            r"|opholder|kontor|afdeling|kunde|ferie|lejlighed|rejser?|flyver|flyet|tager|sendes?)(?:\s\w{1,12})?\s(?:i|fra|til|på|ved)"
        ),
    ),
    "pt": Cues(
        strong=(
            r"(?:nascid[oa])[ ][^\n;:]{1,20}[ ./-]\d{1,4}[ ]em|"
            r"(?:mor(?:o|a|as|am|amos|ava|ei|ou|ar)|viv(?:o|e|em|emos|ia|eu|er|endo)|resid(?:o|e|em|ente|entes|ia)"
            r"|nasc(?:i|eu|id[oa])|domiciliad[oa]s?|mud(?:ei|ou|ar-se|ado)|originári[oa]s?|natural|criad[oa]|cresci|cresceu)"
            r"(?:[ ](?:agora|atualmente|perto))?[ ](?:em|n[oa]s?|de|d[oa]s?|para)"
            r"|(?:sou|somos|venho|vem|vêm|proveniente)[ ](?:de|d[oa]s?)"
        ),
        weak=(
            r"(?:estou|está|estamos|trabalh(?:o|a|am|amos)|estud(?:o|a|am)|anda|escritório|filial|cliente|férias"
            r"|apartamento)[ ](?:em|n[oa]s?)"
            r"|(?:viaj(?:o|a|ar|amos)|vou|vai|vamos|voo|enviar|envio)[ ](?:a|ao|à|para)"
            r"|(?:paciente|cliente|inquilin[oa]|colega|amig[oa]|vizinh[oa]|candidat[oa])[ ](?:de|d[oa]s?)"
        ),
        faint=r"nacionalidade",
        particles=r"o|a|os|as",
        labels=(
            r"cidade|localidade|munic[íi]pio|pa[íi]s|concelho|distrito|freguesia|naturalidade|nacionalidade"
            r"|local[ _]de[ _]nascimento|morada|estado"
        ),
        lower_case_prefilter=r"(?:moro|mora|vivo|vive|sou|nasci|venho)\s(?:em|no|na|de|do|da)",
        prefilter=(
            r"\d{1,4}[ ]em|"
            r"nacionalidade|(?:mor\w{1,4}|viv\w{1,4}|resid\w{1,5}|nasc\w{1,4}|domiciliad\w{1,2}|mud\w{2,3}|mudar-se|originári\w{1,2}"
            r"|natural|criad\w|cresc\w{1,3}|sou|somos|venho|vem|vêm|proveniente|est\w{1,4}|trabalh\w{1,4}|estud\w{1,2}|anda|escritório"
            r"|filial|cliente|férias|apartamento|viaj\w{1,4}|vou|vai|vamos|voo|enviar|envio|paciente|inquilin\w|colega|amig\w|vizinh\w"
            r"|candidat\w)(?:\s\w{1,12})?\s(?:em|nos?|nas?|de|dos?|das?|para|ao?|à)"
        ),
    ),
}
"""By ISO 639-1 code."""
