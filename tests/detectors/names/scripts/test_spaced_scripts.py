import pytest

from promptguard.detectors.names.scripts.spaced import SpacedNames
from promptguard.detectors.names.scripts.spaced_scripts import SPACED_SCRIPTS

NAMED = [
    ("Cyrillic", "Наш клиент Алексей Викторович Морозов жалуется.", ["Алексей Викторович Морозов"]),
    ("Cyrillic", "Также напишите Сергею.", ["Сергею"]),
    ("Cyrillic", "Господин Иванов и г-жа Петрова подписали.", ["Иванов", "Петрова"]),
    ("Cyrillic", "Мене звати Олена Шевченко.", ["Олена Шевченко"]),
    ("Cyrillic", "Казвам се Георги Димитров и живея в София.", ["Георги Димитров"]),
    ("Cyrillic", "Пациент Ж. К. Смирнов", ["Ж. К. Смирнов"]),
    ("Greek", "Πείτε στη Μαρία Παπαδοπούλου ότι ο Νίκος ήρθε.", ["Μαρία Παπαδοπούλου", "Νίκος"]),
    ("Greek", "Η κα. Ελένη Βασιλείου τηλεφώνησε.", ["Ελένη Βασιλείου"]),
    ("Armenian", "Պարոն Պետրոսյան", ["Պետրոսյան"]),
    ("Georgian", "მე მქვია გიორგი ბერიძე", ["გიორგი ბერიძე"]),
    ("Arabic", "يرجى التواصل مع الدكتور أحمد الحربي بخصوص المشروع", ["أحمد الحربي"]),
    ("Arabic", "اسم العميل: سارة المطيري", ["سارة المطيري"]),
    ("Arabic", "نام من علی رضایی است", ["علی رضایی"]),
    ("Hebrew", "נא להתקשר למר דוד כהן מחר", ["דוד כהן"]),
    ("Hebrew", "שמי יעל לוי ואני גרה כאן", ["יעל לוי"]),
    ("Devanagari", "मेरा नाम सुनील वर्मा है", ["सुनील वर्मा"]),
    ("Devanagari", "नाम: अनिता देसाई", ["अनिता देसाई"]),
    ("Bengali", "আমার নাম রহিম উদ্দিন", ["রহিম উদ্দিন"]),
    ("Tamil", "என் பெயர் முருகன் செல்வம்", ["முருகன் செல்வம்"]),
    ("Telugu", "నా పేరు రవి తేజ", ["రవి తేజ"]),
]
CLEAN = [
    ("Cyrillic", "Как сделать запрос к базе данных? Москва — столица России."),
    ("Cyrillic", "Введите имя пользователя и пароль."),
    ("Greek", "Η Αθήνα είναι ωραία."),
    ("Arabic", "كيف يمكنني تعلم البرمجة بسرعة؟ أريد نصائح مفيدة"),
    ("Hebrew", "איך כותבים פונקציה? מה שם הקובץ?"),
    ("Devanagari", "अपना नाम लिखें और फॉर्म भरें"),
]


@pytest.mark.parametrize(("script", "text", "names"), NAMED)
def test_names(script: str, text: str, names: list[str]) -> None:
    assert [text[span.start : span.end] for span in SpacedNames(SPACED_SCRIPTS[script]).find(text)] == names


@pytest.mark.parametrize(("script", "text"), CLEAN)
def test_ordinary_words(script: str, text: str) -> None:
    assert list(SpacedNames(SPACED_SCRIPTS[script]).find(text)) == []


@pytest.mark.parametrize("script", SPACED_SCRIPTS)
def test_every_script_reads_any_text(script: str) -> None:
    assert list(SpacedNames(SPACED_SCRIPTS[script]).find("Jane Roe, 12. \n\t")) == []
