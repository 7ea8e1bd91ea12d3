from hypothesis import given
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer, RecognizerResult

from promptguard.detectors.results import without_nested

RESULTS = st.builds(
    lambda entity_type, start, length, score: RecognizerResult(
        entity_type, start, start + length, score, recognition_metadata={"recognizer_name": "x"}
    ),
    st.sampled_from("AB"),
    st.integers(0, 20),
    st.integers(1, 10),
    st.sampled_from([0.1, 0.5, 1.0]),
)


@given(st.lists(RESULTS, max_size=12))
def test_the_same_as_presidio(results: list[RecognizerResult]) -> None:
    assert set(without_nested(results)) == set(EntityRecognizer.remove_duplicates(results))
