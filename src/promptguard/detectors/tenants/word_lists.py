"""Words that do not tell one customer from another."""

from __future__ import annotations

from promptguard.detectors.stems import word_set

LEGAL_FORMS = word_set(
    "ab ag aps as asa bv bvba co company corp corporation cv eg ev gbr gmbh group holding holdings inc "
    "incorporated kft kg kgaa limited llc llp lp ltd ltda nv ohg oy oyj pbc plc pllc pte pty sa sab sarl sas sasu "
    "se sl slu snc sp spa spk spzoo srl sro ug zoo mbh"
)
PUBLIC_DOMAINS = word_set(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com icloud.com me.com "
    "mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de proton.me protonmail.com "
    "orange.fr wanadoo.fr free.fr laposte.net libero.it virgilio.it tiscali.it ziggo.nl kpnmail.nl hetnet.nl "
    "telia.dk mail.ru qq.com 163.com google.com microsoft.com apple.com amazon.com github.com facebook.com "
    "linkedin.com openai.com anthropic.com example.com example.org example.net co.uk com.au co.in com.br"
)
"""Mail providers, suffixes and sites that everybody writes about: nobody's own as a customer's domain."""

COMMON_WORDS = word_set(
    """
    able about above access account action active activity actual address after again against agent agree alert
    align allow alone along already also alternative always amount analysis another answer anyone anything apply
    area argument around array article asset assign assume atlas attach author auto available avenue average back
    balance bank base basic because become before begin behind believe below best beta better between beyond
    billing block blog board body book border both bottom branch bridge brief bring build business button call
    capital care career case catalog cause center central century chain change channel charge chart check choice
    city class clean clear click client close cloud code cold collection color column come command comment common
    community company compare complete concept condition connect contact contain content context continue contract
    control copy core correct cost count country course cover create credit current custom customer daily data
    date deal decide default deliver delta demo department design detail develop device digital direct discover
    document domain done door double down draft drive during each early easy echo edge edit effect else email
    empty enable energy engine enough enter entire entry equal error escape even event every everything exact
    example except exist expert export express extra face fact fail family fast feature feel field file filter
    final finance find fine fire first five fixed flag flow focus follow food force form format forward found four
    frame free fresh friend from front full function fund future game general give global goal gold good great
    green group grow guide hand happen hard have head health heart help here high history hold home hope horizon
    host hour house however human idea image impact import include index industry info inner input inside install
    instead insurance into invest issue item join journal just keep kind know label land language large last late
    later layer lead learn leave left legal length less level library life light like limit line link list little
    live load local lock long look loop love made mail main make manage many map march mark market master match
    matter mean media medical member memory menu merge message method metro might mind minute mode model modern
    money month more most mother motion move much music must name nation native nature near need network never
    next night node none normal north note nothing number object offer office often once only open option orange
    order original other output over owner page panel paper parent part party past path pattern people perfect
    perform permit person phone picture piece pilot place plan plant play please plus point policy popular
    position post power practice premium present press price primary print private problem process product profile
    program project protect provide public pulse pure purpose quality query question queue quick quiet random
    range rapid rate reach read ready real reason record reduce region release remote report request require
    research reset resource response rest result return review right ring rise river road role room root round
    route rule same sample save scale school scope score screen search second section security select self sell
    send sense series serve server service session share shift shop short show side sign signal silver simple
    since single site size sleep small smart social software solution some sort sound source south space spark
    special speed spring square stack staff stage standard star start state station status step stock stone stop
    store story stream street strong student study style subject success such suggest summary summit support sure
    surface switch system table take talk target task team tech term test text than thank that their them then
    there these thing think this those thread three time title today together token tool total touch track trade
    traffic train transfer travel tree trend true trust turn type under union unit unity update upon urban user
    value vector venture version very view vision visual voice wait walk want warm watch water wave week well west
    what when where which while white whole wide will wind window with within without wonder word work world would
    write yellow year young your zero zone
    """
)
"""Ordinary English words: a customer called like one needs an alias, an id or a domain to be recognised by."""

TITLES = word_set(
    "mr mrs ms miss mx sir dr prof professor herr frau hr fr dipl ing mag med jur phil rer nat mme mlle monsieur "
    "madame sr sra srta don dona sig signor signora dott dottssa dhr mevr mevrouw meneer fru froken"
)
"""Forms of address and degrees before a person's name, folded."""

NAME_SUFFIXES = word_set("jr sr ii iii iv phd md mba msc bsc ba ma esq")
"""What follows a person's name, folded."""

STREETS = {"strasse": "str", "street": "st", "road": "rd", "avenue": "ave", "boulevard": "blvd", "drive": "dr"}
"""Words for a street, folded, and how they are cut short; also at the end of a longer word (`hauptstrasse`)."""
