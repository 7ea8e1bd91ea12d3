from __future__ import annotations

import unicodedata

import pytest

from promptguard.detectors.names.languages.coverage import MIN_LETTERS, uncovered_languages

UNCOVERED = {
    "pl": "Umowa z Agnieszką Wiśniewską została wczoraj podpisana, proszę wysłać fakturę, ale tylko jeśli już był.",
    "cs": "Smlouva s Jaroslavem Dvořákem byla včera podepsána, pošlete prosím fakturu, protože schůzka bude až zítra.",
    "sk": "Zmluva bola včera podpísaná, pošlite prosím faktúru, pretože stretnutie môže byť v stredu alebo keď príde.",
    "sl": "Pogodba je bila včeraj podpisana, prosim pošljite račun, ker sestanka ne bo, lahko pa pridemo tudi jutri.",
    "hr": "Ugovor je jučer potpisan, molim pošaljite račun jer sastanak nije moguć, ali može se održati između petka.",
    "hu": "A szerződést Szabó Erzsébet tegnap aláírta, kérem, küldje el a számlát, mert az ülés csak később lehet.",
    "fi": "Hän ei voi tulla kokoukseen huomenna, koska lasku on lähettämättä, mutta minä olen paikalla myös tänään.",
    "et": "Leping on allkirjastatud, palun saatke arve, sest koosolek saab olla ainult pärast pühi, tema peab tulema.",
    "lv": "Līgums vakar bija parakstīts, lūdzu nosūtiet rēķinu, jau pēc sapulces būs arī otrs variants.",
    "lt": "Sutartį vakar pasirašė Rasa Kazlauskienė, prašau išsiųsti sąskaitą, nes kai kurie jau buvo atvykę.",
    "tr": "Ayşe Yıldırım sözleşmeyi dün imzaladı, lütfen faturayı gönderin, çünkü toplantı için çok geç olacak.",
    "az": "Müqavilə dünən imzalandı, zəhmət olmasa hesabı göndərin, çünki görüş üçün daha çox vaxt yoxdur.",
    "vi": "Bà Nguyễn Thị Hương đã ký hợp đồng hôm qua, xin gửi hóa đơn cho ông ấy vì cuộc họp không thể dời.",
    "is": "Samningurinn var undirritaður í gær, ég sendi reikninginn þar sem hún getur ekki komið eða hringt.",
    "sw": "Mkataba ulisainiwa jana, tafadhali tuma ankara kwa Juma kwa sababu hawezi kuja leo katika mkutano.",
    "kk": "Келісімшартқа кеше қол қойылды, шотты жіберіңізші, себебі олар бүгін келе алмайды және бұл керек.",
    "tg": "Шартнома имзо шуд, лутфан ҳисобро фиристед, барои он ки онҳо имрӯз намеоянд аммо шумо аст.",
    "ps": "قرارداد پرون لاسلیک شو، مهرباني وکړئ بل یې واستوئ ځکه چې هغه نن په غونډه کې نه شي راتلای.",
    "km": "កិច្ចសន្យាជាមួយ លោក សុខ វិសាល ត្រូវបានចុះហត្ថលេខា។",
    "my": "စာချုပ်ကို ဒေါ်ခင်ခင်က မနေ့က လက်မှတ်ထိုးခဲ့သည်။",
    "lo": "ທ້າວ ສົມສັກ ໄດ້ເຊັນສັນຍາມື້ວານນີ້",
    "bo": "བཀྲ་ཤིས་ཚེ་རིང་གིས་ཁ་སང་གན་རྒྱ་ལ་མཚན་རྟགས་བཀོད།",
}

COVERED = [
    "Please summarise the minutes: Kovačević and Wiśniewska met Dvořák, and it was agreed that they would write again.",
    "Der Vertrag mit Frau Müller wurde gestern unterschrieben, bitte schicken Sie die Rechnung an die Buchhaltung.",
    "Le contrat a été signé hier, merci d'envoyer la facture à l'assistante qui ne pourra pas venir à la réunion.",
    "El contrato se firmó ayer, por favor envíe la factura porque no podemos aplazar la reunión de mañana.",
    "Il contratto è stato firmato ieri, per favore invia la fattura perché non possiamo rimandare la riunione.",
    "Het contract is gisteren getekend, stuur de factuur graag naar de afdeling, want de vergadering gaat niet door.",
    "Kontrakten blev underskrevet i går, send venligst fakturaen til kontoret, fordi mødet ikke kan flyttes.",
    "O contrato foi assinado ontem, por favor envie a fatura porque não será possível adiar a reunião de amanhã.",
    "Avtalet skrevs under igår, kan du skicka fakturan till kontoret eftersom mötet inte kan flyttas på.",
    "Avtalen ble signert i går, kan du sende fakturaen til kontoret fordi møtet ikke kan flyttes til fredag.",
    "Contractul a fost semnat ieri, vă rog să trimiteți factura fiindcă ședința nu poate fi amânată pentru mâine.",
    "Договор вчера подписан, пожалуйста, отправьте счёт, потому что встречу нельзя перенести на завтра.",
    "Договір вчора підписано, будь ласка, надішліть рахунок, тому що зустріч не можна перенести на завтра.",
    "Договорът беше подписан вчера, моля изпратете фактурата, защото срещата не може да се отложи за утре.",
    "Уговор је јуче потписан, молим пошаљите рачун јер састанак не може да се одложи за сутра.",
    "قرارداد دیروز امضا شد، لطفا صورتحساب را بفرستید چون جلسه را نمی‌توان به فردا انداخت.",
    "تم توقيع العقد أمس، يرجى إرسال الفاتورة لأن الاجتماع لا يمكن تأجيله إلى الغد.",
    "معاہدے پر کل دستخط ہو گئے، براہ کرم بل بھیج دیں کیونکہ ملاقات کل تک ملتوی نہیں ہو سکتی۔",
    "החוזה נחתם אתמול, אנא שלחו את החשבונית כי אי אפשר לדחות את הפגישה למחר.",
    "अनुबंध पर कल हस्ताक्षर हुए, कृपया बिल भेजें क्योंकि बैठक कल तक टाली नहीं जा सकती।",
    "合同昨天已经签署,请把发票寄给财务部门,因为会议不能推迟到明天。",
    "契約は昨日締結されましたので、請求書を経理部にお送りください。",
    "계약은 어제 체결되었으니 회의를 미룰 수 없어 청구서를 보내 주세요.",
    "สัญญาลงนามเมื่อวานนี้ กรุณาส่งใบแจ้งหนี้เพราะเลื่อนการประชุมไม่ได้",
    "def dla(jest, nie): return jest if nie else None  # see https://example.pl/?q=jak",
    "x → y, α ≤ β, ∑ 𝐱 ∈ ℝ, naïve café — “quoted” text… ✓ 🙂",
    "",
]


@pytest.mark.parametrize("language", UNCOVERED)
def test_languages_that_are_not_covered(language: str) -> None:
    assert uncovered_languages(UNCOVERED[language]) == {language}


@pytest.mark.parametrize("text", COVERED)
def test_languages_that_are(text: str) -> None:
    assert uncovered_languages(text) == frozenset()


@pytest.mark.parametrize("language", ["pl", "vi", "kk", "km"])
def test_a_passage_in_another_text_counts(language: str) -> None:
    english = "Please translate this for the customer, and keep it as short as you can, for it has to be sent today. "
    assert uncovered_languages(f"{english * 5}\n\n{UNCOVERED[language]}\n\n{english * 5}") == {language}


def test_a_sentence_within_a_line_counts() -> None:
    english = "Please translate this for the customer, and keep it as short as you can, for it has to be sent today. "
    assert uncovered_languages(f"{english * 2}{UNCOVERED['tr']} {english * 2}") == {"tr"}


def test_several_languages_are_all_told() -> None:
    assert uncovered_languages(f"{UNCOVERED['tr']}\n{UNCOVERED['hu']}\n{UNCOVERED['lo']}") == {"tr", "hu", "lo"}


@pytest.mark.parametrize("text", ["się nie jest że", "nie, dziękuję", "Małgorzata Dąbrowska, Łódź", "សុខ", "tak jest"])
def test_a_few_words_are_too_short_to_tell(text: str) -> None:
    assert sum(map(str.isalpha, text)) < MIN_LETTERS
    assert uncovered_languages(text) == frozenset()


def test_what_is_known_besides_is_covered() -> None:
    assert uncovered_languages(UNCOVERED["pl"], frozenset({"pl"})) == frozenset()


def test_decomposed_letters_and_typographic_apostrophes_are_the_same() -> None:
    assert uncovered_languages(unicodedata.normalize("NFD", UNCOVERED["cs"])) == {"cs"}
    welsh = (
        "Mae’r cyfarfod wedi ei ohirio, gyda diolch i’r tîm sydd wrth y ddesg, ond nid oedd hyn yn hawdd o’r dechrau."
    )
    assert uncovered_languages(welsh) == {"cy"}
